import { own, type JsonObject } from '@callgate/canonical';

import { isNamePatternWithin } from '../compare/name-patterns.ts';
import type { EntryTable } from '../compile/server-runtime.ts';
import { entryChanges, wordsOf } from './entry-changes.ts';
import { doubtStricter, type Doubt } from './entry-strictness.ts';
import { judgedLimitsChanges } from './limits-changes.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { doubtRuled, type Doubts } from './rule-sensitivity.ts';
import { acceptsOthers, entriesOf, entrySideOf, type Comparison, type EntrySide, type ServerSide } from './sides.ts';

/** A table of named entries of a server: its tools or its prompts. */
export interface TableKind {
  readonly subject: 'tool' | 'prompt';
  readonly method: string;
  readonly key: 'tools' | 'prompts';
}

/** The tools of a server. */
export const TOOLS: TableKind = { subject: 'tool', method: 'tools/call', key: 'tools' };

/** The prompts of a server. */
export const PROMPTS: TableKind = { subject: 'prompt', method: 'prompts/get', key: 'prompts' };

/** Something before and after. */
export type Pair<Item> = readonly [Item, Item];

/** A table of entries in both policies. */
export interface Table {
  readonly kind: TableKind;
  readonly comparison: Comparison;
  readonly sides: Pair<ServerSide>;
  /** The names written in each policy, patterns among them. */
  readonly written: Pair<ReadonlySet<string>>;
  readonly patterns: Pair<readonly string[]>;
  readonly fresh: string;
}

/** The names and patterns that a server’s document writes in a table. */
export function namesOf({ key }: TableKind, { document }: ServerSide): ReadonlySet<string> {
  return new Set(Object.keys(document[key] ?? {}));
}

/** The patterns among names, sorted. */
export function patternsIn(names: ReadonlySet<string>): readonly string[] {
  return [...names].filter((name) => name.includes('*')).toSorted();
}

function tableOf({ kind }: Table, { parts }: ServerSide): EntryTable {
  return parts[kind.key];
}

/** The entries that judge a name in one of the policies. */
export function judging(name: string, table: Table, side: 0 | 1): readonly EntrySide[] {
  const { policy } = table.sides[side];
  return entriesOf(policy, tableOf(table, table.sides[side]), name);
}

/** What an item about a name says of itself. */
export function aboutName(
  name: string,
  { kind, sides, written }: Table,
): Pick<ItemDraft, 'subject' | 'server' | 'name' | 'status'> {
  const status = !written[0].has(name) ? 'added' : !written[1].has(name) ? 'removed' : 'modified';
  return { subject: kind.subject, server: sides[0].parts.name, name, status };
}

/** Whether exceptions of one of the policies may accept arguments of the table's calls that its entries do not. */
export function mayLift({ kind, comparison, sides }: Table, side: 0 | 1): boolean {
  return kind.subject === 'tool' && acceptsOthers(comparison.registers[side], sides[side].parts.name);
}

/** One of the entries has to be at least as strict; the doubt is about the first. */
export function doubtAny(
  stricter: readonly EntrySide[],
  than: EntrySide,
  texts: Comparison['texts'],
  isLifted: boolean,
): Doubt {
  const doubts = stricter.map((entry) => doubtStricter(entry, than, texts, isLifted));
  return doubts.includes(undefined) ? undefined : doubts[0];
}

/** The first doubt of several; undefined where all are proved. */
export function firstDoubt(doubts: readonly Doubt[]): Doubt {
  return doubts.find((doubt) => doubt !== undefined);
}

/** The entries that judge every name that a pattern stands for and that is not written out. */
export function covering(pattern: string, table: Table, side: 0 | 1): readonly EntrySide[] {
  return table.patterns[side]
    .filter((candidate) => isNamePatternWithin(pattern, [candidate]))
    .flatMap((candidate) => asList(writtenUnder(candidate, table, side)));
}

/** Whether rules may judge calls by this name otherwise than before. */
export function ruledDoubts(name: string, table: Table, entries: Pair<readonly EntrySide[]>): Doubts {
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

/**
 * What was written otherwise under the name; what the server's entry says for all is told there.
 *
 * @param judges the entries that judge all calls by the name
 */
export function changesBetween(
  name: string,
  table: Table,
  before: readonly EntrySide[],
  after: readonly EntrySide[],
  judges: Pair<readonly EntrySide[]> = [before, after],
): readonly CountedChange[] {
  const { written, comparison, sides } = table;
  const [was, is] = [written[0].has(name), written[1].has(name)];
  const [one] = before;
  const [other] = after;
  if (was && is && one !== undefined && other !== undefined) return entryChanges(one, other, comparison.texts);
  const side = was ? one : other;
  const direction = 'changed';
  const words = side === undefined ? null : (wordsOf(side.document['ring']) ?? 'any');
  const what = words === null ? 'an entry' : words === 'any' ? 'an entry' : `an entry of ring ${words}`;
  return [
    { key: 'entry', direction, before: was ? what : null, after: is ? what : null, counts: false },
    ...judgedLimitsChanges(judges, sides),
  ];
}

/** One entry, or none, as a list. */
export function asList(side: EntrySide | undefined): readonly EntrySide[] {
  return side === undefined ? [] : [side];
}

/** The entry that is written under a pattern. */
export function writtenUnder(pattern: string, table: Table, side: 0 | 1): EntrySide | undefined {
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
