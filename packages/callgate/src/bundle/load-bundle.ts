import type { Clock } from '@callgate/canonical';

import { systemClock } from '../system.ts';
import { openSource } from './bundle-source.ts';
import { openBundleState } from './bundle-state.ts';
import type { BundleFetchOptions } from './fetched-source.ts';
import { openBundle, type BundleTrust, type PolicyBundle } from './open-bundle.ts';

/** Which bundles are taken from a source, and how. */
export interface BundleSourceOptions extends BundleTrust, BundleFetchOptions {
  /**
   * A file that remembers the newest bundle that was accepted, so that a restart takes no older one; made where there is none.
   * Default: memory, which a restart forgets. Gates that share it share what they accept.
   */
  readonly state?: string | URL;
  readonly signal?: AbortSignal;
  /** Tells whether a bundle has expired. Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Gets the policy to start with from a signed bundle.
 *
 * There is no policy before it to compare with: what it widens against the last run is taken, unlike by `watchBundle`.
 *
 * @param source an `https:` URL, or the path of a bundle or of a directory with a `callgate.bundle.json`
 * @throws {BundleError} when it cannot be had, is not trusted, is older than what was accepted, or that cannot be remembered
 * @throws {PolicyError} when its policy or its exceptions do not compile
 * @see docs/guide/distribute-a-policy.md
 */
export async function loadBundle(source: string | URL, options: BundleSourceOptions): Promise<PolicyBundle> {
  const { state, signal = new AbortController().signal, clock = systemClock } = options;
  signal.throwIfAborted();
  const answer = await openSource(source, options).read(undefined, signal);
  // No version was known, so there is no answer but a bundle.
  const bytes = answer.kind === 'bundle' ? answer.bytes : new Uint8Array();
  const bundle = await openBundle(bytes, { ...options, now: clock.now() });
  await openBundleState(state).accept(bundle);
  return bundle;
}
