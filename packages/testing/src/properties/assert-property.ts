import type { CompiledPolicy, ToolCall } from '@callgate/policy';

import { decisionWords } from '../decide-call.ts';
import { PolicyAssertionError } from '../errors.ts';
import { findCall, findCallOf, otherEffects, type CallSearch, type FoundCall } from './find-call.ts';
import { Property, type PropertyOptions } from './property.ts';

/**
 * Asserts that no call is decided so: `assertNever(policy, { effect: 'allow', where: 'arguments.region == "*"' })`. It searches for one that
 * is, and proves what it can; see `proved` of the result.
 *
 * @throws {PolicyAssertionError} with the smallest call found; also where no call was tried that `where` means
 * @throws {PolicyError} when `where` is a condition that does not compile
 * @throws {RangeError} when `cases` or `seed` is out of range
 */
export function assertNever(policy: CompiledPolicy, options: PropertyOptions): CallSearch {
  const search = findCall(policy, options);
  return checked(search, policy, options, `never ${options.effect}`, 'assertNever');
}

/**
 * Asserts that every call is decided so: `assertAlways(policy, { effect: 'deny', where: … })`. As {@link assertNever}.
 *
 * @throws {PolicyAssertionError} with the smallest call found that is not; also where no call was tried that `where` means
 * @throws {PolicyError} when `where` is a condition that does not compile
 * @throws {RangeError} when `cases` or `seed` is out of range
 */
export function assertAlways(policy: CompiledPolicy, options: PropertyOptions): CallSearch {
  const search = findCallOf(new Property(policy, otherEffects(options.effect), options.where), options);
  return checked(search, policy, options, `always ${options.effect}`, 'assertAlways');
}

function checked(
  search: CallSearch,
  policy: CompiledPolicy,
  options: PropertyOptions,
  expected: string,
  operator: string,
): CallSearch {
  const { found, proved, meant, failure } = search;
  const about = `policy \`${policy.name}\` to ${expected} ${new Property(policy, [], options.where).words}`;
  if (found !== undefined) {
    const assertion = { expected, actual: found.decision.effect, operator };
    throw new PolicyAssertionError('CALLGATE_TESTING_COUNTEREXAMPLE', foundMessage(about, found, search), assertion, {
      found,
    });
  }
  if (meant === 0 && !proved) {
    const assertion = { expected: 'a call to test', actual: 'none', operator };
    const message = `expected ${about}, but none of ${search.cases} calls was one: nothing was tested; give \`examples\` of such arguments`;
    const cause = failure === undefined ? {} : { cause: failure };
    throw new PolicyAssertionError('CALLGATE_TESTING_VACUOUS', message, assertion, cause);
  }
  return search;
}

function foundMessage(about: string, { call, decision, steps }: FoundCall, { cases, seed }: CallSearch): string {
  return [
    `expected ${about}, got ${decisionWords(decision)}`,
    `  call: ${callWords(call)}`,
    `  found as call ${cases} with seed ${seed}, made smaller in ${steps} steps`,
  ].join('\n');
}

function callWords({ server, tool, arguments: args, principal, run, now }: ToolCall): string {
  return JSON.stringify({
    server,
    tool,
    arguments: args,
    principal,
    run,
    now: now === undefined ? undefined : new Date(now).toISOString(),
  });
}
