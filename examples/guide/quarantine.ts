/** How a host keeps what inspection withholds, hands it out, and gives results to a model as data. */
import { asData, createGate, type Gate, type GateOptions, type ReleasedItem } from 'callgate';

export function createKeepingGate(
  options: Pick<GateOptions, 'policy' | 'detectors'>,
  folder: string,
  key: string,
): Promise<Gate> {
  // #region keep
  return createGate({
    ...options,
    quarantine: { store: folder, key, maxItems: 500, maxAgeMs: 7 * 24 * 3_600_000 },
  });
  // #endregion
}

// #region release
/** Hands out the oldest answer that is still held, to somebody who says why. */
export async function releaseOldest(gate: Gate, by: string, reason: string): Promise<ReleasedItem | undefined> {
  const oldest = (await gate.quarantine.list()).find(({ state }) => state === 'held');
  return oldest && gate.quarantine.release(oldest.id, { by, reason });
}
// #endregion

// #region as-data
/** What goes into the prompt in the place of a result. */
export function forModel(result: unknown): string {
  return asData(result, { server: 'notes', tool: 'note.get', trust: 'external', labels: ['private'] }).text;
}
// #endregion
