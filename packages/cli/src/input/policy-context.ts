import type { Instant } from '@callgate/canonical';
import { parseInstant } from '@callgate/policy';

import type { Invocation, OptionSpec } from '../command.ts';
import { UsageError } from '../errors.ts';

/** Options that say what a decision depends on besides the policy and the call. */
export const POLICY_CONTEXT_OPTIONS: Readonly<Record<'at' | 'exceptions', OptionSpec>> = {
  at: { kind: 'text', placeholder: 'time', description: 'decide as of this RFC 3339 time; default: now' },
  exceptions: {
    kind: 'text',
    placeholder: 'file',
    description: 'the register of exceptions that goes with the policy',
  },
};

/** The time of `--at`, or now. */
export function readTime(command: string, invocation: Invocation): Instant {
  const text = invocation.text('at');
  if (text === undefined) return Date.now();
  const time = parseInstant(text);
  if (time === undefined)
    throw new UsageError(command, 'expected `--at` with an RFC 3339 time, such as `2026-11-25T08:00:00Z`');
  return time;
}

/** What `loadPolicy` is given besides the policy's file. */
export function exceptionsOption(invocation: Invocation): { readonly exceptions?: string } {
  const exceptions = invocation.text('exceptions');
  return exceptions === undefined ? {} : { exceptions };
}
