import { freshText } from '../compare/name-patterns.ts';
import { draftPattern } from './diff-pattern.ts';
import { deniesAll, type Doubt } from './entry-strictness.ts';
import {
  aboutName,
  changesBetween,
  doubtAny,
  firstDoubt,
  judging,
  mayLift,
  namesOf,
  patternsIn,
  ruledDoubts,
  type Pair,
  type Table,
  type TableKind,
} from './entry-table.ts';
import type { ItemDraft } from './make-item.ts';
import type { Comparison, EntrySide, ServerSide } from './sides.ts';
import { candidateCalls } from './table-calls.ts';

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

/** What judges a name that is written out in one of the policies: its own entry alone, or the patterns that match it. */
function draftName(name: string, table: Table): ItemDraft {
  const { sides } = table;
  const [before, after] = [judging(name, table, 0), judging(name, table, 1)];
  const ruled = ruledDoubts(name, table, [before, after]);
  return {
    ...aboutName(name, table),
    widening: isClosed(after, sides[1], mayLift(table, 1))
      ? undefined
      : (doubtList(after, before, [sides[1], sides[0]], table, mayLift(table, 1)) ?? ruled.widening),
    narrowing: isClosed(before, sides[0], mayLift(table, 0))
      ? undefined
      : (doubtList(before, after, sides, table, mayLift(table, 0)) ?? ruled.narrowing),
    changes: changesBetween(name, table, before, after),
    calls: () => candidateCalls(name, before, after, table),
    before: before.flatMap(({ entry }) => entry.references),
    after: after.flatMap(({ entry }) => entry.references),
  };
}

/** Proves that every call is denied, whatever rules say. */
function isClosed(entries: readonly EntrySide[], { parts }: ServerSide, isLifted: boolean): boolean {
  if (entries.length === 0) return parts.stage === 'enforce';
  return !isLifted && entries.some(({ entry }) => entry.envelope === 'missing' && entry.stage === 'enforce');
}

/** Proves that a list of entries, of which all must be satisfied, is at least as strict as another. */
function doubtList(
  stricter: readonly EntrySide[],
  than: readonly EntrySide[],
  [side, otherSide]: Pair<ServerSide>,
  { comparison: { texts } }: Table,
  isLifted: boolean,
): Doubt {
  if (stricter.length === 0 && side.parts.stage === 'enforce') return undefined;
  const denies = (): boolean => !isLifted && stricter.some((entry) => deniesAll(entry, texts));
  if (than.length === 0) {
    return otherSide.parts.stage !== 'enforce' || denies() ? undefined : 'what no entry is about is denied';
  }
  if (stricter.length === 0) {
    return than.every(({ entry }) => entry.stage !== 'enforce' && entry.dispatch === undefined)
      ? undefined
      : 'what no entry is about passes in this stage';
  }
  const doubt = firstDoubt(than.map((other) => doubtAny(stricter, other, texts, isLifted)));
  return doubt === undefined || denies() ? undefined : doubt;
}
