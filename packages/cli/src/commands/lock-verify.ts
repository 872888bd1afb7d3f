import { ITEM_KINDS, LockError, pendingTargets, type Lock } from '@callgate/registry';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { existingLock, LOCK_OPTION, lockPath } from '../lock/lock-options.ts';
import { printable, printableJson } from '../output/printable.ts';
import { plural } from '../output/words.ts';

/** One thing to say about a lock. */
interface LockFinding {
  readonly id: 'invalid' | 'pending' | 'revoked-pinned' | 'identity-unapproved' | 'package-unresolved' | 'not-covered';
  readonly level: 'error' | 'note';
  /** Null: of the lock as a whole. */
  readonly server: string | null;
  readonly message: string;
  readonly line: number | null;
}

/** `callgate lock verify`: is a lock whole, and is everything in it approved? */
export const lockVerifyCommand: CommandSpec<'pretty' | 'json'> = {
  name: 'lock verify',
  summary: 'verify that a lock is whole and all of it approved',
  usage: '',
  description: [
    'Checks offline that each digest belongs to the definition beside it, that manifests are those of what is pinned, that nothing is pending, and that nothing pinned is revoked. Notes what is not pinned: kinds that are not covered, packages whose integrity was not found.',
  ],
  options: { lock: LOCK_OPTION },
  positionals: [0, 0],
  examples: [
    { command: 'callgate lock verify', says: 'in CI, after a merge' },
    { command: 'callgate lock verify --format json | jq .findings', says: 'for a program' },
  ],
  formats: ['pretty', 'json'],
  exits: { 0: 'whole and approved', 1: 'something is wrong or pending', 2: 'the lock cannot be read, or usage' },
  whenCutShort: EXIT.findings,
  run,
};

async function run(
  invocation: Invocation,
  { format, out, style }: CommandContext<'pretty' | 'json'>,
): Promise<ExitCode> {
  const path = lockPath(invocation);
  const { lock, findings } = await findingsIn(invocation);
  const ok = findings.every(({ level }) => level !== 'error');
  if (format === 'json') {
    out.printLine(printableJson(JSON.stringify({ ok, servers: lock?.servers.length ?? 0, findings }), out.isTerminal));
    return ok ? EXIT.fine : EXIT.findings;
  }
  for (const { id, level, server, message, line } of findings) {
    const place = line === null ? printable(server ?? path) : `${printable(path)}:${line}`;
    out.printLine(`${place}: ${level === 'error' ? style.red(id) : style.yellow(id)}: ${printable(message, 500)}`);
  }
  const items = lock?.servers.reduce((count, { pinned }) => count + pinned.length, 0) ?? 0;
  const verdict = ok
    ? `${style.green('verifies')}: ${plural(lock?.servers.length ?? 0, 'server')}, ${plural(items, 'item')}`
    : style.red('does not verify');
  out.printLine(`${style.bold(printable(path))}: ${verdict}`);
  return ok ? EXIT.fine : EXIT.findings;
}

interface Verified {
  readonly lock: Lock | undefined;
  readonly findings: readonly LockFinding[];
}

async function findingsIn(invocation: Invocation): Promise<Verified> {
  try {
    const lock = await existingLock(invocation);
    return { lock, findings: findingsOf(lock) };
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    const findings = error.issues.map(({ line, message }): LockFinding => ({
      id: 'invalid',
      level: 'error',
      server: null,
      message,
      line,
    }));
    return { lock: undefined, findings };
  }
}

function findingsOf(lock: Lock): readonly LockFinding[] {
  const revoked = new Set(lock.revoked.map(({ digest }) => digest));
  return lock.servers.flatMap((server) => {
    const { name, identity, pinned, manifest, covers } = server;
    const pending = pendingTargets({ servers: [server], revoked: [] });
    const refused = pinned.filter(({ digest }) => revoked.has(digest));
    const seen = identity?.pinned;
    const isUnresolved = seen?.kind === 'command' && seen.package !== null && seen.package.integrity === null;
    const found = (id: LockFinding['id'], level: LockFinding['level'], message: string): readonly LockFinding[] => [
      { id, level, server: name, message, line: null },
    ];
    return [
      ...(pending.length > 0 ? found('pending', 'error', `${plural(pending.length, 'change')} to approve`) : []),
      ...(identity === null ? found('identity-unapproved', 'error', 'nobody approved who the server is') : []),
      ...refused.flatMap((item) =>
        found('revoked-pinned', 'error', `${item.kind} \`${item.name}\` is pinned and revoked`),
      ),
      ...(revoked.has(manifest) ? found('revoked-pinned', 'error', 'the manifest is pinned and revoked') : []),
      ...(isUnresolved ? found('package-unresolved', 'note', 'the integrity of its package was not found') : []),
      ...(covers.length < ITEM_KINDS.length
        ? found('not-covered', 'note', `only these are pinned: ${covers.join(', ')}`)
        : []),
    ];
  });
}
