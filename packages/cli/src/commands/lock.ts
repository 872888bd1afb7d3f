import {
  approvePending,
  EMPTY_LOCK,
  ITEM_KINDS,
  lastSeen,
  observeServer,
  pendingTargets,
  printLock,
  readLockFile,
  readManifest,
  checkManifest,
  writeLockFile,
  type ItemKind,
  type Lock,
} from '@callgate/registry';
import { excerpt } from '@callgate/canonical';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportOf } from '../lock/drift-report.ts';
import { approvalOf, APPROVAL_OPTIONS, LOCK_OPTION, lockPath } from '../lock/lock-options.ts';
import { findServer, sourcesOf, SOURCE_OPTIONS, type Found, type Source } from '../lock/sources.ts';
import { driftText } from '../output/drift-text.ts';
import { printable } from '../output/printable.ts';
import { plural } from '../output/words.ts';

/** `callgate lock`: what servers advertise, written down next to what is approved of them. */
export const lockCommand: CommandSpec<'pretty'> = {
  name: 'lock',
  summary: 'write down what servers advertise, to be approved',
  usage: "--server name='command line' …",
  description: [
    'Lists each server and writes what differs from the lock into it, as pending: nothing is trusted until `callgate lock approve`. With `--by`, what was shown is approved at once. Servers that are not named stay as they are.',
    'Shows what differs before anything is written. A server that advertises a name twice, or what cannot be pinned, is an error and is left as it is.',
    'Command lines go into the lock as they are: keep secrets in the environment.',
  ],
  options: {
    lock: LOCK_OPTION,
    ...SOURCE_OPTIONS,
    without: {
      kind: 'text',
      multiple: true,
      placeholder: 'kind',
      choices: ITEM_KINDS,
      description: 'do not pin this kind of item: it is then free to change',
    },
    ...APPROVAL_OPTIONS,
    'dry-run': { kind: 'flag', description: 'show, and write nothing' },
  },
  positionals: [0, 0],
  examples: [
    {
      command: "callgate lock --server files='npx -y @modelcontextprotocol/server-filesystem@2026.8.31 .'",
      says: 'the first look at a server',
    },
    { command: 'callgate lock --config .mcp.json --by ana', says: 'everything in a configuration, approved by Ana' },
    { command: 'callgate lock --list files=tools.json --dry-run', says: 'an exported listing, without a server' },
  ],
  formats: ['pretty'],
  exits: {
    0: 'written, or nothing differs',
    1: 'a server could not be listed, or advertises what cannot be pinned',
    2: 'a file cannot be read or written, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<'pretty'>): Promise<ExitCode> {
  const path = lockPath(invocation);
  const before = await readLockFile(path);
  const sources = await sourcesOf('lock', invocation, context.io);
  if (sources.length === 0) {
    throw new UsageError('lock', 'expected at least one of `--server`, `--url`, `--list` and `--config`');
  }
  const { lock: observed, names, failures } = await observeAll(sources, before ?? EMPTY_LOCK, invocation, context);
  if (names.length === 0) return EXIT.findings;
  const approval = approvalOf(invocation);
  const selected = new Set(names);
  const result =
    approval === undefined ? undefined : approvePending(observed, approval, ({ server }) => selected.has(server));
  for (const { server, kind, name } of result?.refused ?? []) {
    context.out.printLine(`${printable(server)}: ${kind} ${printable(name ?? '')} is revoked and stays pending`);
  }
  await conclude(path, before, result?.lock ?? observed, invocation, context);
  return failures > 0 || (result?.refused.length ?? 0) > 0 ? EXIT.findings : EXIT.fine;
}

interface Observed {
  readonly lock: Lock;
  /** The servers that could be listed. */
  readonly names: readonly string[];
  readonly failures: number;
}

async function observeAll(
  sources: readonly Source[],
  before: Lock,
  invocation: Invocation,
  context: CommandContext,
): Promise<Observed> {
  const names: string[] = [];
  let lock = before;
  for (const source of sources) {
    try {
      lock = observeOne(lock, await findServer(source, invocation, context.io), invocation, context);
      names.push(source.name);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      context.out.printLine(`${printable(source.name)}: ${context.style.red(printable(error.message, 500))}`);
    }
  }
  return { lock, names, failures: sources.length - names.length };
}

function observeOne(lock: Lock, found: Found, invocation: Invocation, { out, style }: CommandContext): Lock {
  const manifest = readManifest(found.advertised);
  const [problem] = manifest.problems;
  if (problem !== undefined) {
    const place = problem.name === null ? problem.kind : `${problem.kind} \`${excerpt(problem.name)}\``;
    throw new InputError(`${place}: ${problem.message}`);
  }
  const covers = coversOf(invocation);
  refuseUnpinning(lock, found.name, covers.covers, invocation);
  const observed = observeServer(lock, {
    name: found.name,
    identity: found.identity,
    manifest,
    ...covers,
  });
  const server = observed.servers.find(({ name }) => name === found.name);
  if (server === undefined) return observed;
  const seen = lastSeen(server);
  const check = checkManifest(lock, { name: found.name, identity: seen.identity }, seen.manifest);
  for (const line of driftText([reportOf(check)], '', style)) out.printLine(line);
  return observed;
}

/** What is not pinned any more is free to change, which somebody has to answer for. */
function refuseUnpinning(
  lock: Lock,
  name: string,
  covers: readonly ItemKind[] | undefined,
  invocation: Invocation,
): void {
  const known = lock.servers.find((server) => server.name === name);
  const left = known?.covers.find((kind) => covers?.includes(kind) === false);
  if (left === undefined || invocation.text('by') !== undefined) return;
  throw new InputError(`expected \`--by\` with \`--without\`: \`${left}\` would not be pinned any more`);
}

/** What `--without` leaves; without it, what the lock has stays. */
function coversOf(invocation: Invocation): { readonly covers?: readonly ItemKind[] } {
  const without = invocation.texts('without');
  return without.length === 0 ? {} : { covers: ITEM_KINDS.filter((kind) => !without.includes(kind)) };
}

async function conclude(
  path: string,
  before: Lock | undefined,
  lock: Lock,
  invocation: Invocation,
  { out }: CommandContext,
): Promise<void> {
  const waiting = pendingTargets(lock).length;
  const wait =
    waiting === 0 ? '' : `; ${plural(waiting, 'change')} to approve: \`callgate lock approve --by <name> --all\``;
  if (before !== undefined && printLock(before) === printLock(lock)) {
    out.printLine(`${printable(path)} is up to date${wait}`);
    return;
  }
  if (invocation.flag('dry-run')) {
    out.printLine(`${printable(path)} is left as it is${wait}`);
    return;
  }
  // What is written has been shown, even where the reader is slow.
  await out.flush();
  await writeLockFile(path, lock);
  out.printLine(`wrote ${printable(path)}${wait}`);
}
