import { isJsonArray, type Instant } from '@callgate/canonical';
import type { ControlVerdict, RateControl } from '@callgate/policy';

import type { HistoryLimits } from './limits.ts';
import { readKeys } from './read-keys.ts';
import { ALLOW, judgeEach, type Reducer } from './reducer.ts';
import { spaceName } from './space-name.ts';
import { durationWords } from './words.ts';

/**
 * The generic cell rate algorithm as the leaky bucket that ITU-T I.371 annex A shows to be the same.
 *
 * A call fills the bucket by `withinMs`, and it leaks `max` in a millisecond: so all is in whole numbers, and a changed `max` goes on with the
 * same bucket. A call passes while the bucket then holds at most `burst` calls.
 */
export interface RateCell {
  /** What the bucket held at `at`: calls times `withinMs`. */
  level: number;
  at: Instant;
}

/** When the call was reserved. */
export type RateTicket = Instant;

/** Calls per time, evenly but for a burst. */
export function createRateReducer(_limits: HistoryLimits): Reducer<RateControl, RateCell, RateTicket> {
  return {
    space: ({ id, per, withinMs }) => spaceName('rate', id, { per, withinMs }),
    keys: (control, facts) => readKeys(control.per, facts),
    create: () => ({ level: 0, at: 0 }),
    judge: (control, held) => judgeEach(held, (cell, now) => judgeRate(control, cell, now)),

    reserve(control, cell, _facts, now) {
      leak(control, cell, now);
      cell.level += control.withinMs;
      return now;
    },

    settle(control, cell, _reservedAt, _facts, _outcome, now) {
      leak(control, cell, now);
      return undefined;
    },

    release(control, cell, reservedAt, now) {
      leak(control, cell, now);
      // What may have leaked of this call in the meantime stays: to give it back could let others through too early.
      cell.level -= Math.min(cell.level, Math.max(0, control.withinMs - (now - reservedAt) * control.max));
      return undefined;
    },

    countsDrops: () => false,
    drop: () => undefined,
    ttlMs: drainMs,
    copy: (cell) => ({ ...cell }),
    snapshot: ({ level, at }) => [level, at],

    restore(value) {
      if (!isJsonArray(value) || value.length !== 2) return undefined;
      const [level, at] = value;
      return typeof level === 'number' && level >= 0 && typeof at === 'number' ? { level, at } : undefined;
    },

    inspect(control, cell, now) {
      const used = levelAt(control, cell, now) / control.withinMs;
      return { share: used / control.burst, used, max: control.burst };
    },
  };
}

function levelAt({ max }: RateControl, { level, at }: RateCell, now: Instant): number {
  return Math.max(0, level - (now - at) * max);
}

function leak(control: RateControl, cell: RateCell, now: Instant): void {
  cell.level = levelAt(control, cell, now);
  cell.at = now;
}

/** In what time the bucket leaks: of a full one, or where calls went ahead although it was full, of twice as much, four times, and so on. */
function drainMs({ max, withinMs, burst }: RateControl, { level }: RateCell): number {
  if (level === 0) return 0;
  if (max === 0) return Number.POSITIVE_INFINITY;
  let full = burst * withinMs;
  while (full < level) full *= 2;
  return Math.ceil(full / max);
}

function judgeRate(control: RateControl, cell: RateCell | undefined, now: Instant): ControlVerdict {
  const { max, withinMs, burst } = control;
  if (max === 0) return exceeded(control, 'are allowed', ['do not call it'], undefined);
  const over = (cell === undefined ? 0 : levelAt(control, cell, now)) - (burst - 1) * withinMs;
  if (over <= 0) return ALLOW;
  const retryAfterMs = Math.ceil(over / max);
  const hints = [`wait ${durationWords(retryAfterMs)} before you call it again`];
  return exceeded(control, `and ${burst} at once are used`, hints, retryAfterMs);
}

function exceeded(
  { max, withinMs, then }: RateControl,
  what: string,
  hints: readonly string[],
  retryAfterMs: number | undefined,
): ControlVerdict {
  const message = `${max} calls per ${durationWords(withinMs)} ${what}`;
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { effect: then, code: 'rate.exceeded', notice: { message, hints, max, ...wait } };
}
