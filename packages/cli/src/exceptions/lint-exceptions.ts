import type { Instant } from '@callgate/canonical';
import { isInForce, type CompiledException, type CompiledPolicy, type ExceptionRegister } from '@callgate/policy';

/**
 * What `callgate exceptions lint` finds. A warning is an exception that does nothing, or nothing more; a note is one that may do
 * more than it should.
 */
export const EXCEPTION_LINTS = {
  'exception-expired': {
    level: 'warning',
    finds: 'exceptions that have expired',
    help: 'They lift nothing. Remove them, or renew what is still needed.',
  },
  'exception-unknown-tool': {
    level: 'warning',
    finds: 'exceptions for tools that the policy has no entry for',
    help: 'They lift nothing. Correct the name, or remove them.',
  },
  'exception-unknown-rule': {
    level: 'warning',
    finds: 'exceptions that waive rules that the policy does not have',
    help: 'Correct the id, or remove it.',
  },
  'exception-long-lived': {
    level: 'note',
    finds: 'exceptions that last over 90 days',
    help: 'What is needed that long belongs into the policy.',
  },
  'exception-often-renewed': {
    level: 'note',
    finds: 'exceptions that were renewed twice or more',
    help: 'What is renewed belongs into the policy.',
  },
  'exception-for-everybody': {
    level: 'note',
    finds: 'exceptions without `who`',
    help: 'Say for whom they are.',
  },
} as const;

export type ExceptionFindingId = keyof typeof EXCEPTION_LINTS;

/** One thing to look at in a register. */
export interface ExceptionFinding {
  readonly id: ExceptionFindingId;
  readonly level: 'warning' | 'note';
  readonly exception: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

const DAY_MS = 86_400_000;
const LONG_DAYS = 90;
const MANY_RENEWALS = 2;

/** Everything to look at in a register, and, where a policy is given, in how the two fit. Pure. */
export function lintExceptions(
  register: ExceptionRegister,
  policy: CompiledPolicy | undefined,
  now: Instant,
): readonly ExceptionFinding[] {
  return register.exceptions.flatMap((exception) =>
    problemsOf(exception, policy, now).map(([id, message]) => ({
      id,
      level: EXCEPTION_LINTS[id].level,
      exception: exception.id,
      line: exception.location?.line ?? null,
      column: exception.location?.column ?? null,
      message,
    })),
  );
}

/** Where an exception is in its life. */
export function stateOf(exception: CompiledException, now: Instant): 'in force' | 'expired' | 'not yet' {
  if (isInForce(exception, now)) return 'in force';
  return now < exception.created ? 'not yet' : 'expired';
}

function problemsOf(
  exception: CompiledException,
  policy: CompiledPolicy | undefined,
  now: Instant,
): readonly (readonly [ExceptionFindingId, string])[] {
  const { document } = exception;
  const problems: (readonly [ExceptionFindingId, string])[] = [];
  if (stateOf(exception, now) === 'expired')
    problems.push(['exception-expired', 'it has expired and lifts nothing: remove or renew it']);
  const days = Math.round((exception.expires - exception.created) / DAY_MS);
  if (days > LONG_DAYS)
    problems.push(['exception-long-lived', `it lasts ${days} days: what is needed that long belongs into the policy`]);
  if (exception.renewals >= MANY_RENEWALS)
    problems.push([
      'exception-often-renewed',
      `it was renewed ${exception.renewals} times: what is renewed belongs into the policy`,
    ]);
  if (document.who === undefined)
    problems.push(['exception-for-everybody', 'it is for everybody whom the tool is open to: add `who`']);
  if (policy === undefined) return problems;
  const tools = Object.keys(policy.document.servers[document.server]?.tools ?? {});
  if (!tools.includes(document.tool) && !tools.some((name) => name.includes('*')))
    problems.push(['exception-unknown-tool', 'the policy has no entry for its tool, so it lifts nothing']);
  const { rules: own = [], meters = [], breakers = [], flows = [] } = policy.document;
  const rules = new Set([...own, ...meters, ...breakers, ...flows].map(({ id }) => id));
  for (const id of document.waives?.rules ?? []) {
    if (!rules.has(id)) problems.push(['exception-unknown-rule', `the policy has no rule or control \`${id}\``]);
  }
  return problems;
}
