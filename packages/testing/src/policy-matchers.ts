import type { Instant, JsonObject } from '@callgate/canonical';
import { decide, type Call, type CompiledPolicy, type Decision, type Effect, type Principal } from '@callgate/policy';

/** A call as tests write it: of a tool, or any other message in full. */
export type TestedCall =
  | Call
  | {
      readonly server: string;
      readonly tool: string;
      readonly arguments?: JsonObject;
      readonly principal?: Principal;
      readonly run?: string;
      /** When the policy is asked; default: at no time, so that conditions that read it cannot be evaluated. */
      readonly now?: Instant;
    };

/** What a matcher answers, for vitest, jest and everything that has their `expect.extend`. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** A matcher on a compiled policy: the call, and the code it is expected to have. */
export type PolicyMatcher = (policy: CompiledPolicy, call: TestedCall, code?: string) => MatcherResult;

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
 * @throws {Error} that says what was decided, and why
 */
export function assertDecision(policy: CompiledPolicy, call: TestedCall, effect: Effect, code?: string): void {
  const { pass, message } = matcherOf(effect)(policy, call, code);
  if (!pass) throw new Error(message());
}

function matcherOf(effect: Effect): PolicyMatcher {
  return (policy, tested, code) => {
    const decision = decideTested(policy, tested);
    const pass = decision.effect === effect && (code === undefined || decision.code === code);
    const wanted = code === undefined ? effect : `${effect} (${code})`;
    return {
      pass,
      message: () => `expected policy \`${policy.name}\` ${pass ? 'not ' : ''}to ${wanted}, got ${words(decision)}`,
    };
  };
}

function decideTested(policy: CompiledPolicy, tested: TestedCall): Decision {
  const identity = policy.servers.get(tested.server)?.identity ?? undefined;
  if ('method' in tested) return decide(policy, { identity, ...tested });
  const { server, tool, arguments: args = {}, principal = {}, run, now } = tested;
  const params = { name: tool, arguments: args };
  return decide(
    policy,
    { server, identity, direction: 'client-to-server', method: 'tools/call', params, principal, run },
    { now },
  );
}

function words({ effect, code, message, determining }: Decision): string {
  const rules = determining.map(
    ({ rule, id, location }) => `${id ?? rule}${location === undefined ? '' : ` (${location.file}:${location.line})`}`,
  );
  return `${effect} (${code}): ${message}${rules.length === 0 ? '' : `, by ${rules.join(', ')}`}`;
}
