import { isJsonObject, type Instant, type JsonValue } from '@callgate/canonical';
import type { ControlCode, ControlVerdict, IdempotencyControl } from '@callgate/policy';

import { shortDigest, type CallFacts } from '../call-facts.ts';
import type { OutcomeKind } from '../call-outcome.ts';
import { principalKey } from '../principal-key.ts';
import { spaceName } from '../space-name.ts';
import { ALLOW, type Keys, type Reducer } from '../reducer.ts';

const MAX_KEY_LENGTH = 1024;

/** What happened under one idempotency key. */
export interface IdempotencyCell {
  /** What became of the last call that ended; undefined before. */
  ended: 'settled' | 'in_doubt' | undefined;
  /** Digest of the arguments that the key stands for. */
  digest: string;
  /** The gate's id of the call whose outcome stands for the key. */
  call: string;
  /** Undefined where it was under way when the process ended: then no window ends the doubt. */
  endedAt: Instant | undefined;
  withinMs: number;
  /** Calls under way. */
  open: number;
}

/** How keys of writes are remembered, so that each is done once within its window. Each tool has keys of its own, also those that share a control. */
export function createIdempotencyReducer(): Reducer<IdempotencyControl, IdempotencyCell, undefined> {
  return {
    space: ({ id, pointer }) => spaceName('idempotency', id, { pointer }),
    keys: keysOf,
    create: newCell,
    judge: (control, [held], call) =>
      keyIn(control, call) === undefined
        ? judgeKeyless(control, call)
        : judgeRepeat(control, held?.cell, call, held?.now ?? 0),
    reserve(control, cell, call, now) {
      if (isNew(control, cell, now)) Object.assign(cell, newCell());
      // A call that goes ahead although another has the key (an observed control) does not take the key from it.
      if (cell.digest === '') {
        cell.digest = call.argumentsDigest([]);
        cell.call = call.id;
      }
      cell.withinMs = Math.max(cell.withinMs, control.withinMs);
      cell.open += 1;
      return undefined;
    },
    settle(_, cell, __, call, { outcome, goesOn }, now) {
      cell.open -= 1;
      if (goesOn === 'asked') return undefined;
      cell.endedAt = now;
      const isKnown = isEnded(outcome);
      if (isKnown && call.argumentsDigest([]) === cell.digest) cell.call = call.id;
      // Once it is known to have happened, a second attempt in doubt changes nothing.
      if (cell.ended !== 'settled') cell.ended = isKnown ? 'settled' : 'in_doubt';
      return undefined;
    },
    release(_, cell) {
      cell.open -= 1;
      return undefined;
    },
    countsDrops: () => false,
    drop: () => undefined,
    ttlMs: (_, { ended, endedAt, withinMs }) => ttlOf(ended, endedAt, withinMs),
    copy: (cell) => ({ ...cell }),
    snapshot: snapshotOf,
    restore: restored,
    inspect: (_, { ended, call, open }) =>
      ended === 'in_doubt' || open > 0 ? { share: 0, state: open > 0 ? 'in_flight' : 'in_doubt', call } : undefined,
  };
}

function newCell(): IdempotencyCell {
  return { ended: undefined, digest: '', call: '', endedAt: undefined, withinMs: 0, open: 0 };
}

/** Whether nothing that happened under the key counts any more. */
function isNew({ withinMs }: IdempotencyControl, { open, ended, endedAt }: IdempotencyCell, now: Instant): boolean {
  return open === 0 && (ended === undefined || (endedAt !== undefined && now >= endedAt + withinMs));
}

function ttlOf(ended: IdempotencyCell['ended'], endedAt: Instant | undefined, withinMs: number): number {
  if (ended === undefined) return 0;
  return endedAt === undefined ? Number.POSITIVE_INFINITY : withinMs;
}

