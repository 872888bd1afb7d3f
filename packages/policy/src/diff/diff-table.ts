import { own, type JsonObject } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { freshText, instanceOf, isNamePatternWithin, mayMeet, meetingName } from '../compare/name-patterns.ts';
import { principalsFor } from '../compare/who-within.ts';
import type { EntryTable } from '../compile/server-runtime.ts';
import { carryingArguments, differingArguments, meetingObject, variedArguments } from './candidate-arguments.ts';
import { conditionArguments } from './condition-values.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import { entryChanges, wordsOf } from './entry-changes.ts';
import { checkOf, deniesAll, doubtStricter, type Doubt } from './entry-strictness.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { doubtRuled, type Doubts } from './rule-sensitivity.ts';
import { entriesOf, entrySideOf, type Comparison, type EntrySide, type ServerSide } from './sides.ts';

const MAX_PRINCIPALS = 48;
/** Principals that every argument is tried with. */
const MAX_MEMBERS = 3;
const MAX_MEETINGS = 16;
const MAX_INNER = 8;

/** A table of named entries of a server: its tools or its prompts. */
export interface TableKind {
  readonly subject: 'tool' | 'prompt';
  readonly method: string;
  readonly key: 'tools' | 'prompts';
}

export const TOOLS: TableKind = { subject: 'tool', method: 'tools/call', key: 'tools' };
export const PROMPTS: TableKind = { subject: 'prompt', method: 'prompts/get', key: 'prompts' };

type Pair<Item> = readonly [Item, Item];

interface Table {
  readonly kind: TableKind;
  readonly comparison: Comparison;
  readonly sides: Pair<ServerSide>;
  /** The names written in each policy, patterns among them. */
  readonly written: Pair<ReadonlySet<string>>;
  readonly patterns: Pair<readonly string[]>;
  readonly fresh: string;
}

/** What may differ in a table, one draft for each name that either policy writes. */
export function diffTable(kind: TableKind, comparison: Comparison, sides: Pair<ServerSide>): readonly ItemDraft[] {
  const written = [namesOf(kind, sides[0]), namesOf(kind, sides[1])] as const;
  const names = [...new Set([...written[0], ...written[1]])].toSorted();
  const table: Table = {
    kind,
    comparison,
    sides,
    written,
    patterns: [patternsIn(written[0]), patternsIn(written[1])],
    fresh: freshText(names),
  };
  return names.map((name) => (name.includes('*') ? draftPattern(name, table) : draftName(name, table)));
}

function namesOf({ key }: TableKind, { document }: ServerSide): ReadonlySet<string> {
  return new Set(Object.keys(document[key] ?? {}));
}

function patternsIn(names: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => name.includes('*')).toSorted();
}

function tableOf({ kind }: Table, { parts }: ServerSide): EntryTable {
  return parts[kind.key];
}

/** What judges a name that is written out in one of the policies: its own entry alone, or the patterns that match it. */
function draftName(name: string, table: Table): ItemDraft {
  const { sides } = table;
  const [before, after] = [judging(name, table, 0), judging(name, table, 1)];
  const ruled = ruledDoubts(name, table, [before, after]);
  return {
    ...aboutName(name, table),
    widening: isClosed(after, sides[1])
      ? undefined
      : (doubtList(after, before, [sides[1], sides[0]], table) ?? ruled.widening),
    narrowing: isClosed(before, sides[0]) ? undefined : (doubtList(before, after, sides, table) ?? ruled.narrowing),
    changes: changesBetween(name, table, before, after),
    calls: () => candidateCalls(name, before, after, table),
    before: before.flatMap(({ entry }) => entry.references),
    after: after.flatMap(({ entry }) => entry.references),
  };
}

function judging(name: string, table: Table, side: 0 | 1): readonly EntrySide[] {
  const { policy } = table.sides[side];
  return entriesOf(policy, tableOf(table, table.sides[side]), name);
}

function aboutName(
  name: string,
  { kind, sides, written }: Table,
): Pick<ItemDraft, 'subject' | 'server' | 'name' | 'status'> {
  const status = !written[0].has(name) ? 'added' : !written[1].has(name) ? 'removed' : 'modified';
  return { subject: kind.subject, server: sides[0].parts.name, name, status };
}

/** Proves that every call is denied, whatever rules say. */
function isClosed(entries: readonly EntrySide[], { parts }: ServerSide): boolean {
  if (entries.length === 0) return parts.stage === 'enforce';
  return entries.some(({ entry }) => entry.envelope === 'missing' && entry.stage === 'enforce');
}

