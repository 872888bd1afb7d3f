import type { ControlVerdict, FlowControl, KeyPart, LabelControl } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';
import type { CallOutcome } from '../call-outcome.ts';
import { readKeys } from '../read-keys.ts';
import { ALLOW, type Held, type Keys, type Reducer } from '../reducer.ts';
import { EvidenceBudget } from './evidence-budget.ts';
import {
  UNTRUSTED,
  copyLabelCell,
  createLabelCell,
  declassify,
  hasSeen,
  isUnlabelled,
  joinLabels,
  type LabelCell,
} from './label-cell.ts';
import { restoreLabels, snapshotLabels } from './label-snapshot.ts';
import { sourceOf, type Carried } from './run-evidence.ts';
import { distinctGrams, sinkTextOf, type SinkText } from './sink-text.ts';

/** Where labels are kept, by run. */
export const LABEL_SPACE = 'labels';

const BY_RUN: readonly KeyPart[] = [{ by: 'run' }];

/** Calls that a verdict names as sources. */
const MAX_SOURCES = 8;

/** Labels that a call under way will bring, by this number. */
type LabelTicket = number;

/** Both kinds keep the labels of runs: results bring them, and calls of sinks are judged by them. */
export interface FlowReducers {
  readonly labels: Reducer<LabelControl, LabelCell, LabelTicket>;
  readonly flow: Reducer<FlowControl, LabelCell, LabelTicket>;
}

/**
 * How runs remember labels, and what of their results must not leave.
 *
 * A result joins its labels to its run and to all runs around it; a run sees its own and those of the runs around it. They stay until a
 * declassifier or an operator lifts them or the run ends. At the bound of keys a call of a new run is refused rather than a label
 * forgotten, unless a run has been idle for so long that it is taken to be over.
 *
 * @param maxIdleMs of the history's limits
 */
export function createFlowReducers(maxIdleMs: number, budget: EvidenceBudget = new EvidenceBudget()): FlowReducers {
  const cells = {
    space: () => LABEL_SPACE,
    keys: (_: unknown, call: CallFacts): Keys => readKeys(BY_RUN, call),
    create: createLabelCell,
    release(_: unknown, cell: LabelCell, ticket: LabelTicket): undefined {
      cell.pending.delete(ticket);
    },
    countsDrops: () => false,
    drop: () => undefined,
    ttlMs: (_: unknown, cell: LabelCell) => (isUnlabelled(cell) ? 0 : maxIdleMs),
    copy: copyLabelCell,
    snapshot: snapshotLabels,
    restore: restoreLabels,
    inspect: (_: unknown, cell: LabelCell) =>
      isUnlabelled(cell)
        ? undefined
        : {
            share: 0,
            labels: Object.fromEntries(
              [...cell.labels].map(([label, by]) => [label, by.flatMap(({ calls }) => calls)]),
            ),
            ...(cell.sawAll ? { sawAll: true } : {}),
          },
  };
  return {
    labels: {
      ...cells,
      judge: () => ALLOW,
      reserve: (control, cell, call) => begin(cell, call, control.labels),
      settle(control, cell, ticket, call, outcome) {
        if (outcome.outcome === 'ok' && control.declassifies.length > 0) {
          for (const run of call.call.runs.slice(0, 1)) declassify(cell, control.declassifies, run);
          budget.changed(cell.evidence);
        }
        const labels = finish(cell, ticket, call, outcome).filter((label) => label !== UNTRUSTED);
        if (outcome.fingerprints === undefined || labels.length === 0) return;
        const own = distinctGrams(textOf(call));
        cell.evidence.add(sourceOf(call.id, labels, call.call.runs, outcome.fingerprints, own));
        budget.changed(cell.evidence);
      },
    },
    flow: {
      ...cells,
      judge: judgeFlow,
      reserve(control, cell, call) {
        cell.evidence.send(control.sink, textOf(call));
        return begin(cell, call, []);
      },
      settle(_, cell, ticket, call, outcome) {
        finish(cell, ticket, call, outcome);
      },
    },
  };
}

