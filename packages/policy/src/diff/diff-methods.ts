import { own, type JsonObject } from '@callgate/canonical';

import type { Call, Direction } from '../call.ts';
import { principalsFor } from '../compare/who-within.ts';
import { differingArguments, meetingObject, variedArguments } from './candidate-arguments.ts';
import { entryChanges } from './entry-changes.ts';
import { checkOf, deniesAll, doubtStricter, type Doubt } from './entry-strictness.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { doubtRuled } from './rule-sensitivity.ts';
import { entrySideOf, type Comparison, type EntrySide, type ServerSide } from './sides.ts';

const DIRECTIONS: readonly Direction[] = ['client-to-server', 'server-to-client'];
const MAX_PRINCIPALS = 24;

/** What may differ in a server's custom methods, one draft for each method and direction. */
export function diffMethods(comparison: Comparison, sides: readonly [ServerSide, ServerSide]): readonly ItemDraft[] {
  return DIRECTIONS.flatMap((direction) => {
    const names = sides.flatMap(({ parts }) => [...parts.methods[direction].keys()]);
    return [...new Set(names)].toSorted().map((name) => draftMethod(name, direction, comparison, sides));
  });
}

function draftMethod(
  name: string,
  direction: Direction,
  comparison: Comparison,
  sides: readonly [ServerSide, ServerSide],
): ItemDraft {
  const [before, after] = [entryOf(name, direction, sides[0]), entryOf(name, direction, sides[1])];
  const [was, is] = [asList(before), asList(after)];
  const ruled = doubtRuled({ direction, method: name, tool: undefined, isPattern: false }, comparison, sides, [
    was,
    is,
  ]);
  return {
    subject: 'method',
    server: sides[0].parts.name,
    name,
    status: before === undefined ? 'added' : after === undefined ? 'removed' : 'modified',
    widening: isClosed(after, sides[1])
      ? undefined
      : (doubtMethod(after, sides[1], before, sides[0], comparison) ?? ruled.widening),
    narrowing: isClosed(before, sides[0])
      ? undefined
      : (doubtMethod(before, sides[0], after, sides[1], comparison) ?? ruled.narrowing),
    changes: changesOf(before, after, comparison),
    calls: () => callsOf(name, direction, was, is, comparison, sides),
    before: was.flatMap(({ entry }) => entry.references),
    after: is.flatMap(({ entry }) => entry.references),
  };
}

function entryOf(name: string, direction: Direction, { policy, parts }: ServerSide): EntrySide | undefined {
  const entry = parts.methods[direction].get(name);
  return entry === undefined ? undefined : entrySideOf(policy, entry);
}

/** Whether every message is denied, whatever rules say. */
function isClosed(entry: EntrySide | undefined, { parts }: ServerSide): boolean {
  return entry === undefined && parts.stage === 'enforce';
}

function asList(side: EntrySide | undefined): readonly EntrySide[] {
  return side === undefined ? [] : [side];
}

function doubtMethod(
  stricter: EntrySide | undefined,
  side: ServerSide,
  than: EntrySide | undefined,
  otherSide: ServerSide,
  { texts }: Comparison,
): Doubt {
  if (stricter !== undefined && deniesAll(stricter, texts)) return undefined;
  if (stricter === undefined && side.parts.stage === 'enforce') return undefined;
  if (than === undefined) return otherSide.parts.stage === 'enforce' ? 'what no entry is about is denied' : undefined;
  if (stricter === undefined) return than.entry.stage === 'enforce' ? 'what no entry is about passes' : undefined;
  return doubtStricter(stricter, than, texts);
}

function changesOf(
  before: EntrySide | undefined,
  after: EntrySide | undefined,
  { texts }: Comparison,
): readonly CountedChange[] {
  if (before !== undefined && after !== undefined) return entryChanges(before, after, texts);
  const words = (side: EntrySide | undefined): string | null =>
    side === undefined ? null : `an entry of ring ${side.entry.ring}`;
  return [{ key: 'entry', direction: 'changed', before: words(before), after: words(after), counts: false }];
}

function* callsOf(
  name: string,
  direction: Direction,
  before: readonly EntrySide[],
  after: readonly EntrySide[],
  { texts }: Comparison,
  sides: readonly [ServerSide, ServerSide],
): Generator<Call> {
  const principals = principalsFor(
    [...after, ...before].map(({ document }) => own(document, 'who') as never),
    MAX_PRINCIPALS,
  );
  const callOf = (params: JsonObject, principal: Call['principal']): Call => ({
    server: sides[0].parts.name,
    direction,
    method: name,
    params,
    principal,
  });
  let first: JsonObject | undefined;
  const bases = [after, before].flatMap((entries) =>
    entries.flatMap(({ entry }) => [checkOf(entry.envelope)].filter((check) => check !== undefined)),
  );
  const plain = bases.map((check) => meetingObject([check], texts)).filter((base) => base !== undefined);
  const all = [...plain, ...differingArguments(before, after, texts), ...variedArguments(before, after, texts)];
  for (const params of all) {
    first ??= params;
    for (const principal of params === first ? principals : principals.slice(0, 4)) yield callOf(params, principal);
  }
}
