import { isInDoubt, type RecordedCall } from '../runs/recorded-call.ts';
import type { RunTimeline, TimelineItem } from '../runs/run-timeline.ts';
import { mermaidText } from './mermaid-text.ts';
import { decisionWords, outcomeWords, subjectOf } from './run-text.ts';
import { formatCost, formatCount, plural } from './words.ts';

/** One line of the diagram, and the record that it comes from. */
interface Step {
  readonly seq: number;
  readonly line: string;
}

/**
 * A run as a Mermaid sequence diagram: the run, the runs inside it, the gate where it stopped something, and the servers. Decisions and
 * answers stand in the order of their records, so that calls under way at the same time show.
 */
export function runMermaid(timeline: RunTimeline): readonly string[] {
  const { items } = timeline;
  const names = new Participants(timeline);
  const steps = items.flatMap((item) => stepsOf(item, names)).toSorted((left, right) => left.seq - right.seq);
  const inDoubt = items.flatMap((item) => doubtLines(item, names));
  const more = timeline.omitted === 0 ? [] : [`  Note over R0: …and ${plural(timeline.omitted, 'more call')}`];
  return [
    'sequenceDiagram',
    ...names.lines,
    ...steps.map(({ line }) => `  ${line}`),
    ...inDoubt.map((line) => `  ${line}`),
    ...more,
  ];
}

/** The participants, under names of our own. */
class Participants {
  readonly lines: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #shown: string;

  constructor({ run, actors, items }: RunTimeline) {
    this.#shown = run;
    const [actor] = actors;
    this.#add(`run ${run}`, 'R', actor === undefined ? `run ${run}` : `run ${run} (${actor})`);
    const calls = items.flatMap((item) => (item.kind === 'call' ? [item.call] : []));
    for (const call of calls) this.#add(`run ${call.run ?? run}`, 'R', `run ${call.run ?? run}`);
    const isStopped = calls.length < items.length || calls.some(({ effect }) => effect !== 'allow');
    if (isStopped) this.#add('gate', 'G', 'gate');
    for (const { server } of calls) this.#add(`server ${server}`, 'S', server);
  }

  get gate(): string {
    return this.#of('gate');
  }

  runOf({ run }: RecordedCall): string {
    return this.#of(`run ${run ?? this.#shown}`);
  }

  serverOf({ server }: RecordedCall): string {
    return this.#of(`server ${server}`);
  }

  #of(key: string): string {
    return this.#names.get(key) ?? 'R0';
  }

  #add(key: string, letter: string, words: string): void {
    if (this.#names.has(key)) return;
    const name = `${letter}${this.#names.size}`;
    this.#names.set(key, name);
    this.lines.push(`  participant ${name} as ${mermaidText(words)}`);
  }
}

function stepsOf(item: TimelineItem, names: Participants): readonly Step[] {
  switch (item.kind) {
    case 'call':
      return callSteps(item.call, item, names);
    case 'history':
    case 'gap':
    case 'anomaly': {
      const code = item.kind === 'history' ? '' : ` ${item.code}`;
      return [{ seq: item.seq, line: `Note over ${names.gate}: ${mermaidText(`${subjectOf(item)}${code}`)}` }];
    }
  }
}

function callSteps(call: RecordedCall, item: TimelineItem, names: Participants): readonly Step[] {
  const [from, to] =
    call.direction === 'client-to-server'
      ? [names.runOf(call), names.serverOf(call)]
      : [names.serverOf(call), names.runOf(call)];
  const { seq, ending } = call;
  const what = mermaidText(subjectOf(item));
  if (call.effect !== 'allow') {
    return [
      { seq, line: `${from}-x${names.gate}: ${what}` },
      { seq, line: `${names.gate}--x${from}: ${mermaidText(decisionWords(call))}` },
    ];
  }
  const would = call.would === null ? '' : ` (would ${call.would})`;
  const asked = { seq, line: `${from}->>${to}: ${what}${mermaidText(would)}` };
  if (ending === null) return [asked];
  const arrow = ending.outcome === 'ok' ? '-->>' : '--x';
  return [asked, { seq: ending.seq, line: `${to}${arrow}${from}: ${mermaidText(answerWords(call))}` }];
}

function answerWords(call: RecordedCall): string {
  const { ending } = call;
  return [
    outcomeWords(call),
    ...(ending === null ? [] : [`${formatCount(Math.round(ending.durationMs))} ms`]),
    ...(ending === null || ending.cost === null ? [] : [`cost ${formatCost(ending.cost)}`]),
    ...(ending === null || ending.labels.length === 0 ? [] : [`labels ${ending.labels.join(', ')}`]),
  ].join(' · ');
}

function doubtLines(item: TimelineItem, names: Participants): readonly string[] {
  if (item.kind !== 'call' || !isInDoubt(item.call)) return [];
  const what = mermaidText(`${subjectOf(item)}: in doubt, no outcome`);
  return [`${names.serverOf(item.call)}--x${names.runOf(item.call)}: ${what}`];
}