function begin(cell: LabelCell, { id, call, known }: CallFacts, labels: readonly string[]): LabelTicket {
  const ticket = cell.nextTicket;
  cell.nextTicket += 1;
  // What the arguments bring may come back in the result.
  const own = [...labels, ...(known.carries ?? [])];
  const all = call.trust === 'external' ? [...own, UNTRUSTED] : own;
  cell.pending.set(ticket, { call: id, labels: all, runs: call.runs });
  return ticket;
}

/** Joins what the result brings. One that was withheld brings nothing: who opens its handle gets its labels. */
function finish(cell: LabelCell, ticket: LabelTicket, call: CallFacts, outcome: CallOutcome): readonly string[] {
  const pending = cell.pending.get(ticket);
  cell.pending.delete(ticket);
  if (pending === undefined || outcome.outcome === 'quarantined') return [];
  const labels = [...new Set([...pending.labels, ...(outcome.labels ?? [])])];
  joinLabels(cell, labels, { call: call.id, runs: call.call.runs });
  return labels;
}

function judgeFlow(control: FlowControl, held: readonly Held<LabelCell>[], call: CallFacts): ControlVerdict {
  const cells = held.flatMap(({ cell }) => cell ?? []);
  const carries = control.seen.filter((label) => call.known.carries?.includes(label) === true);
  if (!control.seen.every((label) => carries.includes(label) || cells.some((cell) => hasSeen(cell, label))))
    return ALLOW;
  const kept = cells.filter(({ evidence }) => evidence.grams > 0);
  const carried = carriedBy(control, kept, call);
  const isCarried =
    carries.some((label) => label !== UNTRUSTED) || carried.length > 0 || (kept.length > 0 && !textOf(call).complete);
  const effect = isCarried && (control.carried === 'deny' || control.then === 'deny') ? 'deny' : control.then;
  return {
    effect,
    code: 'flow.blocked',
    notice: {
      message: `the run has seen ${inWords(control.seen)}, and this call sends to \`${control.sink}\`${carriedInWords(isCarried, carries, carried)}`,
      hints: hintsOf(control, isCarried),
      sources: isCarried && carried.length > 0 ? sourcesOf(carried) : bringersOf(control, cells),
    },
  };
}

/** What the call carries of results that had one of the labels: `untrusted` alone is no reason to keep a text in. */
function carriedBy(control: FlowControl, cells: readonly LabelCell[], call: CallFacts): readonly Carried[] {
  return cells
    .flatMap((cell) => cell.evidence.find(control.sink, textOf(call)))
    .filter(({ labels }) => labels.some((label) => control.seen.includes(label)));
}

function sourcesOf(carried: readonly Carried[]): readonly string[] {
  return [...new Set(carried.map(({ call }) => call))].slice(0, MAX_SOURCES);
}

function bringersOf(control: FlowControl, cells: readonly LabelCell[]): readonly string[] {
  const calls = control.seen.flatMap((label) =>
    cells.flatMap((cell) => (cell.labels.get(label) ?? []).flatMap((bringer) => bringer.calls)),
  );
  return [...new Set(calls)].slice(0, MAX_SOURCES);
}

function carriedInWords(isCarried: boolean, carries: readonly string[], [first]: readonly Carried[]): string {
  if (!isCarried) return '';
  if (carries.length > 0) return `; its arguments carry a withheld result that is ${inWords(carries)}`;
  if (first === undefined) return '; its arguments are too long to be compared with what was seen';
  const labels = inWords(first.labels);
  return first.units >= first.ofUnits
    ? `; its arguments carry all of a result that is ${labels}`
    : `; its arguments carry parts of a result that is ${labels}`;
}

function hintsOf(control: FlowControl, isCarried: boolean): readonly string[] {
  const hints = [`finish without sending to \`${control.sink}\`, or ask for approval`];
  return isCarried ? ['leave out what the named calls returned', ...hints] : hints;
}

function inWords(labels: readonly string[]): string {
  const quoted = labels.map((label) => `\`${label}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`;
}

/** Folded once for each call, however many controls and runs it concerns. */
const texts = new WeakMap<CallFacts, SinkText>();

function textOf(call: CallFacts): SinkText {
  const known = texts.get(call);
  if (known !== undefined) return known;
  const text = sinkTextOf(call.call.args, call.known.decoded ?? []);
  texts.set(call, text);
  return text;
}
