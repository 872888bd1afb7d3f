import type { Call } from '../call.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { decide } from '../decide/decide.ts';
import type { Decision } from '../decision.ts';
import { tellGiven, type SuiteOptions } from './suite-history.ts';
import type { CaseResult, ExpectationDocument, Suite, SuiteCase } from './types.ts';

/**
 * Runs a suite. Where a call names no identity, the server is taken to be the one that the policy declares. Each case has a history of
 * its own, to which its earlier calls are told first.
 *
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function runSuite(suite: Suite, policy: CompiledPolicy, options: SuiteOptions = {}): readonly CaseResult[] {
  return suite.cases.map((one) => runCase(one, policy, options));
}

/** Runs one case of a suite. */
export function runCase(one: SuiteCase, policy: CompiledPolicy, { history: create }: SuiteOptions = {}): CaseResult {
  const history = create?.();
  const given = one.given.map((earlier) => ({ ...earlier, call: identified(policy, earlier.call) }));
  const before =
    given.length === 0
      ? []
      : history === undefined
        ? ['the case has earlier calls, and there is no history to tell them to']
        : tellGiven(given, policy, history);
  const context = { now: one.now, history: history?.attempt('case', one.now) };
  const decision = decide(policy, identified(policy, one.call), context);
  return { case: one, decision, problems: [...before, ...problemsWith(decision, one.expected)] };
}

/** The call, of the server that the policy declares. */
function identified(policy: CompiledPolicy, call: Call): Call {
  const identity = policy.servers.get(call.server)?.identity;
  return call.identity !== undefined || identity === undefined || identity === null ? call : { ...call, identity };
}

/** In words, how a decision differs from what is expected. */
function problemsWith(decision: Decision, expected: ExpectationDocument): readonly string[] {
  const problems: string[] = [];
  const differ = (what: string, wanted: string | undefined, got: string): void => {
    if (wanted !== undefined && wanted !== got) problems.push(`expected ${what} \`${wanted}\`, got \`${got}\``);
  };
  differ('effect', expected.effect, decision.effect);
  differ('would', expected.would, decision.would ?? decision.effect);
  differ('code', expected.code, decision.code);
  const lacks = (what: string, wanted: string | undefined, texts: readonly string[]): void => {
    if (wanted === undefined || texts.some((text) => text.includes(wanted))) return;
    problems.push(
      `expected ${what} with \`${wanted}\`, got ${texts.length === 0 ? 'none' : texts.map((text) => `\`${text}\``).join(', ')}`,
    );
  };
  lacks('a hint', expected.hint, decision.hints);
  lacks('a message', expected.message, [decision.message]);
  const isNot = (what: string, wanted: string | undefined, names: readonly string[]): void => {
    if (wanted === undefined || names.includes(wanted)) return;
    problems.push(
      `expected ${what} \`${wanted}\`, got ${names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ')}`,
    );
  };
  isNot(
    'rule',
    expected.rule,
    [...decision.determining, ...(decision.observed ?? [])].map(({ id, rule }) => id ?? rule),
  );
  isNot(
    'violation',
    expected.violation,
    decision.violations.map(({ code }) => code),
  );
  isNot('exception', expected.exception, decision.exceptions ?? []);
  return problems;
}
