import {
  checkManifest,
  lastSeen,
  readManifest,
  type Lock,
  type Manifest,
  type ServerIdentity,
} from '@callgate/registry';
import { loadPolicy, type CompiledPolicy } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { allDrifts, reportOf, type ServerReport } from '../lock/drift-report.ts';
import { existingLock, LOCK_OPTION, lockPath } from '../lock/lock-options.ts';
import { findServer, sourcesOf, SOURCE_OPTIONS } from '../lock/sources.ts';
import { driftJson } from '../output/drift-json.ts';
import { driftMarkdown } from '../output/drift-markdown.ts';
import { driftSarif } from '../output/drift-sarif.ts';
import { driftText } from '../output/drift-text.ts';
import { printableJson } from '../output/printable.ts';

type LockDiffFormat = 'pretty' | 'json' | 'markdown' | 'sarif';

/** `callgate lock diff`: how do servers differ from what is approved of them? */
export const lockDiffCommand: CommandSpec<LockDiffFormat> = {
  name: 'lock diff',
  summary: 'say how servers differ from what is approved of them',
  usage: "[--server name='command line' …]",
  description: [
    'Compares what servers advertise with what the lock pins, member by member: each drift has a class, says whether it breaks clients, and what is to be done about it by default. Without a server it compares what the lock has as pending, offline.',
    'A server that cannot be listed is an error. Of an exported listing (`--list`) the identity is taken to be the pinned one.',
  ],
  options: {
    lock: LOCK_OPTION,
    ...SOURCE_OPTIONS,
    policy: {
      kind: 'text',
      short: 'p',
      placeholder: 'file',
      description: 'say which entries and rules of this policy a drift touches',
    },
    'fail-on': {
      kind: 'text',
      placeholder: 'what',
      choices: ['any', 'breaking'],
      description: 'exit with 1 where something drifted (any, the default), or only where a drift is breaking',
    },
  },
  positionals: [0, 0],
  examples: [
    { command: 'callgate lock diff', says: 'what waits for an approval' },
    { command: 'callgate lock diff --config .mcp.json --policy callgate.yaml', says: 'the servers as they are now' },
    { command: 'callgate lock diff --format markdown', says: 'a comment on a change of the lock' },
  ],
  formats: ['pretty', 'json', 'markdown', 'sarif'],
  exits: {
    0: 'everything is as approved',
    1: 'something drifted (with `--fail-on breaking`: so that clients break)',
    2: 'the lock or the policy does not load, a server cannot be listed, or usage',
  },
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<LockDiffFormat>): Promise<ExitCode> {
  const lock = await existingLock(invocation);
  const policyPath = invocation.text('policy');
  const policy = policyPath === undefined ? undefined : await loadPolicy(policyPath);
  const reports = (await seenServers(lock, invocation, context)).map((seen) => report(lock, seen, policy));
  print(reports, policyPath ?? '', invocation, context);
  const failsOnAny = invocation.text('fail-on') !== 'breaking';
  return reports.some((one) => isFinding(one, failsOnAny)) ? EXIT.findings : EXIT.fine;
}

interface Seen {
  readonly name: string;
  readonly identity: ServerIdentity | null;
  readonly manifest: Manifest;
}

async function seenServers(lock: Lock, invocation: Invocation, { io }: CommandContext): Promise<readonly Seen[]> {
  const sources = await sourcesOf('lock diff', invocation, io);
  if (sources.length === 0) return lock.servers.map((server) => Object.assign(lastSeen(server), { name: server.name }));
  const seen: Seen[] = [];
  for (const source of sources) {
    const { name, identity, advertised } = await findServer(source, invocation, io);
    const pinned = lock.servers.find((server) => server.name === name)?.identity?.pinned ?? null;
    seen.push({ name, identity: identity ?? pinned, manifest: readManifest(advertised) });
  }
  return seen;
}

function report(lock: Lock, { name, identity, manifest }: Seen, policy: CompiledPolicy | undefined): ServerReport {
  return reportOf(checkManifest(lock, { name, identity }, manifest), policy);
}

function isFinding(one: ServerReport, failsOnAny: boolean): boolean {
  const drifts = allDrifts(one);
  return failsOnAny ? !one.isLocked || drifts.length > 0 : drifts.some(({ breaking }) => breaking);
}

function print(
  reports: readonly ServerReport[],
  policy: string,
  invocation: Invocation,
  { format, out, style, io }: CommandContext<LockDiffFormat>,
): void {
  switch (format) {
    case 'pretty':
      for (const line of driftText(reports, policy, style)) out.printLine(line);
      break;
    case 'markdown':
      out.print(driftMarkdown(reports, policy));
      break;
    case 'json':
      out.printLine(printableJson(JSON.stringify(driftJson(reports)), out.isTerminal));
      break;
    case 'sarif':
      out.printLine(printableJson(driftSarif(reports, lockPath(invocation), io.env), out.isTerminal));
      break;
  }
}
