import { excerpt } from '@callgate/canonical';
import { approvePending, pendingTargets, writeLockFile, type ApprovalTarget, type Lock } from '@callgate/registry';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, existingLock, LOCK_OPTION, lockPath, requiredApproval } from '../lock/lock-options.ts';
import { printable } from '../output/printable.ts';
import { plural } from '../output/words.ts';

/** `callgate lock approve`: pin what is pending. */
export const lockApproveCommand: CommandSpec<'pretty'> = {
  name: 'lock approve',
  summary: 'approve what the lock has as pending',
  usage: '--by <name> [--tool <name> … | --server <name> … | --all]',
  description: [
    'Pins pending items as they were seen, with who approved and when. `--server` takes all of a server, its identity too; `--tool` single tools, of any server or of those that `--server` names; `--all` everything.',
    'What is revoked stays pending. `callgate lock diff` shows what an approval is about.',
  ],
  options: {
    lock: LOCK_OPTION,
    ...APPROVAL_OPTIONS,
    tool: { kind: 'text', short: 't', multiple: true, placeholder: 'name', description: 'this tool' },
    server: { kind: 'text', short: 's', multiple: true, placeholder: 'name', description: 'this server' },
    all: { kind: 'flag', description: 'everything that is pending' },
  },
  positionals: [0, 0],
  examples: [
    { command: 'callgate lock approve --by ana --all', says: 'after the first look' },
    { command: "callgate lock approve --by ana --reason 'CHG-12' --server files --tool read_file", says: 'one tool' },
  ],
  formats: ['pretty'],
  exits: {
    0: 'approved',
    1: 'nothing is pending, or something is revoked',
    2: 'the lock cannot be read or written, or usage',
  },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, { out, style }: CommandContext<'pretty'>): Promise<ExitCode> {
  const approval = requiredApproval('lock approve', invocation);
  const select = selectorOf(invocation);
  const before = await existingLock(invocation);
  refuseUnknown(before, invocation);
  const { lock, approved, refused } = approvePending(before, approval, select);
  if (approved.length > 0) await writeLockFile(lockPath(invocation), lock);
  for (const target of approved) out.printLine(`${style.green('approved')} ${targetWords(target)}`);
  for (const target of refused) out.printLine(`${style.red('revoked')}  ${targetWords(target)}: stays pending`);
  const left = pendingTargets(lock).length;
  out.printLine(`${plural(approved.length, 'change')} approved by ${printable(approval.by)}, ${left} pending`);
  return approved.length === 0 || refused.length > 0 ? EXIT.findings : EXIT.fine;
}

function selectorOf(invocation: Invocation): (target: ApprovalTarget) => boolean {
  const servers = invocation.texts('server');
  const tools = invocation.texts('tool');
  const takesAll = invocation.flag('all');
  if (takesAll === servers.length + tools.length > 0) {
    throw new UsageError('lock approve', 'expected `--all`, or else `--server` or `--tool`');
  }
  return ({ server, kind, name }) =>
    (servers.length === 0 || servers.includes(server)) &&
    (tools.length === 0 || (kind === 'tool' && name !== null && tools.includes(name)));
}

/** A name that is misspelt approves nothing, and should not look as if it had. */
function refuseUnknown(lock: Lock, invocation: Invocation): void {
  const targets = pendingTargets(lock);
  const server = invocation.texts('server').find((name) => lock.servers.every((one) => one.name !== name));
  if (server !== undefined) throw new InputError(`expected a server of the lock, got \`${excerpt(server)}\``);
  const tool = invocation
    .texts('tool')
    .find((name) => !targets.some((one) => one.kind === 'tool' && one.name === name));
  if (tool !== undefined) throw new InputError(`expected a tool that is pending, got \`${excerpt(tool)}\``);
}

function targetWords({ server, kind, name, change }: ApprovalTarget): string {
  return `${printable(server)}: ${kind}${name === null ? '' : ` ${printable(name)}`} ${change}`;
}
