import type { ReplayTimeline, TimelineRow } from '../replay/replay-timeline.ts';
import type { Judged } from '../replay/flip.ts';
import { rulePlace } from './decision-text.ts';
import { printable } from './printable.ts';
import { plainChange } from './replay-text.ts';
import type { Style } from './style.ts';
import { textTable, type Cell, type Column } from './text-table.ts';
import { formatTime, plural } from './words.ts';

/** The decisions of one run for a person, each with the message of what stopped it below. */
export function replayTimelineText({ run, rows, omitted }: ReplayTimeline, style: Style): readonly string[] {
  if (rows.length === 0) return [`no call of run ${printable(run)}`, ''];
  const head = style.bold(`run ${printable(run)}`);
  const table = textTable(columnsFor(style), rows, style, (row, previous) => runLine(run, row, previous, style));
  const more = omitted === 0 ? [] : [style.yellow(`…and ${plural(omitted, 'more call')}`)];
  return [head, ...table, ...messages(rows, style), ...more, ''];
}

/** A line where the calls of another run begin. */
function runLine(shown: string, row: TimelineRow, previous: TimelineRow | undefined, style: Style): readonly string[] {
  if (row.run === (previous?.run ?? shown)) return [];
  return [style.cyan(`${'  '.repeat(row.depth)}run ${printable(row.run)}`)];
}

function columnsFor(style: Style): readonly Column<TimelineRow>[] {
  return [
    { title: 'place', align: 'right', cell: ({ place }) => String(place) },
    { title: 'time', cell: ({ at }) => ({ text: at === undefined ? '' : formatTime(at), paint: style.dim }) },
    { title: 'tool', maxWidth: 60, cell: ({ depth, target }) => `${'  '.repeat(depth)}${target}` },
    { title: 'server', cell: ({ server }) => server },
    { title: 'before', maxWidth: 60, cell: ({ before }) => (before === null ? '' : judgedWords(before)) },
    { title: 'now', maxWidth: 60, cell: ({ decision }) => nowCell(decision, style) },
    { title: 'change', cell: ({ change }) => (change === null ? '' : plainChange(change)) },
    { title: 'rule', maxWidth: 60, cell: ({ decision }) => decision.determining.map(ruleWords).join(', ') },
    { title: 'outcome', maxWidth: 60, cell: ({ outcome }) => outcome },
    { title: 'notices', cell: ({ decision }) => decision.notices?.map(({ id }) => id).join(', ') ?? '' },
    { title: 'history', maxWidth: 60, cell: ({ changes }) => changes.map(changeWords).join(', ') },
  ];
}

/** `breaker tool-down opened`. */
function changeWords({ kind, control }: TimelineRow['changes'][number]): string {
  return `breaker ${control} ${kind === 'breaker-opened' ? 'opened' : 'closed'}`;
}

function judgedWords({ effect, code }: Judged): string {
  return code === null || code === 'allowed' ? effect.toUpperCase() : `${effect.toUpperCase()} ${code}`;
}

function nowCell(decision: TimelineRow['decision'], style: Style): Cell {
  const { effect, would } = decision;
  const text = `${judgedWords(decision)}${would === undefined ? '' : ` (would ${would})`}`;
  return { text, paint: effect === 'allow' ? style.green : effect === 'deny' ? style.red : style.yellow };
}

function ruleWords(rule: TimelineRow['decision']['determining'][number]): string {
  return rule.id === undefined ? rulePlace(rule) : `${rule.id} (${rulePlace(rule)})`;
}

/** What each call that was stopped was told, once each. */
function messages(rows: readonly TimelineRow[], style: Style): readonly string[] {
  const told = new Map<string, number>();
  for (const { decision, after, place } of rows)
    if (after.effect !== 'allow' && !told.has(decision.message)) told.set(decision.message, place);
  return [...told].map(([message, place]) => `${style.dim(`  ${place}:`)} ${printable(message, 500)}`);
}
