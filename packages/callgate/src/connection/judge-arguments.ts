import { appendPointer, own, parsePointer, type JsonObject, type JsonValue } from '@callgate/canonical';
import { findSecrets, findSecretsIn, type PlacedSecret } from '@callgate/inspector';
import { DEFAULT_OUTGOING_RULES, type OutgoingChoice } from '@callgate/policy';

import type { Verdict } from '../codes.ts';

/** How many secrets a denial, and the record, tell of. */
const MAX_TOLD = 8;
/** Code units of a place that are told. */
const MAX_POINTER = 256;

/** Methods whose violations point into their arguments; those of others point into their params. */
const HAS_ARGUMENTS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get']);

type Told = Pick<PlacedSecret, 'rule' | 'pointer'>;

/**
 * A verdict made stricter where what would be sent holds secrets, as policy says: places and rules are told of, never what was found. The
 * arguments of inner calls are part of what is searched. Below `enforce` the record says what would have been done.
 *
 * @param withheld pointers of arguments that are content from quarantine, of which only the place is told
 */
export function judgeArguments(
  method: string,
  params: JsonObject,
  verdict: Verdict,
  withheld: readonly string[],
): Verdict {
  const { secrets: choice } = verdict.obligations.outgoing ?? DEFAULT_OUTGOING_RULES;
  if (choice === 'pass' || verdict.effect === 'deny' || verdict.stage === 'off') return verdict;
  const found = findSecretsIn(sentBy(method, params));
  if (found.length === 0) return verdict;
  const told = firstPlaces(found, withheld);
  const message = `what is to be sent holds ${found.length === 1 ? 'a secret' : `${found.length} secrets`}: ${told.map(placeOf).join(', ')}`;
  const violations = [...verdict.violations, ...told.map(violationOf)];
  if (choice === 'observe' || verdict.stage !== 'enforce') return observed({ ...verdict, violations }, choice, message);
  const hints = [...new Set(told.map(hintOf))];
  const next = choice === 'deny' ? 'fix_arguments' : 'request_approval';
  const retryable = choice === 'hold';
  const { would: _, wouldCode: __, ...decided } = verdict;
  return { ...decided, effect: choice, code: 'arguments.secret', message, violations, hints, retryable, next };
}

/** What of a message its sender wrote, in the place that violations point into. */
function sentBy(method: string, params: JsonObject): JsonValue {
  if (HAS_ARGUMENTS.has(method)) return own(params, 'arguments') ?? null;
  const { _meta, ...rest } = params;
  return rest;
}

/** The call goes on, or is held as it was, and the record says what denying or holding would have done. */
function observed(verdict: Verdict, choice: OutgoingChoice, message: string): Verdict {
  const would = choice === 'hold' ? 'hold' : 'deny';
  if (verdict.effect !== 'allow' || verdict.would === 'deny' || verdict.would === would) return verdict;
  return { ...verdict, would, wouldCode: 'arguments.secret', message: `observed only: ${message}` };
}

/** The first places, each rule at each of them once. */
function firstPlaces(found: readonly PlacedSecret[], withheld: readonly string[]): readonly Told[] {
  const places = new Map<string, Told>();
  for (const secret of found) {
    const told = toldOf(secret, withheld);
    places.set(placeOf(told), told);
    if (places.size === MAX_TOLD) break;
  }
  return [...places.values()];
}

function toldOf({ rule, pointer }: PlacedSecret, withheld: readonly string[]): Told {
  const place = withheld.find((one) => pointer === one || pointer.startsWith(`${one}/`));
  return place === undefined ? { rule, pointer: harmless(pointer) } : { rule: 'secrets', pointer: place };
}

/** A pointer up to where the name of a member is a secret itself, or too long to be told. */
function harmless(pointer: string): string {
  let told = '';
  for (const name of parsePointer(pointer)) {
    const next = appendPointer(told, name);
    if (next.length > MAX_POINTER || findSecrets(name).length > 0) break;
    told = next;
  }
  return told;
}

function violationOf(told: Told): Verdict['violations'][number] {
  const { rule: code, pointer } = told;
  return { code, pointer, expected: 'nothing secret', got: 'a secret', hint: hintOf(told) };
}

function hintOf({ pointer }: Told): string {
  return `leave the secret out of ${pointer === '' ? 'what is sent' : `\`${pointer}\``}, and let the host provide it`;
}

function placeOf({ rule, pointer }: Told): string {
  return pointer === '' ? rule : `${rule} at \`${pointer}\``;
}
