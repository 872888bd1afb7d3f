import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { propertyOf } from '../compare/any-value.ts';
import { provesObjectWithin, provesWithin } from '../compare/prove-within.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import { isWhoWithin } from '../compare/who-within.ts';
import type { Entry } from '../compile/entry.ts';
import type { WhoDocument } from '../document/types.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import { describeEnvelope, describeWho } from '../explain/describe.ts';
import { checkOf } from './entry-strictness.ts';
import { outgoingChanges } from './outgoing-changes.ts';
import { isSameValue } from './same-value.ts';
import { resultChanges } from './result-changes.ts';
import type { CountedChange } from './make-item.ts';
import { quarantinedChanges } from './quarantined-changes.ts';
import type { Answer, ChangeDirection } from './policy-diff.ts';
import type { EntrySide } from './sides.ts';
import { CONTROL_KEYS, controlDirection, type ControlKey } from './tool-control-changes.ts';

/** What was written otherwise in an entry, key by key, in words. */
export function entryChanges(before: EntrySide, after: EntrySide, texts: TextSearcher): readonly CountedChange[] {
  const keys = new Set([...Object.keys(before.document), ...Object.keys(after.document)]);
  const written = [...keys]
    .toSorted()
    .filter((key) => INHERITED.has(key) || !isSameValue(own(before.document, key), own(after.document, key)))
    .filter((key) => !CONTROL_KEYS.some((control) => control === key))
    .flatMap((key) => changesOf(key, before, after, texts));
  return [...written, ...CONTROL_KEYS.flatMap((key) => controlChange(key, before, after))];
}

/** Keys that go upon what the server says: the same words, or none, may come to something else. */
const INHERITED: ReadonlySet<string> = new Set(['result', 'outgoing']);

function changesOf(key: string, before: EntrySide, after: EntrySide, texts: TextSearcher): readonly CountedChange[] {
  const [one, other] = [before.entry, after.entry];
  const words = { before: wordsOf(own(before.document, key)), after: wordsOf(own(after.document, key)) };
  switch (key) {
    case 'ring':
      return [{ key, direction: byOrder(one.ring, other.ring), ...words, counts: true }];
    case 'timeout':
      return bound(key, one.obligations.timeoutMs, other.obligations.timeoutMs, words);
    case 'maxResultBytes':
      return bound(key, one.obligations.maxResultBytes, other.obligations.maxResultBytes, words);
    case 'result':
      return resultChanges(one.obligations, other.obligations, words);
    case 'outgoing':
      return outgoingChanges(one.obligations, other.obligations);
    case 'who':
      return [whoChange(before, after)];
    case 'arguments':
    case 'params':
      return [...envelopeChanges(key, before, after, texts), ...quarantinedChanges(one, other)];
    case 'approval':
      return [approvalChange(before, after)];
    case 'stage':
      return [{ key, direction: byOrder(STRICTNESS[one.stage], STRICTNESS[other.stage]), ...words, counts: false }];
    case 'dispatch':
      return [{ key, direction: 'unknown', ...words, counts: false }];
    default:
      return [{ key, direction: 'changed', ...words, counts: false }];
  }
}

/** What an entry says about many calls counts by itself: no single call shows it. */
function controlChange(key: ControlKey, before: EntrySide, after: EntrySide): readonly CountedChange[] {
  const direction = controlDirection(key, before, after);
  const words = { before: wordsOf(own(before.document, key)), after: wordsOf(own(after.document, key)) };
  if (direction !== undefined) return [{ key, direction, ...words, counts: true }];
  return words.before === words.after ? [] : [{ key, direction: 'changed', ...words, counts: false }];
}

const STRICTNESS = { off: 0, observe: 1, enforce: 2 } as const;

/** Of something of which less is wider. */
function byOrder(before: number, after: number): ChangeDirection {
  if (before === after) return 'changed';
  return after < before ? 'widened' : 'narrowed';
}

type Words = Pick<CountedChange, 'before' | 'after'>;

/** Of a limit: more is wider. */
export function bound(key: string, before: number, after: number, words: Words): readonly CountedChange[] {
  return [{ key, direction: byOrder(after, before), ...words, counts: true }];
}

function whoChange(before: EntrySide, after: EntrySide): CountedChange {
  const words = (who: WhoDocument | undefined): string => describeWho(who).join('; ');
  return {
    key: 'who',
    direction: byContainment(isWhoWithin(after.who, before.who), isWhoWithin(before.who, after.who)),
    before: words(before.who),
    after: words(after.who),
    counts: false,
  };
}

/** From whether what is after lies inside what was before, and the other way round. */
export function byContainment(isInside: boolean, isAround: boolean): ChangeDirection {
  if (isInside) return isAround ? 'changed' : 'narrowed';
  return isAround ? 'widened' : 'unknown';
}

