import { canonicalize, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call, DecisionContext } from '../call.ts';
import { runtimeOf, type PolicyRuntime } from '../compile/server-runtime.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Decision, NextStep, PolicyCode, Violation } from '../decision.ts';
import { explain } from './explain.ts';
import { judgedCallOf } from './judged-call.ts';
import type { CallChange, PassingWay } from './passing-way.ts';
import { placeText } from './passing-way.ts';
import { repairObject } from './repair.ts';
import { isoText } from '../conditions/time-text.ts';

/** A way to pass that a model may know of: it changes arguments, or waits. */
export interface ModelWay {
  /** One imperative sentence each: ``set `limit` to 25``. */
  readonly changes: readonly string[];
  /** `hold`: a person then has to approve the call. */
  readonly effect: 'allow' | 'hold';
}

/** What a model may know of a decision: nothing of the policy beyond what its denials say, and how to change the call. */
export interface ModelExplanation {
  readonly effect: Decision['effect'];
  readonly code: PolicyCode;
  readonly message: string;
  readonly violations: readonly Pick<Violation, 'code' | 'pointer' | 'expected' | 'got'>[];
  readonly hints: readonly string[];
  readonly retryable: boolean;
  readonly next: NextStep;
  /** Milliseconds until the same call could pass, where waiting alone would help. */
  readonly retryAfterMs?: number;
  readonly ways: readonly ModelWay[];
}

/**
 * Explains the decision on a call to the model that made it.
 *
 * Ways that need another principal, server or tool are left out. Values are told where the denial's own words tell them, which are those
 * that the envelope asks for; what a rule compares with is not: of such an argument the direction is told, and no more.
 *
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function explainToModel(policy: CompiledPolicy, call: Call, context: DecisionContext = {}): ModelExplanation {
  const { decision, ways } = explain(policy, call, context);
  const { effect, code, message, violations, hints, retryable, next, retryAfterMs } = decision;
  const told = ways.length === 0 ? [] : waysToTell(ways, call, new KnownValues(runtimeOf(policy), call));
  // without their values two ways may read alike: the one that asks for less stands for both
  const distinct = new Map(told.toReversed().map((way) => [JSON.stringify(way.changes), Object.freeze(way)]));
  return Object.freeze({
    effect,
    code,
    message,
    violations: Object.freeze(
      violations.map(({ code: kind, pointer, expected, got }) => Object.freeze({ code: kind, pointer, expected, got })),
    ),
    hints,
    retryable,
    next,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ways: Object.freeze([...distinct.values()].toReversed()),
  });
}

function waysToTell(ways: readonly PassingWay[], call: Call, known: KnownValues): readonly ModelWay[] {
  return ways
    .filter(({ changes }) => changes.every((change) => isOwn(change, call, known)))
    .map(({ changes, effect }) => ({
      changes: Object.freeze(changes.map((change) => wordsOf(change, call, known))),
      effect,
    }));
}

/** Whether a change is the model's to make: of arguments whose name it can know, or of the time. */
function isOwn({ path }: CallChange, call: Call, known: KnownValues): boolean {
  const [first, name] = path;
  if (first === 'now') return true;
  if (first !== 'arguments' && first !== 'params') return false;
  return name === undefined || valueAt(call, [first, name]) !== undefined || known.declares(name);
}

/** The values that the envelopes of the entries ask for, which denials spell out as well. */
class KnownValues {
  readonly #repaired: JsonObject | undefined;
  readonly #names: ReadonlySet<string>;

  constructor(policy: PolicyRuntime, call: Call) {
    const judged = judgedCallOf(policy, { call, now: undefined });
    const only = judged?.entries.length === 1 ? judged.entries[0] : undefined;
    this.#names = new Set(only !== undefined && typeof only.envelope === 'object' ? only.envelope.byName.keys() : []);
    this.#repaired =
      judged === undefined || only === undefined || typeof only.envelope !== 'object'
        ? undefined
        : repairObject(only.envelope, judged.args);
  }

  declares(name: string): boolean {
    return this.#names.has(name);
  }

  has(names: readonly string[], value: JsonValue): boolean {
    let known: JsonValue | undefined = this.#repaired;
    for (const name of names) known = isJsonObject(known) ? own(known, name) : undefined;
    return known !== undefined && canonicalize(known) === canonicalize(value);
  }
}

function wordsOf({ path, value, words }: CallChange, call: Call, known: KnownValues): string {
  const [first, ...names] = path;
  if (first === 'now') return typeof value === 'number' ? `call again at \`${isoText(value)}\`` : words;
  if (value === undefined || known.has(names, value)) return words;
  const place = names.length === 0 ? 'the arguments' : `\`${placeText(names)}\``;
  return `set ${place} to ${directionOf(valueAt(call, path), value)}`;
}

function valueAt({ params }: Call, [first, ...names]: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = first === 'params' ? params : own(params, 'arguments');
  for (const name of names) value = isJsonObject(value) ? own(value, name) : undefined;
  return value;
}

/** Which way to go from a value, without where to. */
function directionOf(from: JsonValue | undefined, to: JsonValue): string {
  if (typeof to === 'boolean' || to === null) return String(to);
  const isOther = from !== undefined && typeof from === typeof to;
  if (typeof to === 'number') {
    if (typeof from !== 'number') return 'a number';
    return to < from ? 'a smaller number' : 'a larger number';
  }
  if (typeof to === 'string') {
    if (typeof from === 'string' && from.startsWith(to)) return 'a shorter text';
    return isOther ? 'another text' : 'a text';
  }
  if (Array.isArray(to)) {
    if (Array.isArray(from) && to.length < from.length) return 'fewer items';
    return Array.isArray(from) && to.length > from.length ? 'more items' : 'other items';
  }
  return isOther ? 'another object' : 'an object';
}
