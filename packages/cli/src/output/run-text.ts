import { formatCost, formatCount, formatTime, plural } from './words.ts';
import { isInDoubt, type RecordedCall } from '../runs/recorded-call.ts';
import type { RunTimeline, TimelineItem } from '../runs/run-timeline.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { textTable, type Cell, type Column } from './text-table.ts';

type CallItem = Extract<TimelineItem, { readonly kind: 'call' }>;
type EventItem = Exclude<TimelineItem, CallItem>;

/** A run for a person: what it was, then a table of what happened, in the order of the records. */
export function runText(timeline: RunTimeline, style: Style): readonly string[] {
  const calls: CallItem[] = [];
  const linesBefore = new Map<CallItem, readonly string[]>();
  let lines: string[] = [];
  for (const item of timeline.items) {
    if (item.kind === 'call') {
      calls.push(item);
      linesBefore.set(item, lines);
      lines = [];
    } else lines.push(eventLine(timeline, item, style));
  }
  return [
    ...headLines(timeline, style),
    '',
    ...textTable(columnsFor(timeline, style), calls, style, (item, previous) => [
      ...(linesBefore.get(item) ?? []),
      ...runLine(timeline, item, previous, style),
    ]),
    ...lines,
    ...footLines(timeline, style),
  ];
}

function headLines(timeline: RunTimeline, style: Style): readonly string[] {
  const { counts, actors, parents, nested, first = 0, last = 0 } = timeline;
  const within = parents.length === 0 ? '' : `, within ${parents.map((run) => printable(run)).join(', within ')}`;
  const inDoubt = counts.inDoubt === 0 ? '' : `, ${style.yellow(`${formatCount(counts.inDoubt)} in doubt`)}`;
  return [
    `${style.bold(`run ${printable(timeline.run)}`)}${within}`,
    ...(actors.size === 0 ? [] : [`  ${[...actors].map((actor) => printable(actor)).join('; ')}`]),
    `  ${formatTime(first)} to ${formatTime(last)}`,
    `  ${plural(counts.calls, 'call')}: ${formatCount(counts.allowed)} allowed, ${formatCount(counts.held)} held, ${formatCount(counts.denied)} denied${inDoubt}`,
    ...(timeline.cost === 0 ? [] : [`  cost ${formatCost(timeline.cost)}${unstated(counts.unstated)}`]),
    ...(nested.size === 0 ? [] : [`  with ${plural(nested.size, 'run')} inside it`]),
  ];
}

function unstated(count: number): string {
  return count === 0 ? '' : `, and that of ${plural(count, 'call')} is not stated`;
}

function footLines({ omitted, forgotten }: RunTimeline, style: Style): readonly string[] {
  return [
    ...(omitted === 0 ? [] : [style.yellow(`…and ${plural(omitted, 'more call')}: see --limit`)]),
    ...(forgotten === 0
      ? []
      : [style.yellow(`${plural(forgotten, 'call')} could not be followed to an outcome: too many were open at once`)]),
  ];
}

/** A line where the calls of another run begin, indented as deep as it is. */
function runLine(
  { run }: RunTimeline,
  { call, depth }: CallItem,
  previous: CallItem | undefined,
  style: Style,
): readonly string[] {
  const before = previous === undefined ? run : previous.call.run;
  return call.run === before ? [] : [style.cyan(`${'  '.repeat(depth)}run ${printable(call.run ?? run)}`)];
}

/** What happened to the run between its calls, as a line of its own. */
function eventLine(timeline: RunTimeline, event: EventItem, style: Style): string {
  const words = event.kind === 'history' ? subjectOf(event) : `${subjectOf(event)}: ${event.code}`;
  const paint = event.kind === 'history' ? style.yellow : style.red;
  return `${style.dim(timeWords(timeline, event.time))}  ${paint(printable(words))}`;
}

/** The time of day, with the day where the run has more than one. */
function timeWords({ first = 0, last = 0 }: RunTimeline, time: number): string {
  const isOneDay = formatTime(first).slice(0, 10) === formatTime(last).slice(0, 10);
  return formatTime(time).slice(isOneDay ? 11 : 0);
}

