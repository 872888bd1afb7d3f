import { isJsonObject, own, type JsonObject } from '@callgate/canonical';

import { ANY_OBJECT } from '../compare/any-value.ts';
import { provesEmptyObject } from '../compare/prove-empty.ts';
import { provesObjectWithin } from '../compare/prove-within.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import { identifies, isWhoWithin } from '../compare/who-within.ts';
import type { Entry, Envelope } from '../compile/entry.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import { coversCondition } from './condition-coverage.ts';
import { isSameValue } from './same-value.ts';
import type { EntrySide } from './sides.ts';
import { CONTROL_KEYS, doubtControls } from './tool-control-changes.ts';

/** What is compared here, key by key, or changes no decision. Any other key of an entry must be equal for anything to be proved. */
const COMPARED_KEYS: ReadonlySet<string> = new Set([
  'ring',
  'effect',
  'who',
  'arguments',
  'params',
  'approval',
  'timeout',
  'maxResultBytes',
  'result',
  'outgoing',
  'stage',
  'owner',
  'message',
  'summary',
  'dispatch',
  'direction',
  ...CONTROL_KEYS,
]);

const COMPARED_APPROVAL_KEYS: ReadonlySet<string> = new Set(['by', 'when']);

/** The result of trying to prove that one thing is at least as strict as another: undefined where it is proved, else why not. */
export type Doubt = string | undefined;

/**
 * Proves that an entry is at least as strict as another on every call: that it denies what the other denies, and denies or holds what
 * the other holds.
 *
 * @param isLifted exceptions may accept arguments that the entry does not: then that it accepts none proves nothing
 */
export function doubtStricter(
  stricter: EntrySide,
  than: EntrySide,
  texts: TextSearcher,
  isLifted: boolean = false,
): Doubt {
  const isSame = stricter.text === than.text && stricter.entry.stage === than.entry.stage;
  return isSame
    ? doubtControls(stricter, than)
    : (doubtOpaque(stricter.document, than.document) ??
        doubtControls(stricter, than) ??
        doubtInner(stricter, than) ??
        doubtOwn(stricter, than, texts, isLifted));
}

/** What this comparison does not look into must be written alike. */
function doubtOpaque(one: JsonObject, other: JsonObject): Doubt {
  const key =
    differingKey(one, other, COMPARED_KEYS) ?? differingKey(approvalOf(one), approvalOf(other), COMPARED_APPROVAL_KEYS);
  return key === undefined ? undefined : `\`${key}\` differs, and what it does cannot be compared`;
}

function approvalOf(document: JsonObject): JsonObject {
  const approval = own(document, 'approval');
  return isJsonObject(approval) ? approval : {};
}

/** The first key, the known ones aside, that the objects do not have alike. */
export function differingKey(one: object, other: object, known: ReadonlySet<string>): string | undefined {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys]
    .toSorted()
    .find((key) => !known.has(key) && !isSameValue(own(one as JsonObject, key), own(other as JsonObject, key)));
}

/** The calls that an entry's arguments carry must be found, and judged, wherever the other's are. */
function doubtInner(stricter: EntrySide, than: EntrySide): Doubt {
  if (than.entry.dispatch === undefined || than.entry.stage === 'off') return undefined;
  if (!isSameValue(own(stricter.document, 'dispatch'), own(than.document, 'dispatch'))) {
    return 'the calls that its arguments carry are found in another way';
  }
  if (stricter.entry.stage === 'enforce') return undefined;
  const isReached = stricter.entry.stage === 'observe' && isWhoWithin(than.who, stricter.who);
  return isReached ? undefined : 'the calls that its arguments carry may not be judged';
}

function doubtOwn(stricter: EntrySide, than: EntrySide, texts: TextSearcher, isLifted: boolean): Doubt {
  const [one, other] = [stricter.entry, than.entry];
  if (other.stage !== 'enforce') return undefined;
  if (one.stage !== 'enforce') return 'its stage blocks nothing';
  const [inner, outer] = [checkOf(one.envelope), checkOf(other.envelope)];
  const isEmpty = inner === undefined || provesEmptyObject(inner, texts);
  if (isEmpty && !isLifted) return undefined;
  if (!isWhoWithin(stricter.who, than.who)) return 'it is open to other principals';
  if (other.ring >= 2 && one.ring < 2 && !identifies(stricter.who)) return 'it needs no identified principal';
  if (other.isHeld && !one.isHeld) return 'it is not held';
  if (other.ownRules.length > 0 && !isHeldAlike(stricter, than)) return 'the condition for its approval differs';
  if (!isEmpty && (outer === undefined || !provesObjectWithin(inner, outer, texts))) {
    return 'its arguments were neither proved to lie inside the others nor found outside';
  }
  return undefined;
}

/** Whether calls are held wherever the other entry's condition holds them, and what it reads of the tool is the same. */
function isHeldAlike(one: EntrySide, other: EntrySide): boolean {
  const rules = [...one.entry.ownRules, ...other.entry.ownRules];
  const seesTool = rules.some(({ condition }) => condition?.readsTool !== false);
  if (seesTool && !isSameTarget(one.entry, other.entry)) return false;
  return other.entry.ownRules.every((inner) =>
    one.entry.ownRules.some((outer) => coversCondition(outer.condition, inner.condition, false)),
  );
}

/** Whether rules see no difference between the entries. */
function isSameTarget(one: Entry, other: Entry): boolean {
  return (
    one.ring === other.ring && one.toolEffect === other.toolEffect && one.labels.join('\n') === other.labels.join('\n')
  );
}

/** Proves that an entry denies every call. */
export function deniesAll({ entry }: EntrySide, texts: TextSearcher): boolean {
  if (entry.stage !== 'enforce') return false;
  const check = checkOf(entry.envelope);
  return check === undefined || provesEmptyObject(check, texts);
}

/** What an envelope accepts; undefined: nothing. */
export function checkOf(envelope: Envelope): ObjectCheck | undefined {
  if (envelope === 'missing') return undefined;
  return envelope === 'any' ? ANY_OBJECT : envelope;
}
