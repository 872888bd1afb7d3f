import type { Call } from '../call.ts';
import { instanceOf, isNamePatternWithin, mayMeet, meetingName } from '../compare/name-patterns.ts';
import { deniesAll, doubtStricter, type Doubt } from './entry-strictness.ts';
import {
  aboutName,
  asList,
  changesBetween,
  covering,
  doubtAny,
  firstDoubt,
  judging,
  mayLift,
  ruledDoubts,
  writtenUnder,
  type Table,
} from './entry-table.ts';
import type { ItemDraft } from './make-item.ts';
import type { EntrySide } from './sides.ts';
import { candidateCalls } from './table-calls.ts';

const MAX_MEETINGS = 16;

/** The names that a pattern stands for, those aside that either policy writes out. */
export function draftPattern(pattern: string, table: Table): ItemDraft {
  const [before, after] = [writtenUnder(pattern, table, 0), writtenUnder(pattern, table, 1)];
  const ruled = ruledDoubts(pattern, table, [asList(before), asList(after)]);
  const doubts = [doubtPattern(pattern, table, 1), doubtPattern(pattern, table, 0)] as const;
  return {
    ...aboutName(pattern, table),
    widening: doubts[0] ?? ruled.widening,
    narrowing: doubts[1] ?? ruled.narrowing,
    changes: changesBetween(pattern, table, asList(before), asList(after), [
      covering(pattern, table, 0),
      covering(pattern, table, 1),
    ]),
    calls: () => patternCalls(pattern, table),
    before: asList(before).flatMap(({ entry }) => entry.references),
    after: asList(after).flatMap(({ entry }) => entry.references),
  };
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
  const isLifted = mayLift(table, side);
  const entries = covering(pattern, table, side);
  if (entries.length > 0 && doubtAny(entries, demanded, texts, isLifted) === undefined) return undefined;
  // no one entry demands it of all names: then every entry that judges some of them has to, and there is the default for the rest
  const meeting = table.patterns[side].filter((candidate) => mayMeet(candidate, pattern));
  const doubts = meeting.flatMap((candidate) =>
    asList(writtenUnder(candidate, table, side)).map((entry) => doubtStricter(entry, demanded, texts, isLifted)),
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
  const isLifted = mayLift(table, otherSide === 0 ? 1 : 0);
  return !isLifted && deniesAll(judged, table.comparison.texts) ? undefined : 'what no entry is about is denied';
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
