import {
  InternalError,
  isJsonArray,
  isJsonObject,
  type Instant,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import { SnapshotError } from './errors.ts';
import type { Slot } from './keyed-store.ts';
import type { HistoryLimits } from './limits.ts';
import { maySpeak } from './reducer.ts';
import type { AnyReducer } from './reducers.ts';
import { kindOfSpace } from './space-name.ts';
import { Spaces, type Space } from './space.ts';

/** The version of what snapshots hold. Another is refused. */
const SNAPSHOT_VERSION = 1;

/** The state of all spaces as plain data. What is reserved is written as what it becomes: in doubt. */
export function writeSnapshot(spaces: Spaces): JsonObject {
  return {
    version: SNAPSHOT_VERSION,
    spaces: [...spaces.all()].map((space) => ({ name: space.name, cells: writeCells(space) })).filter(hasCells),
  };
}

function hasCells({ cells }: { readonly cells: JsonArray }): boolean {
  return cells.length > 0;
}

function writeCells(space: Space): JsonArray {
  return [...space.store.slots()].flatMap((slot) => {
    const cell = space.reducer.snapshot(slot.cell, slot.seenAt);
    const ttlMs = space.store.ttlMsOf(slot) ?? ttlMsInDoubt(space, cell);
    if (ttlMs === 0) return [];
    // No JSON number is infinite.
    return [[slot.key, slot.seenAt, ttlMs === Number.POSITIVE_INFINITY ? null : ttlMs, cell]];
  });
}

/** How long a cell stays once its reservations are in doubt. */
function ttlMsInDoubt({ reducer, control }: Space, written: JsonValue): number {
  if (written === null || control === undefined) return 0;
  const cell = reducer.restore(written);
  if (cell === undefined) throw new InternalError('expected a cell to be readable as it was written');
  return reducer.ttlMs(control, cell);
}

/**
 * The spaces that {@link writeSnapshot} wrote.
 *
 * @throws {SnapshotError} when it is none of this version, or has more keys than the limits allow
 */
export function readSnapshot(
  snapshot: JsonValue,
  reducers: ReadonlyMap<string, AnyReducer>,
  limits: HistoryLimits,
): Spaces {
  const spaces = new Spaces(limits);
  if (!isJsonObject(snapshot) || snapshot['version'] !== SNAPSHOT_VERSION) {
    throw new SnapshotError(`expected a snapshot of version ${SNAPSHOT_VERSION}`);
  }
  const { spaces: written } = snapshot;
  if (!isJsonArray(written)) throw malformed('a list of spaces');
  if (written.length > limits.maxControls) throw malformed(`at most ${limits.maxControls} spaces`);
  for (const space of written) readSpace(space, spaces, reducers, limits);
  return spaces;
}

function readSpace(
  value: JsonValue,
  spaces: Spaces,
  reducers: ReadonlyMap<string, AnyReducer>,
  { maxKeys }: HistoryLimits,
): void {
  if (!isJsonObject(value)) throw malformed('spaces that are objects');
  const { name, cells } = value;
  if (typeof name !== 'string' || spaces.get(name) !== undefined) throw malformed('spaces with names of their own');
  const reducer = reducers.get(kindOfSpace(name));
  if (reducer === undefined) throw malformed('spaces of kinds that are known');
  if (!isJsonArray(cells)) throw malformed('spaces with lists of cells');
  if (cells.length > maxKeys) throw malformed(`at most ${maxKeys} keys for each control`);
  const { store } = spaces.restore(name, reducer);
  // The store queues them in the order of their last change.
  const read = cells.map((cell) => readCell(cell, reducer)).toSorted((left, right) => left.seenAt - right.seenAt);
  for (const { key, cell, seenAt, ttlMs } of read) {
    if (store.get(key) !== undefined) throw malformed('keys of their own');
    store.restore(key, cell, seenAt, ttlMs, maySpeak(reducer, cell));
  }
}

interface ReadCell extends Pick<Slot<object>, 'key' | 'cell'> {
  readonly seenAt: Instant;
  readonly ttlMs: number;
}

function readCell(value: JsonValue, reducer: AnyReducer): ReadCell {
  if (!isJsonArray(value) || value.length !== 4) throw malformed('cells of four members');
  const [key, seenAt, ttlMs, written = null] = value;
  const cell = reducer.restore(written);
  if (typeof key !== 'string' || typeof seenAt !== 'number' || cell === undefined)
    throw malformed('cells that are readable');
  if (ttlMs !== null && (typeof ttlMs !== 'number' || ttlMs < 0)) throw malformed('times to live');
  return { key, cell, seenAt, ttlMs: ttlMs ?? Number.POSITIVE_INFINITY };
}

function malformed(expected: string): SnapshotError {
  return new SnapshotError(`snapshot: expected ${expected}`);
}
