import { isDigest } from '@callgate/canonical';
import { EMPTY_LOCK, readLockFile, revokeDigest, writeLockFile } from '@callgate/registry';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, LOCK_OPTION, lockPath, requiredApproval } from '../lock/lock-options.ts';
import { printable } from '../output/printable.ts';

/** `callgate lock revoke`: refuse a digest from now on, wherever it turns up. */
export const lockRevokeCommand: CommandSpec<'pretty'> = {
  name: 'lock revoke',
  summary: 'refuse a digest wherever it turns up',
  usage: '<digest> --by <name>',
  description: [
    'Adds the digest of an item, a manifest, an executable, a script or a public key to those that are refused, also where it is pinned. No policy can choose otherwise, and it cannot be approved again.',
  ],
  options: { lock: LOCK_OPTION, ...APPROVAL_OPTIONS },
  positionals: [1, 1],
  examples: [
    {
      command: "callgate lock revoke sha256:… --by ana --reason 'INC-7'",
      says: 'after a definition turned out to be poisoned',
    },
  ],
  formats: ['pretty'],
  exits: { 0: 'revoked', 2: 'the lock cannot be read or written, or usage' },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, { out }: CommandContext<'pretty'>): Promise<ExitCode> {
  const [digest = ''] = invocation.positionals;
  if (!isDigest(digest))
    throw new UsageError('lock revoke', 'expected a digest: `sha256:` and 64 digits of lower-case hex');
  const approval = requiredApproval('lock revoke', invocation);
  const path = lockPath(invocation);
  const before = (await readLockFile(path)) ?? EMPTY_LOCK;
  await writeLockFile(path, revokeDigest(before, digest, approval));
  out.printLine(`revoked ${digest}`);
  for (const { name, pinned, manifest } of before.servers) {
    if (manifest === digest) out.printLine(`  the manifest of ${printable(name)}`);
    for (const item of pinned.filter((one) => one.digest === digest)) {
      out.printLine(`  ${printable(name)}: ${item.kind} ${printable(item.name)}`);
    }
  }
  return EXIT.fine;
}