/** Who may approve counts by itself: the more, the easier. Whether calls are held is for the calls to show. */
function approvalChange(before: EntrySide, after: EntrySide): CountedChange {
  const [one, other] = [before.entry, after.entry];
  const mayHold = ({ isHeld, ownRules }: Entry): boolean => isHeld || ownRules.length > 0;
  const counts = mayHold(one) && mayHold(other);
  const words = { before: wordsOf(own(before.document, 'approval')), after: wordsOf(own(after.document, 'approval')) };
  if (counts) return { key: 'approval', ...approversChange(one.approvers, other.approvers), ...words, counts };
  return { key: 'approval', direction: byOrder(Number(one.isHeld), Number(other.isHeld)), ...words, counts };
}

/** Which way the approvers changed; undefined: the policy leaves it open who may approve. */
export function approversChange(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): { readonly direction: ChangeDirection; readonly narrows: Answer } {
  const isWithin = (inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean =>
    outer === undefined || (inner !== undefined && inner.every((name) => outer.includes(name)));
  const [isInside, isAround] = [isWithin(after, before), isWithin(before, after)];
  const direction = isInside ? (isAround ? 'changed' : 'narrowed') : 'widened';
  return { direction, narrows: isAround ? 'no' : 'yes' };
}

function envelopeChanges(
  key: string,
  before: EntrySide,
  after: EntrySide,
  texts: TextSearcher,
): readonly CountedChange[] {
  const [inner, outer] = [checkOf(before.entry.envelope), checkOf(after.entry.envelope)];
  const isListed = typeof before.entry.envelope === 'object' && typeof after.entry.envelope === 'object';
  if (inner === undefined || outer === undefined || !isListed) {
    const direction = byContainment(contains(outer, inner, texts), contains(inner, outer, texts));
    const words = {
      before: describeEnvelope(before.entry).join('; '),
      after: describeEnvelope(after.entry).join('; '),
    };
    return [{ key, direction, ...words, counts: false }];
  }
  return [...new Set([...inner.byName.keys(), ...outer.byName.keys()])]
    .toSorted()
    .flatMap((name) => argumentChange(`${key}.${name}`, name, { before, after, inner, outer }, texts));
}

function contains(inner: ObjectCheck | undefined, outer: ObjectCheck | undefined, texts: TextSearcher): boolean {
  return inner === undefined || (outer !== undefined && provesObjectWithin(inner, outer, texts));
}

function argumentChange(
  key: string,
  name: string,
  {
    inner,
    outer,
    before,
    after,
  }: {
    readonly inner: ObjectCheck;
    readonly outer: ObjectCheck;
    readonly before: EntrySide;
    readonly after: EntrySide;
  },
  texts: TextSearcher,
): readonly CountedChange[] {
  if (isSameValue(argumentOf(before, name), argumentOf(after, name))) return [];
  const [was, is] = [inner.byName.get(name), outer.byName.get(name)];
  const [one, other] = [propertyOf(inner, name), propertyOf(outer, name)];
  const proves = (a: typeof one, b: typeof one): boolean =>
    a === undefined || (b !== undefined && provesWithin(a, b, texts));
  const isInside = proves(other, one) && (was?.isRequired !== true || is?.isRequired === true);
  const isAround = proves(one, other) && (is?.isRequired !== true || was?.isRequired === true);
  const words = (property: typeof was): string | null =>
    property === undefined ? null : `${property.value.expected}${property.isRequired ? '' : ' (optional)'}`;
  const direction = byContainment(isInside, isAround);
  if (words(was) !== words(is)) return [{ key, direction, before: words(was), after: words(is), counts: false }];
  // The words for the whole leave out where it differs, as within the items of a list: then the author's own, from there.
  const place = differenceWithin(argumentOf(before, name), argumentOf(after, name), key);
  return [{ key: place.key, direction, before: wordsOf(place.before), after: wordsOf(place.after), counts: false }];
}

interface Difference {
  readonly key: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** The innermost place that holds all that differs. */
function differenceWithin(before: JsonValue | undefined, after: JsonValue | undefined, key: string): Difference {
  if (!isJsonObject(before) || !isJsonObject(after)) return { key, before, after };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const [name, ...others] = names.filter((member) => !isSameValue(own(before, member), own(after, member)));
  if (name === undefined || others.length > 0) return { key, before, after };
  return differenceWithin(own(before, name), own(after, name), `${key}.${name}`);
}

function argumentOf(side: EntrySide, name: string): JsonValue | undefined {
  const listed = own(side.document, 'arguments') ?? own(side.document, 'params');
  return typeof listed === 'object' && listed !== null ? own(listed as JsonObject, name) : undefined;
}

/** What the policy's author wrote, as it may stand in a line. */
export function wordsOf(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
