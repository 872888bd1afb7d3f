import type { Layer } from '../finding.ts';
import type { Concept } from './concept.ts';
import type { Mark } from './read-concepts.ts';
import { FLAG_SCORE, QUARANTINE_SCORE, SIGNALS, type Signal } from './signals.ts';
import { Surroundings } from './surroundings.ts';

/** Signals further apart than this make two passages, and none is longer than this many code units. */
const GAP = 360;
const LONGEST = 1600;

/** One piece of a text with signals in it. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  /** Each once, heaviest first. */
  readonly signals: readonly Signal[];
  readonly score: number;
  /** What of its place and form changed the score. */
  readonly circumstances: readonly string[];
}

/** What is known of a text beside its words. */
export interface Setting {
  readonly text: string;
  readonly layers: readonly Layer[];
  /** Signals weigh what they weigh in a definition. */
  readonly isDefinition: boolean;
  /** Whether it was written so that filters do not read it. */
  readonly isDisguised: boolean;
}

/** A passage that grows. */
interface Group {
  start: number;
  end: number;
  /** By id: a signal has a form for each way of writing. */
  readonly signals: Map<string, Signal>;
  /** Whether each of them proves nothing on its own. */
  isMinor: boolean;
}

/** Which signals each concept is part of. */
const BY_CONCEPT: ReadonlyMap<Concept, readonly Signal[]> = byConcept();

function byConcept(): ReadonlyMap<Concept, readonly Signal[]> {
  const map = new Map<Concept, Signal[]>();
  for (const signal of SIGNALS) {
    for (const concept of signal.concepts) map.set(concept, [...(map.get(concept) ?? []), signal]);
  }
  return map;
}

const NONE: readonly Passage[] = Object.freeze([]);

/** Groups the marks of a text, by where they start, into passages of signals, and scores them. One pass. */
export function passagesOf(setting: Setting, marks: readonly Mark[]): readonly Passage[] {
  const groups: Group[] = [];
  const last = new Map<Concept, Mark>();
  for (const mark of marks) {
    last.set(mark.concept, mark);
    for (const signal of BY_CONCEPT.get(mark.concept) ?? []) {
      const start = startOf(signal, mark, last);
      if (start !== undefined && !isBroken(setting.text, signal, start, mark.end))
        join(groups, signal, start, mark.end);
    }
  }
  if (groups.length === 0) return NONE;
  const surroundings = new Surroundings(setting.text, marks);
  return groups.map((group) => scored(setting, group, surroundings)).filter(({ score }) => score >= FLAG_SCORE);
}

/** Where the marks of a signal that `mark` completes begin; undefined where some are missing or too far. */
function startOf(signal: Signal, mark: Mark, last: ReadonlyMap<Concept, Mark>): number | undefined {
  let { start } = mark;
  for (const concept of signal.concepts) {
    const other = last.get(concept);
    if (other === undefined || mark.end - other.end > signal.within) return undefined;
    start = Math.min(start, other.start);
  }
  return start;
}

/** Whether a sentence ends between the words of a signal that is made of one. */
function isBroken(text: string, { within, concepts }: Signal, start: number, end: number): boolean {
  return concepts.length > 1 && within <= ONE_SENTENCE && /[.;!?]\s/u.test(text.slice(start, end));
}

/** Signals that reach no further are one sentence. */
const ONE_SENTENCE = 72;

/** A word that proves nothing on its own does not stretch a passage, nor does it begin one. */
const MINOR = 1;

function join(groups: Group[], signal: Signal, start: number, end: number): void {
  const open = groups.at(-1);
  const isNear = open !== undefined && start - open.end <= GAP && end - open.start <= LONGEST;
  if (!isNear) {
    const signals = new Map([[signal.id, signal]]);
    groups.push({ start: Math.max(start, open?.end ?? 0), end, signals, isMinor: signal.weight <= MINOR });
    return;
  }
  if (open.isMinor) open.start = start;
  if (signal.weight > MINOR) {
    open.end = Math.max(open.end, end);
    open.isMinor = false;
  }
  open.signals.set(signal.id, signal);
}

function scored({ layers, isDefinition, isDisguised }: Setting, group: Group, surroundings: Surroundings): Passage {
  const { start, end } = group;
  const weightOf = (signal: Signal): number => (isDefinition ? signal.inDefinition : signal.weight);
  const signals = [...group.signals.values()].toSorted((one, other) => weightOf(other) - weightOf(one));
  const circumstances: string[] = [];
  let score = signals.reduce((sum, signal) => sum + weightOf(signal), 0);
  if (score >= HIDEABLE) {
    const hidden = [
      ...(layers.some((layer) => ENCODED.has(layer)) ? ['an encoding hides it'] : []),
      ...(isDisguised ? ['it is spelled so that filters do not read it'] : []),
      ...(surroundings.isInComment(start) ? ['it stands in a comment'] : []),
      ...(surroundings.isConcealed(start) ? ['it stands where it does not show'] : []),
    ];
    score += hidden.length * HIDDEN;
    circumstances.push(...hidden);
  }
  const mentioned = surroundings.isMentioned(start, end)
    ? 'it is quoted, by a text that speaks of such things'
    : surroundings.isDiscussed(start, end)
      ? 'the text around it is about attacks'
      : undefined;
  if (score >= QUARANTINE_SCORE && mentioned !== undefined) {
    score = QUARANTINE_SCORE - 1;
    circumstances.push(mentioned);
  }
  return { start, end, signals, score, circumstances };
}

/** From which score on it counts that a passage is hidden, and what that adds. */
const HIDEABLE = 2;
const HIDDEN = 3;
const ENCODED: ReadonlySet<Layer> = new Set<Layer>(['base64', 'hex', 'hidden']);

/** Whether a passage is withheld, and not only reported. */
export function isWithheld({ score }: Passage): boolean {
  return score >= QUARANTINE_SCORE;
}
