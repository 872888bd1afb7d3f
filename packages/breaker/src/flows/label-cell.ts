import { RunEvidence, type Source } from './run-evidence.ts';

/** Says where text came from, not that it must not leave: results that have no other label have no fingerprints. */
export const UNTRUSTED = 'untrusted';

/** Labels of one run. With more it counts as having seen all. */
const MAX_LABELS = 64;

/** Lists of runs that brought one label. What others bring is lifted by an operator only. */
const MAX_BRINGERS = 16;

/** Calls named for each of them: the last. */
const MAX_CALLS = 4;

/** Who brought a label: the calls of one run, inside others or not. */
export interface Bringer {
  /** The run, then those around it. Empty: many, of which none can lift it. */
  readonly runs: readonly string[];
  /** The gate's ids of its last calls that did. */
  readonly calls: readonly string[];
}

/** Labels that a call under way will bring. */
interface Pending {
  readonly call: string;
  readonly labels: readonly string[];
  readonly runs: readonly string[];
}

/** What a run has seen. */
export interface LabelCell {
  readonly labels: Map<string, readonly Bringer[]>;
  /** There were more labels than are kept apart. */
  sawAll: boolean;
  evidence: RunEvidence;
  readonly pending: Map<number, Pending>;
  nextTicket: number;
}

export function createLabelCell(): LabelCell {
  return { labels: new Map(), sawAll: false, evidence: new RunEvidence(), pending: new Map(), nextTicket: 0 };
}

export function copyLabelCell(cell: LabelCell): LabelCell {
  return {
    labels: new Map(cell.labels),
    sawAll: cell.sawAll,
    evidence: cell.evidence.copy(),
    pending: new Map(cell.pending),
    nextTicket: cell.nextTicket,
  };
}

/** Whether nothing has been seen. */
export function isUnlabelled(cell: LabelCell): boolean {
  return cell.labels.size === 0 && !cell.sawAll;
}

export function hasSeen(cell: LabelCell, label: string): boolean {
  return cell.sawAll || cell.labels.has(label);
}

/** The run has seen what a call brought. */
export function joinLabels(
  cell: LabelCell,
  labels: Iterable<string>,
  by: { readonly call: string; readonly runs: readonly string[] },
): void {
  for (const label of labels) {
    const bringers = cell.labels.get(label);
    if (bringers === undefined && cell.labels.size === MAX_LABELS) cell.sawAll = true;
    else cell.labels.set(label, withBringer(bringers ?? [], by));
  }
}

function withBringer(
  bringers: readonly Bringer[],
  { call, runs }: { readonly call: string; readonly runs: readonly string[] },
): readonly Bringer[] {
  const isKnown = bringers.some((bringer) => isSame(bringer.runs, runs));
  const by = isKnown || bringers.length < MAX_BRINGERS - 1 ? runs : [];
  const calls = bringers.find((bringer) => isSame(bringer.runs, by))?.calls ?? [];
  const others = bringers.filter((bringer) => !isSame(bringer.runs, by));
  return [...others, { runs: by, calls: [...calls.filter((other) => other !== call), call].slice(-MAX_CALLS) }];
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((run, index) => run === right[index]);
}

/** A declassifier of `run` succeeded: what the run, and those inside it, brought of the labels is lifted. */
export function declassify(cell: LabelCell, labels: readonly string[], run: string): void {
  for (const label of labels) {
    const kept = (cell.labels.get(label) ?? []).filter(({ runs }) => !runs.includes(run));
    if (kept.length === 0) cell.labels.delete(label);
    else cell.labels.set(label, kept);
  }
  cell.evidence.lift((source) => (source.runs.includes(run) ? without(source, labels) : source));
}

/** An operator lifts labels, whoever brought them. Calls under way bring theirs yet. */
export function releaseLabels(cell: LabelCell, labels: readonly string[]): void {
  for (const label of labels) cell.labels.delete(label);
  cell.evidence.lift((source) => without(source, labels));
}

/** The run has ended: nothing of it needs to be kept but what is under way. */
export function endRun(cell: LabelCell): void {
  cell.labels.clear();
  cell.sawAll = false;
  cell.evidence.lift(() => undefined);
}

function without(source: Source, labels: readonly string[]): Source | undefined {
  const kept = source.labels.filter((label) => !labels.includes(label));
  if (kept.length === source.labels.length) return source;
  return kept.length === 0 ? undefined : { ...source, labels: kept };
}
