import type { Instant, JsonObject } from '@callgate/canonical';
import {
  decide,
  IGNORED_HISTORY,
  type Call,
  type CompiledPolicy,
  type Decision,
  type Effect,
  type Principal,
} from '@callgate/policy';

import { decideToolCall, decisionWords } from './decide-call.ts';
import { PolicyAssertionError } from './errors.ts';

/** A call as tests write it: of a tool, or any other message in full. */
export type TestedCall =
  | Call
  | {
      readonly server: string;
      readonly tool: string;
      readonly arguments?: JsonObject;
      readonly principal?: Principal;
      readonly run?: string | undefined;
      /** When the policy is asked; default: at no time, so that conditions that read it cannot be evaluated. */
      readonly now?: Instant | undefined;
    };

/** What a matcher answers, for vitest, jest and everything that has their `expect.extend`. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A matcher on a compiled policy: the call, and the code it is expected to have. */
export type PolicyMatcher = (policy: CompiledPolicy, call: TestedCall, code?: string) => MatcherResult;

/**
 * What {@link policyMatchers} add to `expect`, for the types of a test framework: in `declare module 'vitest'`, its `Matchers` extends this.
 */
export interface PolicyExpectations<Result = void> {
  toAllow(call: TestedCall): Result;
  /** With a code, denied with that code: `arguments.envelope`. */
  toDeny(call: TestedCall, code?: string): Result;
  toHold(call: TestedCall, code?: string): Result;
}

/**
 * Matchers for `expect.extend(policyMatchers)`: `expect(policy).toAllow(call)`, `toDeny(call, code?)`, `toHold(call, code?)`. The server
 * is taken to be the one that the policy declares.
 */
export const policyMatchers: Readonly<Record<'toAllow' | 'toDeny' | 'toHold', PolicyMatcher>> = Object.freeze({
  toAllow: matcherOf('allow'),
  toDeny: matcherOf('deny'),
  toHold: matcherOf('hold'),
});

/**
 * The same without a test framework, for `node:test`: throws where the decision is another.
 *
 * @throws {PolicyAssertionError} that says what was decided, and why
 */
export function assertDecision(policy: CompiledPolicy, call: TestedCall, effect: Effect, code?: string): void {
  const decision = decideTested(policy, call);
  if (isAs(decision, effect, code)) return;
  const compared = {
    expected: wanted(effect, code),
    actual: wanted(decision.effect, code === undefined ? undefined : decision.code),
    operator: 'assertDecision',
  };
  throw new PolicyAssertionError(
    'CALLGATE_TESTING_DECISION',
    messageFor(policy, decision, effect, code, false),
    compared,
  );
}

function matcherOf(effect: Effect): PolicyMatcher {
  return (policy, call, code) => {
    const decision = decideTested(policy, call);
    const pass = isAs(decision, effect, code);
    return { pass, message: () => messageFor(policy, decision, effect, code, pass) };
  };
}

function isAs(decision: Decision, effect: Effect, code: string | undefined): boolean {
  return decision.effect === effect && (code === undefined || decision.code === code);
}

function wanted(effect: Effect, code: string | undefined): string {
  return code === undefined ? effect : `${effect} (${code})`;
}

function messageFor(
  { name }: CompiledPolicy,
  decision: Decision,
  effect: Effect,
  code: string | undefined,
  isNegated: boolean,
): string {
  return `expected policy \`${name}\` ${isNegated ? 'not ' : ''}to ${wanted(effect, code)}, got ${decisionWords(decision)}`;
}

function decideTested(policy: CompiledPolicy, tested: TestedCall): Decision {
  if ('method' in tested) {
    const identity = policy.servers.get(tested.server)?.identity ?? undefined;
    return decide(policy, { identity, ...tested }, { history: IGNORED_HISTORY });
  }
  const { arguments: args = {}, principal = {} } = tested;
  return decideToolCall(policy, { ...tested, arguments: args, principal });
}