function columnsFor(timeline: RunTimeline, style: Style): readonly Column<CallItem>[] {
  return [
    { title: 'time', cell: ({ call }) => ({ text: timeWords(timeline, call.time), paint: style.dim }) },
    { title: 'tool', maxWidth: 60, cell: (item) => `${'  '.repeat(item.depth)}${subjectOf(item)}` },
    { title: 'server', cell: ({ call }) => call.server },
    {
      title: 'decision',
      maxWidth: 60,
      cell: ({ call }) => ({ text: decisionWords(call), paint: effectPaint(call, style) }),
    },
    { title: 'rule', maxWidth: 60, cell: ({ call }) => call.rules.map(ruleWords).join(', ') },
    { title: 'outcome', maxWidth: 60, cell: ({ call }) => outcomeCell(call, style) },
    { title: 'duration', align: 'right', cell: ({ call }) => durationCell(call) },
    { title: 'cost', align: 'right', cell: ({ call }) => costCell(call) },
    { title: 'labels', cell: ({ call }) => call.ending?.labels.join(', ') ?? '' },
    { title: 'notices', cell: ({ call }) => call.notices.join(', ') },
  ];
}

/** `lethal-trifecta (line 40)` for a rule with a name, `line 9` for the entry of the tool. */
function ruleWords({ rule, line }: RecordedCall['rules'][number]): string {
  const name = rule.startsWith('/rules/') ? rule.slice('/rules/'.length) : undefined;
  if (line === null) return name ?? rule;
  return name === undefined ? `line ${line}` : `${name} (line ${line})`;
}

/** What a timeline item is about: the tool, or whatever else was asked. */
export function subjectOf(item: TimelineItem): string {
  switch (item.kind) {
    case 'call':
      return callSubject(item.call);
    case 'history':
      return `history ${historyWords(item)}`;
    case 'anomaly':
      return `anomaly ${item.request}`;
    case 'gap':
      return `${plural(item.count, 'record')} not kept`;
  }
}

function callSubject({ method, target, direction }: RecordedCall): string {
  const subject = method === 'tools/call' && target !== null ? target : [method, target ?? ''].join(' ').trimEnd();
  return direction === 'server-to-client' ? `asked: ${subject}` : subject;
}

/** `DENY arguments.envelope`, `ALLOW allowed (would deny tool.not_allowed)`. */
export function decisionWords({ effect, code, would, wouldCode }: RecordedCall): string {
  const word = code === 'allowed' ? effect.toUpperCase() : `${effect.toUpperCase()} ${code}`;
  return would === null ? word : `${word} (would ${would}${wouldCode === null ? '' : ` ${wouldCode}`})`;
}

function effectPaint({ effect }: RecordedCall, style: Style): (text: string) => string {
  if (effect === 'allow') return style.green;
  return effect === 'deny' ? style.red : style.yellow;
}

/** `ok`, `tool_error`, `quarantined (inspection.secret)`, `in doubt`; empty for what has no outcome. */
export function outcomeWords(call: RecordedCall): string {
  const { ending, code: decided } = call;
  if (ending === null) return isInDoubt(call) ? 'in doubt' : '';
  const { outcome, code } = ending;
  return code === null || code === decided ? outcome : `${outcome} (${code})`;
}

function outcomeCell(call: RecordedCall, style: Style): Cell {
  const isFine = call.ending?.outcome === 'ok' || call.ending?.outcome === 'denied';
  return { text: outcomeWords(call), paint: isFine ? undefined : style.yellow };
}

function costCell({ ending }: RecordedCall): string {
  const cost = ending?.cost ?? null;
  return cost === null ? '' : formatCost(cost);
}

function durationCell({ ending }: RecordedCall): string {
  return ending === null || ending.outcome === 'denied'
    ? ''
    : `${formatCount(Math.round(ending.durationMs * 10) / 10)} ms`;
}

/** `breaker-opened: control tool-down`; which call it was of shows by where it stands. */
function historyWords({ event, detail }: Extract<TimelineItem, { readonly kind: 'history' }>): string {
  const members = Object.entries(detail ?? {})
    .filter(([name]) => !['event', 'request', 'run'].includes(name))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return members.length === 0 ? event : `${event}: ${members.join(', ')}`;
}
