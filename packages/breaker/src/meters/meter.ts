import { InternalError, isJsonObject, type Instant } from '@callgate/canonical';
import type { MeterControl } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';
import type { HistoryLimits } from '../limits.ts';
import { readKeys } from '../read-keys.ts';
import { judgeEach, type InspectedCell, type Reducer } from '../reducer.ts';
import { spaceName } from '../space-name.ts';
import { judgeDistinct, valueOfCall } from './distinct-meter.ts';
import {
  copyValues,
  createDistinctValues,
  distinctAt,
  forgetSpentValues,
  isEmptyValues,
  readValues,
  reserveValue,
  settleValue,
  unreserveValue,
  writeValues,
  type DistinctValues,
} from './distinct-values.ts';
import { judgeOpen, type OpenCalls } from './open-calls.ts';
import { copySum, countAmount, countedAt, createSlidingSum, isEmptySum, readSum, writeSum } from './sliding-sum.ts';
import type { SlidingSum } from './sliding-sum.ts';
import { judgeSum, releaseSum, reserveSum, settleSum } from './sum-meter.ts';
import { valueOf } from './total.ts';

/** What a meter keeps under one key, by what it measures. */
export type MeterCell = SlidingSum | DistinctValues | OpenCalls;

/** The amount or the value that is reserved. */
export type MeterTicket = number | string;

/** Bounded counts and sums, by key and window. */
export function createMeterReducer({
  maxEntries,
  maxIdleMs,
}: HistoryLimits): Reducer<MeterControl, MeterCell, MeterTicket> {
  return {
    space: ({ id, measure, per, withinMs }) => spaceName('meter', id, { measure, per, withinMs }),

    keys: (control, facts) => readKeys(control.per, facts),

    create({ measure, withinMs }) {
      if (measure.of === 'distinct') return createDistinctValues(withinMs);
      return measure.of === 'open' ? { kind: 'open', underWay: 0 } : createSlidingSum(withinMs);
    },

    judge(control, held, facts) {
      const { measure } = control;
      return judgeEach(held, (cell, now) => {
        if (measure.of === 'distinct')
          return judgeDistinct(control, measure.value, cellOf('distinct', cell), facts, now);
        return measure.of === 'open'
          ? judgeOpen(control, cellOf('open', cell), facts)
          : judgeSum(control, cellOf('sum', cell), facts, now);
      });
    },

    reserve(control, cell, facts) {
      switch (cell.kind) {
        case 'sum':
          return reserveSum(control, cell, facts);
        case 'distinct': {
          const value = distinctValue(control, facts);
          reserveValue(cell, value);
          return value;
        }
        case 'open':
          cell.underWay += 1;
          return 1;
      }
    },

    settle(control, cell, ticket, facts, outcome, now) {
      switch (cell.kind) {
        case 'sum':
          settleSum(control, cell, Number(ticket), facts, outcome, now, maxEntries);
          return undefined;
        case 'distinct':
          settleValue(cell, String(ticket), now, maxEntries);
          return undefined;
        case 'open':
          cell.underWay -= 1;
          return 'freed';
      }
    },

    release(_control, cell, ticket, now) {
      switch (cell.kind) {
        case 'sum':
          releaseSum(cell, Number(ticket), now);
          return undefined;
        case 'distinct':
          unreserveValue(cell, String(ticket));
          forgetSpentValues(cell, now);
          return undefined;
        case 'open':
          cell.underWay -= 1;
          return 'freed';
      }
    },

    countsDrops: ({ measure }) => measure.of === 'denials',

    drop(_control, cell, _facts, _code, now) {
      if (cell.kind === 'sum') countAmount(cell, 1, now, maxEntries);
      return undefined;
    },

    ttlMs: ({ withinMs }, cell) => (isEmpty(cell) ? 0 : (withinMs ?? maxIdleMs)),

    copy(cell) {
      if (cell.kind === 'sum') return copySum(cell);
      return cell.kind === 'distinct' ? copyValues(cell) : { ...cell };
    },

    snapshot(cell, now) {
      if (cell.kind === 'sum') return writeSum(cell, now);
      return cell.kind === 'distinct' ? writeValues(cell, now) : null;
    },

    restore(value) {
      if (!isJsonObject(value)) return undefined;
      return Object.hasOwn(value, 'distinct') ? readValues(value) : readSum(value);
    },

    inspect: (control, cell, now) => inspected(control, usedOf(cell, now)),
  };
}

function isEmpty(cell: MeterCell): boolean {
  if (cell.kind === 'sum') return isEmptySum(cell);
  return cell.kind === 'distinct' ? isEmptyValues(cell) : cell.underWay === 0;
}

function usedOf(cell: MeterCell, now: Instant): number {
  if (cell.kind === 'sum') return valueOf(countedAt(cell, now), cell.reserved);
  return cell.kind === 'distinct' ? distinctAt(cell, now) : cell.underWay;
}

function inspected({ max }: MeterControl, used: number): InspectedCell {
  return { share: max === 0 ? 1 : used / max, used, max };
}

function distinctValue({ measure }: MeterControl, facts: CallFacts): string {
  return (measure.of === 'distinct' ? valueOfCall(measure.value, facts) : undefined) ?? '';
}

/** A cell of another kind under this control's name can only be a snapshot that somebody has changed: it must not read as nothing used. */
function cellOf<Kind extends MeterCell['kind']>(
  kind: Kind,
  cell: MeterCell | undefined,
): Extract<MeterCell, { readonly kind: Kind }> | undefined {
  if (cell !== undefined && cell.kind !== kind)
    throw new InternalError(`expected state of kind ${kind}, got ${cell.kind}`);
  return cell as Extract<MeterCell, { readonly kind: Kind }> | undefined;
}
