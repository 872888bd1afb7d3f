import { isNever, type CompiledPolicy, type Decision, type Effect, type ToolCall } from '@callgate/policy';

import { searchSpaces } from '../calls/search-space.ts';
import { seedOf } from '../random.ts';
import { Property, type PropertyOptions } from './property.ts';
import { searchCalls } from './search.ts';
import { shrinkCall } from './shrink.ts';

/** A call that was looked for and found, as small as it could be made, and decided. */
export interface FoundCall {
  readonly call: ToolCall;
  readonly decision: Decision;
  /** How many calls were tried until then. */
  readonly cases: number;
  /** In how many steps it was made smaller. */
  readonly steps: number;
}

/** What came of looking for a call. */
export interface CallSearch {
  readonly found: FoundCall | undefined;
  /** There is none: it follows from the policy. False where none was found: there may be one. */
  readonly proved: boolean;
  /** How many calls were tried; 0 where there was no need. */
  readonly cases: number;
  /** How many of them were meant by `where`. */
  readonly meant: number;
  readonly seed: number;
  /** What `where` threw first, where it threw. */
  readonly failure: unknown;
}

const DEFAULT_CASES = 10_000;
const MAX_CASES = 10_000_000;

/**
 * Looks for a call that a policy decides in a way.
 *
 * It searches: what it finds is decided so by the policy, what it does not find may still be there, unless `proved` says that it is not.
 *
 * @throws {PolicyError} when `where` is a condition that does not compile
 * @throws {RangeError} when `cases` or `seed` is out of range
 */
export function findCall(policy: CompiledPolicy, options: PropertyOptions): CallSearch {
  return findCallOf(new Property(policy, [options.effect], options.where), options);
}

/** The same for one of several effects. */
export function findCallOf(property: Property, options: PropertyOptions): CallSearch {
  const { where, examples = [], tools = {} } = options;
  const scope = { server: options.server, tool: options.tool };
  const [cases, seed] = [casesOf(options.cases), seedOf(options.seed)];
  if (isProved(property, where === undefined ? undefined : property.source, options)) {
    return { found: undefined, proved: true, cases: 0, meant: 0, seed, failure: undefined };
  }
  const spaces = searchSpaces(property.policy, tools, scope);
  const outcome = searchCalls(property, spaces, { where, examples, cases, seed });
  const { found } = outcome;
  return {
    found: found === undefined ? undefined : smallestOf(found, property, outcome.cases),
    proved: false,
    cases: outcome.cases,
    meant: outcome.meant,
    seed,
    failure: property.failure,
  };
}

/** A function says nothing that could be compared: then only what holds for every call is proved. */
function isProved({ policy, effects }: Property, source: string | undefined, options: PropertyOptions): boolean {
  return isNever(policy, effects, source, { server: options.server, tool: options.tool });
}

function smallestOf(
  { call, space }: { readonly call: ToolCall; readonly space: Parameters<typeof shrinkCall>[1] },
  property: Property,
  cases: number,
): FoundCall {
  const isFound = (candidate: ToolCall): boolean => {
    const { isMeant, isReached } = property.judge(candidate);
    return isMeant && isReached;
  };
  const shrunk = shrinkCall(call, space, isFound);
  return { call: shrunk.call, decision: property.judge(shrunk.call).decision, cases, steps: shrunk.steps };
}

function casesOf(cases: number = DEFAULT_CASES): number {
  if (!Number.isInteger(cases) || cases < 1 || cases > MAX_CASES)
    throw new RangeError(`cases: expected a whole number from 1 to ${MAX_CASES}, got ${cases}`);
  return cases;
}

/** The effects other than one. */
export function otherEffects(effect: Effect): readonly Effect[] {
  return (['allow', 'hold', 'deny'] as const).filter((other) => other !== effect);
}