/** The server answered: what it said is the outcome, also where it said that it failed. */
function isEnded(outcome: OutcomeKind): boolean {
  return outcome === 'ok' || outcome === 'tool_error' || outcome === 'quarantined';
}

/** None for a call without a key. */
function keysOf(control: IdempotencyControl, facts: CallFacts): Keys {
  const key = keyIn(control, facts);
  if (key === undefined) return { ok: true, keys: [] };
  const { principal, tool = '' } = facts.call;
  const { tenant, user } = principal;
  // Agents of one user have the same keys. Where nobody is behind them, each is somebody of its own.
  return { ok: true, keys: [principalKey([tool, key], user === undefined ? principal : { tenant, user })] };
}

/** The digest of the call's key, or undefined where it has none that can be one. */
function keyIn({ pointer }: IdempotencyControl, facts: CallFacts): string | undefined {
  const value = facts.argument(pointer);
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_KEY_LENGTH
    ? shortDigest(value)
    : undefined;
}

/** The gate gives a call its key before it is judged. Where nobody did (a decision without a gate), nothing is known against it. */
function judgeKeyless(control: IdempotencyControl, facts: CallFacts): ControlVerdict {
  if (control.inject && facts.argument(control.pointer) === undefined) return ALLOW;
  return {
    effect: control.then,
    code: 'idempotency.key_missing',
    notice: {
      message: `expected a key of 1 to ${MAX_KEY_LENGTH} characters at \`${control.pointer}\``,
      hints: [
        `set \`${control.pointer.slice(1)}\` to a text that is new for each write, and the same when it is tried again`,
      ],
    },
  };
}

function judgeRepeat(
  control: IdempotencyControl,
  cell: IdempotencyCell | undefined,
  facts: CallFacts,
  now: Instant,
): ControlVerdict {
  if (cell === undefined || isNew(control, cell, now)) return ALLOW;
  if (cell.digest !== facts.argumentsDigest([])) {
    return repeat('deny', 'idempotency.conflict', cell, 'the key stands for a call with other arguments', [
      'use a new key for a new write, or the same arguments for the same one',
    ]);
  }
  if (cell.open > 0) {
    return repeat('deny', 'idempotency.in_flight', cell, 'a call with the same key is under way', [
      'wait for its result',
    ]);
  }
  if (cell.ended === 'in_doubt') {
    return repeat('hold', 'idempotency.in_doubt', cell, 'a call with the same key may or may not have happened', [
      'find out whether it happened before it is tried again',
    ]);
  }
  return repeat('deny', 'idempotency.repeated', cell, 'the same call has been made, and its outcome stands', [
    'use the result of the first call; for another write use a new key',
  ]);
}

function repeat(
  effect: 'deny' | 'hold',
  code: ControlCode,
  { call }: IdempotencyCell,
  message: string,
  hints: readonly string[],
): ControlVerdict {
  return { effect, code, notice: { message, hints, sources: [call] } };
}

/** A call under way is written as in doubt. */
function snapshotOf({ ended, digest, call, endedAt, withinMs, open }: IdempotencyCell): JsonValue {
  const isInDoubt = open > 0 && ended !== 'settled';
  return {
    ended: isInDoubt ? 'in_doubt' : (ended ?? null),
    digest,
    call,
    endedAt: isInDoubt ? null : (endedAt ?? null),
    withinMs,
  };
}

function restored(value: JsonValue): IdempotencyCell | undefined {
  if (!isJsonObject(value)) return undefined;
  const { ended, digest, call, endedAt, withinMs } = value;
  if (ended !== 'settled' && ended !== 'in_doubt') return undefined;
  if (typeof digest !== 'string' || typeof call !== 'string') return undefined;
  if (typeof withinMs !== 'number' || withinMs < 0 || (endedAt !== null && typeof endedAt !== 'number'))
    return undefined;
  if (ended === 'settled' && endedAt === null) return undefined;
  return { ended, digest, call, endedAt: endedAt ?? undefined, withinMs, open: 0 };
}