/** Proves that a list of entries, of which all must be satisfied, is at least as strict as another. */
function doubtList(
  stricter: readonly EntrySide[],
  than: readonly EntrySide[],
  [side, otherSide]: Pair<ServerSide>,
  { comparison: { texts } }: Table,
): Doubt {
  if (stricter.length === 0 && side.parts.stage === 'enforce') return undefined;
  const denies = (): boolean => stricter.some((entry) => deniesAll(entry, texts));
  if (than.length === 0) {
    return otherSide.parts.stage !== 'enforce' || denies() ? undefined : 'what no entry is about is denied';
  }
  if (stricter.length === 0) {
    return than.every(({ entry }) => entry.stage !== 'enforce' && entry.dispatch === undefined)
      ? undefined
      : 'what no entry is about passes in this stage';
  }
  const doubt = firstDoubt(than.map((other) => doubtAny(stricter, other, texts)));
  return doubt === undefined || denies() ? undefined : doubt;
}

/** One of the entries has to be at least as strict; the doubt is about the first. */
function doubtAny(stricter: readonly EntrySide[], than: EntrySide, texts: Comparison['texts']): Doubt {
  const doubts = stricter.map((entry) => doubtStricter(entry, than, texts));
  return doubts.includes(undefined) ? undefined : doubts[0];
}

function firstDoubt(doubts: readonly Doubt[]): Doubt {
  return doubts.find((doubt) => doubt !== undefined);
}

function ruledDoubts(name: string, table: Table, entries: Pair<readonly EntrySide[]>): Doubts {
  const { kind, comparison, sides } = table;
  const isPattern = name.includes('*');
  const ruled = {
    direction: 'client-to-server' as const,
    method: kind.method,
    tool: kind.subject === 'tool' ? name : undefined,
    isPattern,
  };
  return doubtRuled(ruled, comparison, sides, entries);
}

/** What was written otherwise under the name; what the server's entry says for all is told there. */
function changesBetween(
  name: string,
  table: Table,
  before: readonly EntrySide[],
  after: readonly EntrySide[],
): readonly CountedChange[] {
  const { written, comparison } = table;
  const [was, is] = [written[0].has(name), written[1].has(name)];
  const [one] = before;
  const [other] = after;
  if (was && is && one !== undefined && other !== undefined) return entryChanges(one, other, comparison.texts);
  const side = was ? one : other;
  const direction = 'changed';
  const words = side === undefined ? null : (wordsOf(side.document['ring']) ?? 'any');
  const what = words === null ? 'an entry' : words === 'any' ? 'an entry' : `an entry of ring ${words}`;
  return [{ key: 'entry', direction, before: was ? what : null, after: is ? what : null, counts: false }];
}

/** The names that a pattern stands for, those aside that either policy writes out. */
function draftPattern(pattern: string, table: Table): ItemDraft {
  const [before, after] = [writtenUnder(pattern, table, 0), writtenUnder(pattern, table, 1)];
  const ruled = ruledDoubts(pattern, table, [asList(before), asList(after)]);
  const doubts = [doubtPattern(pattern, table, 1), doubtPattern(pattern, table, 0)] as const;
  return {
    ...aboutName(pattern, table),
    widening: doubts[0] ?? ruled.widening,
    narrowing: doubts[1] ?? ruled.narrowing,
    changes: changesBetween(pattern, table, asList(before), asList(after)),
    calls: () => patternCalls(pattern, table),
    before: asList(before).flatMap(({ entry }) => entry.references),
    after: asList(after).flatMap(({ entry }) => entry.references),
  };
}

function asList(side: EntrySide | undefined): readonly EntrySide[] {
  return side === undefined ? [] : [side];
}

