/** How a host takes its policy from signed bundles. */
import { createGate, loadBundle, watchBundle, type BundleSourceOptions, type BundleWatch, type Gate } from 'callgate';

// #region start
/** A gate on the policy of a source, and what keeps it there. Whoever closes the gate closes the watch. */
export async function createDistributedGate(
  source: string,
  options: BundleSourceOptions,
): Promise<{ readonly gate: Gate; readonly watch: BundleWatch }> {
  const { policy } = await loadBundle(source, options);
  const gate = await createGate({ policy });
  return { gate, watch: watchBundle(gate, source, { ...options, intervalMs: 60_000 }) };
}
// #endregion

// #region widening
/** One signature narrows; what widens takes two. The rest is told to a person. */
export function watchByTwo(
  gate: Gate,
  source: string,
  options: BundleSourceOptions,
  tell: (text: string) => void,
): BundleWatch {
  return watchBundle(gate, source, {
    ...options,
    acceptWidening: ({ bundle }) => bundle.signedBy.length >= 2,
    onChange: (change) => {
      if (change.kind === 'invalid') tell(`no newer policy: ${String(change.error)}`);
      else if (change.kind === 'stale') tell('the policy could not be renewed in time: only reads pass');
      else if (!change.result.applied) tell(`widens, to be accepted: ${change.bundle.digest}`);
    },
  });
}
// #endregion
