import { LOCK_FILE_NAME, readLockFile, type Approval, type Lock } from '@callgate/registry';

import type { Invocation, OptionSpec } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';

/** The option that names the lock. */
export const LOCK_OPTION: OptionSpec = {
  kind: 'text',
  short: 'l',
  placeholder: 'file',
  description: `the lock; default \`${LOCK_FILE_NAME}\``,
};

/** The options that say who approves. */
export const APPROVAL_OPTIONS: Readonly<Record<'by' | 'reason', OptionSpec>> = {
  by: { kind: 'text', placeholder: 'name', description: 'who approves: a person or a team' },
  reason: { kind: 'text', placeholder: 'text', description: 'why' },
};

/** The path of the lock. */
export function lockPath(invocation: Invocation): string {
  return invocation.text('lock') ?? LOCK_FILE_NAME;
}

/** The lock, which has to be there. */
export async function existingLock(invocation: Invocation): Promise<Lock> {
  const path = lockPath(invocation);
  const lock = await readLockFile(path);
  if (lock === undefined) throw new InputError(`expected a lock at \`${path}\`; \`callgate lock\` makes one`);
  return lock;
}

/** Who approves, now; undefined where nobody is named. */
export function approvalOf(invocation: Invocation): Approval | undefined {
  const by = invocation.text('by')?.trim();
  const reason = invocation.text('reason');
  if (by === undefined) return undefined;
  if (by === '' || by.length > 200) throw new InputError('expected `--by` to be a name of up to 200 characters');
  return { by, at: new Date().toISOString(), ...(reason === undefined ? {} : { reason }) };
}

/** Who approves, where somebody has to. */
export function requiredApproval(command: string, invocation: Invocation): Approval {
  const approval = approvalOf(invocation);
  if (approval === undefined) throw new UsageError(command, 'expected `--by` with a name');
  return approval;
}