/** The entry that is written under a pattern. */
function writtenUnder(pattern: string, table: Table, side: 0 | 1): EntrySide | undefined {
  if (!table.written[side].has(pattern)) return undefined;
  const { policy } = table.sides[side];
  const written = own((table.sides[side].document[table.kind.key] ?? {}) as JsonObject, pattern);
  return tableOf(table, table.sides[side])
    .find(pattern)
    .map((entry) => entrySideOf(policy, entry))
    .find(
      (candidate) =>
        candidate.entry.references[0]?.rule.endsWith(`/${escaped(pattern)}`) === true && written !== undefined,
    );
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * Proves for one pattern that the policy on one side lets pass no more of its names than the other: what the other's entry demands is
 * demanded of all its names, and what is newly judged was judged before.
 */
function doubtPattern(pattern: string, table: Table, stricterSide: 0 | 1): Doubt {
  const otherSide = stricterSide === 0 ? 1 : 0;
  const stricter = writtenUnder(pattern, table, stricterSide);
  const other = writtenUnder(pattern, table, otherSide);
  return (
    (other === undefined ? undefined : doubtDemands(pattern, other, table, stricterSide)) ??
    (stricter === undefined ? undefined : doubtJudged(pattern, stricter, table, otherSide))
  );
}

function doubtDemands(pattern: string, demanded: EntrySide, table: Table, side: 0 | 1): Doubt {
  const { texts } = table.comparison;
  const covering = table.patterns[side].filter((candidate) => isNamePatternWithin(pattern, [candidate]));
  const entries = covering.flatMap((candidate) => asList(writtenUnder(candidate, table, side)));
  if (entries.length > 0 && doubtAny(entries, demanded, texts) === undefined) return undefined;
  // no one entry demands it of all names: then every entry that judges some of them has to, and there is the default for the rest
  const meeting = table.patterns[side].filter((candidate) => mayMeet(candidate, pattern));
  const doubts = meeting.flatMap((candidate) =>
    asList(writtenUnder(candidate, table, side)).map((entry) => doubtStricter(entry, demanded, texts)),
  );
  const isDefaultStrict = table.sides[side].parts.stage === 'enforce' || demanded.entry.stage !== 'enforce';
  const isReached = demanded.entry.dispatch === undefined || table.sides[side].parts.stage === 'enforce';
  return (
    firstDoubt(doubts) ?? (isDefaultStrict && isReached ? undefined : 'what no entry is about passes in this stage')
  );
}

function doubtJudged(pattern: string, judged: EntrySide, table: Table, otherSide: 0 | 1): Doubt {
  if (table.sides[otherSide].parts.stage !== 'enforce') return undefined;
  if (isNamePatternWithin(pattern, table.patterns[otherSide])) return undefined;
  return deniesAll(judged, table.comparison.texts) ? undefined : 'what no entry is about is denied';
}

function* patternCalls(pattern: string, table: Table): Generator<Call> {
  const { patterns, written, fresh } = table;
  const others = [...new Set([...patterns[0], ...patterns[1]])].filter((other) => other !== pattern);
  const meetings = others.slice(0, MAX_MEETINGS).flatMap((other) => meetingName(pattern, other, fresh) ?? []);
  const names = [
    instanceOf(pattern, fresh),
    ...meetings,
    instanceOf(pattern, `${fresh}${fresh}`),
    instanceOf(pattern, ''),
  ];
  const free = [...new Set(names)].filter((name) => name !== '' && !written[0].has(name) && !written[1].has(name));
  for (const name of free) yield* candidateCalls(name, judging(name, table, 0), judging(name, table, 1), table);
}

/** Calls by a name on which the entries may differ: each principal with plain arguments, then all arguments. */
function* candidateCalls(
  name: string,
  before: readonly EntrySide[],
  after: readonly EntrySide[],
  table: Table,
): Generator<Call> {
  const { kind, comparison, sides } = table;
  const { texts } = comparison;
  const rules = [...(comparison.before.document.rules ?? []), ...(comparison.after.document.rules ?? [])];
  const whos = [...after, ...before].map(({ who }) => who);
  const principals = principalsFor([...whos, ...rules.map((rule) => rule.match?.who)], MAX_PRINCIPALS);
  const bases = [after, before]
    .map((entries) => meetingObject(checksOf(entries), texts))
    .filter((base) => base !== undefined);
  const conditions = [...before, ...after].flatMap(({ document }) => conditionOf(document));
  const callOf = (args: JsonObject, principal: Call['principal']): Call => ({
    server: sides[0].parts.name,
    direction: 'client-to-server',
    method: kind.method,
    params: { name, arguments: args },
    principal,
  });
  const [first = {}, second = first] = bases;
  const [somebody = {}, ...others] = principals;
  const members = principals.slice(0, MAX_MEMBERS);
  for (const args of bases.length === 0 ? [{}] : bases) yield callOf(args, somebody);
  for (const args of differingArguments(before, after, texts)) {
    for (const principal of members) yield callOf(args, principal);
  }
  for (const principal of others) for (const args of new Set([first, second])) yield callOf(args, principal);
  for (const args of [...carried(before, after, table), ...conditionArguments(conditions, bases)]) {
    for (const principal of members) yield callOf(args, principal);
  }
  for (const args of variedArguments(before, after, texts)) {
    for (const principal of members) yield callOf(args, principal);
  }
}

function checksOf(entries: readonly EntrySide[]): readonly ObjectCheck[] {
  return entries.flatMap(({ entry }) => checkOf(entry.envelope) ?? []);
}

/** The condition of an approval. */
function conditionOf(document: JsonObject): readonly string[] {
  const approval = own(document, 'approval') as { readonly when?: unknown } | string | undefined;
  return typeof approval === 'object' && typeof approval.when === 'string' ? [approval.when] : [];
}

/** For dispatchers: arguments that carry calls of tools that one policy allows, and of one that neither knows. */
function carried(before: readonly EntrySide[], after: readonly EntrySide[], table: Table): readonly JsonObject[] {
  const dispatching = [...after, ...before].filter(({ entry }) => entry.dispatch !== undefined);
  if (dispatching.length === 0) return [];
  const { texts } = table.comparison;
  const names = [...new Set([...table.written[0], ...table.written[1]])].filter((name) => !name.includes('*'));
  const inner = names.slice(0, MAX_INNER).flatMap((tool) =>
    [judging(tool, table, 1), judging(tool, table, 0)].map((entries) => ({
      tool,
      args: meetingObject(checksOf(entries), texts) ?? {},
    })),
  );
  const unknown = { tool: `${table.fresh}${table.fresh}`, args: {} };
  return dispatching.flatMap((entry) =>
    carryingArguments(entry, meetingObject(checksOf([entry]), texts) ?? {}, [...inner, unknown]),
  );
}
