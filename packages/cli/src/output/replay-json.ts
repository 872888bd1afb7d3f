import type { CompiledPolicy, Decision } from '@callgate/policy';

import type { Judged } from '../replay/flip.ts';
import type { Change, ReplayTally } from '../replay/replay-tally.ts';
import { decisionJson } from './decision-json.ts';

/** What a replay has to say. */
export interface ReplayReport {
  readonly candidate: CompiledPolicy;
  /** Undefined where decisions were compared with recorded ones. */
  readonly baseline: CompiledPolicy | undefined;
  readonly tally: ReplayTally;
}

/** The report for a program. */
export function replayJson({ candidate, baseline, tally }: ReplayReport): Record<string, unknown> {
  return {
    policy: named(candidate),
    against: baseline === undefined ? null : named(baseline),
    calls: tally.calls,
    uncompared: tally.uncompared,
    effects: tally.effects,
    runs: runsJson(tally),
    leftOut: tally.leftOut,
    changes: tally.changes,
    groups: tally.groups(),
    ungrouped: tally.ungrouped,
    malformed: { count: tally.malformed, places: tally.malformedPlaces },
    lost: tally.lost,
    notices: tally.notices,
  };
}

/** Runs that are named in a report. */
const MAX_NAMED_RUNS = 1_000;

function runsJson({ runs }: ReplayTally): Record<string, unknown> {
  const { count, stopped, untold } = runs;
  return { count, stopped: stopped.length, stoppedRuns: stopped.slice(0, MAX_NAMED_RUNS), untold };
}

function named({ name, version, digest }: CompiledPolicy): Record<string, string> {
  return { name, version, digest };
}

/** One decision of a replay, as a line. */
export function replayLine(line: {
  readonly file: string;
  readonly place: number;
  readonly id: string | number | null;
  readonly run: string | null;
  readonly change: Change | null;
  readonly before: Judged | null;
  readonly decision: Decision;
}): string {
  const { file, place, id, run, change, before, decision } = line;
  return JSON.stringify({ file, place, id, run, change, before, ...decisionJson(decision) });
}

/** A place of a log that holds no call, as a line. */
export function malformedLine(file: string, place: number, message: string): string {
  return JSON.stringify({ file, place, error: { code: 'input.malformed', message } });
}
