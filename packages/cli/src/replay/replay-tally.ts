import { isJsonObject, own, type JsonValue } from '@callgate/canonical';
import type { Call, Decision, Effect } from '@callgate/policy';

import { rulePlace } from '../output/decision-text.ts';
import { argumentShape } from './argument-shape.ts';
import { FLIPS, type Flip, type Judged } from './flip.ts';
import type { ReplayCall } from './replay-call.ts';
import { StoppedRuns } from './stopped-runs.ts';

/**
 * How a decision differs: another effect; `reason`: the same effect for another reason; `detail`: the same effect and code, and
 * anything else, which is only looked at with `--exact`.
 */
export type Change = Flip | 'reason' | 'detail';

export const CHANGES: readonly Change[] = [...FLIPS, 'reason', 'detail'];

/** Calls of one tool whose decision changed in one way. */
export interface ChangeGroup {
  readonly change: Change;
  readonly server: string;
  /** The tool, or the method of anything else. */
  readonly target: string;
  readonly before: Judged;
  readonly after: Judged;
  count: number;
  readonly examples: Example[];
}

/** One call of a group. */
export interface Example {
  readonly file: string;
  /** Line of a log, record of a trace. */
  readonly place: number;
  readonly id: string | number | null;
  readonly at: number | null;
  readonly run: string | null;
  /** The arguments (params of anything but a tool call): their shape, or themselves where they were asked for and are short. */
  readonly arguments: JsonValue;
  /** What the decision says now. */
  readonly message: string;
  readonly rules: readonly string[];
}

/** Something to be said about a place of a log. */
export interface PlaceNote {
  readonly file: string;
  readonly place: number;
  readonly message: string;
}

/** Distinct groups that are kept apart. Calls of further ones are counted by change only. */
const MAX_GROUPS = 2_000;

/** Notes that are kept; all are counted. */
const MAX_NOTES = 100;

/** The longest arguments that are shown as they are, in characters of JSON. */
const MAX_SHOWN_ARGUMENTS = 2_000;

/** Counts what a replay finds, in bounded memory. */
export class ReplayTally {
  calls = 0;
  /** Calls whose earlier decision is not known. */
  uncompared = 0;
  readonly effects: Record<Effect, number> = { allow: 0, deny: 0, hold: 0 };
  readonly changes: Record<Change, number> = {
    'deny-allow': 0,
    'hold-allow': 0,
    'deny-hold': 0,
    'allow-hold': 0,
    'hold-deny': 0,
    'allow-deny': 0,
    reason: 0,
    detail: 0,
  };
  /** Recorded outcomes that were left out of history, because their calls would not have been made. */
  leftOut = 0;
  readonly runs: StoppedRuns = new StoppedRuns();
  malformed = 0;
  readonly malformedPlaces: PlaceNote[] = [];
  /** Calls that a trace says it does not have. */
  lost = 0;
  readonly notices: PlaceNote[] = [];
  /** Changed calls in no group, because there were too many groups. */
  ungrouped = 0;
  readonly #groups = new Map<string, ChangeGroup>();
  readonly #maxExamples: number;
  readonly #showArguments: boolean;

  constructor(options: { readonly maxExamples: number; readonly showArguments: boolean }) {
    this.#maxExamples = options.maxExamples;
    this.#showArguments = options.showArguments;
  }

  /** The groups, by change in the order of {@link CHANGES}, the larger first. */
  groups(): readonly ChangeGroup[] {
    return [...this.#groups.values()].toSorted(
      (left, right) => CHANGES.indexOf(left.change) - CHANGES.indexOf(right.change) || right.count - left.count,
    );
  }

  decided(after: Judged): void {
    this.calls += 1;
    this.effects[after.effect] += 1;
  }

  changed(
    change: Change,
    file: string,
    place: number,
    about: {
      readonly replayed: ReplayCall;
      readonly before: Judged;
      readonly after: Judged;
      readonly decision: Decision;
    },
  ): void {
    this.changes[change] += 1;
    const { replayed, before, after, decision } = about;
    const { call } = replayed;
    const target = targetOf(call);
    const key = JSON.stringify([change, call.server, target, before.code, after.code]);
    let group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size >= MAX_GROUPS) {
        this.ungrouped += 1;
        return;
      }
      group = { change, server: call.server, target, before, after, count: 0, examples: [] };
      this.#groups.set(key, group);
    }
    group.count += 1;
    if (group.examples.length >= this.#maxExamples) return;
    group.examples.push({
      file,
      place,
      id: replayed.id,
      at: replayed.at ?? null,
      run: call.run ?? null,
      arguments: this.#shown(argumentsOf(call)),
      message: decision.message,
      rules: decision.determining.map(rulePlace),
    });
  }

  malformedAt(file: string, place: number, message: string): void {
    this.malformed += 1;
    if (this.malformedPlaces.length < MAX_NOTES) this.malformedPlaces.push({ file, place, message });
  }

  noticeAt(file: string, place: number, message: string, lost: number): void {
    this.lost += lost;
    if (this.notices.length < MAX_NOTES) this.notices.push({ file, place, message });
  }

  #shown(value: JsonValue): JsonValue {
    const isShown = this.#showArguments && JSON.stringify(value).length <= MAX_SHOWN_ARGUMENTS;
    return isShown ? value : argumentShape(value);
  }
}

function targetOf(call: Call): string {
  const name = call.method === 'tools/call' ? own(call.params, 'name') : undefined;
  return typeof name === 'string' ? name : call.method;
}

function argumentsOf(call: Call): JsonValue {
  if (call.method !== 'tools/call') return call.params;
  const args = own(call.params, 'arguments');
  return args !== undefined && isJsonObject(args) ? args : {};
}
