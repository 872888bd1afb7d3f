import { digest, type Clock, type Digest } from '@callgate/canonical';

import type { Gate } from '../gate.ts';
import { inRange } from '../in-range.ts';
import { DEFAULT_MAX_AGE_MS, LastGoodPolicy } from '../last-good-policy.ts';
import type { PolicyWidening, ReloadResult } from '../reload-policy.ts';
import { systemClock } from '../system.ts';
import { openSource, type BundleSource } from './bundle-source.ts';
import { openBundleState, type BundleState } from './bundle-state.ts';
import type { BundleSourceOptions } from './load-bundle.ts';
import { assertTrust, assertUnexpired, openBundle, type PolicyBundle, type VerifiedBundle } from './open-bundle.ts';
import { retryDelayMs } from './retry-delay.ts';

const DEFAULT_INTERVAL_MS = 60_000;
const MAX_INTERVAL_MS = 86_400_000;

/** How a source of bundles is watched. */
export interface WatchBundleOptions extends BundleSourceOptions {
  /** About how often the source is asked; 50 to 86,400,000 ms, default 60,000. Less often while it fails. */
  readonly intervalMs?: number;
  /**
   * How long the last good policy stays in force for rings 2 and 3 while no good bundle can be had or the one in force has expired, in
   * milliseconds; after it they are denied until one is. Default: 24 hours.
   */
  readonly maxAgeMs?: number;
  /**
   * Takes a bundle that widens: always, or where the answer is `true`. Default: false, so that who can sign is not yet who can widen.
   * What was refused can be taken with {@link BundleWatch.accept}.
   */
  readonly acceptWidening?: boolean | ((change: BundleWidening) => boolean);
  /** Told of every bundle that was looked at: what became of it, or why it is not taken. */
  readonly onChange?: (change: BundleChange) => void;
  /** Spreads the looks of a fleet; from 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/** What somebody is asked to accept. */
export interface BundleWidening extends PolicyWidening {
  readonly bundle: VerifiedBundle;
}

/** What a look at a source came to. */
export type BundleChange =
  | { readonly kind: 'reloaded'; readonly bundle: PolicyBundle; readonly result: ReloadResult }
  | { readonly kind: 'invalid'; readonly error: unknown }
  | { readonly kind: 'stale' };

/** A source of bundles being watched. */
export interface BundleWatch {
  /** The bundle that this watch put in force last. */
  readonly bundle: PolicyBundle | undefined;
  /** Looks at once, and waits until what is found there is in force or refused. */
  check(): Promise<void>;
  /** Looks at once, and takes what is found even if it widens, provided that it is the bundle of this digest. */
  accept(bundle: Digest): Promise<void>;
  /** Ends it, with what is under way. Safe to call twice. */
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Keeps a gate on the newest signed bundle of a source: what narrows applies at once, what widens only when accepted, and while no good
 * bundle can be had the last good policy stays in force, for rings 2 and 3 within `maxAgeMs`.
 *
 * @param source as of `loadBundle`
 * @throws {BundleError} `CALLGATE_BUNDLE_KEY_INVALID`, `CALLGATE_BUNDLE_SOURCE_REFUSED`
 * @throws {RangeError} for an option outside its range
 * @see docs/guide/distribute-a-policy.md
 */
export function watchBundle(gate: Gate, source: string | URL, options: WatchBundleOptions): BundleWatch {
  return new SourceWatch(gate, source, options);
}

class SourceWatch implements BundleWatch {
  readonly #options: WatchBundleOptions;
  readonly #source: BundleSource;
  readonly #state: BundleState;
  readonly #lastGood: LastGoodPolicy;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #closing = new AbortController();
  /** What is to be told at the end of this look. */
  readonly #changes: BundleChange[] = [];
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> | undefined;
  #bundle: PolicyBundle | undefined;
  #accepted: Digest | undefined;
  /** What was looked at last and needs no other look, by the digest of its bytes and by the source's tag. */
  #seen: Digest | undefined;
  #tag: string | undefined;
  #failures = 0;
  #lastFailure: string | undefined;
  #expired: PolicyBundle | undefined;

  constructor(gate: Gate, source: string | URL, options: WatchBundleOptions) {
    const { intervalMs = DEFAULT_INTERVAL_MS, maxAgeMs = DEFAULT_MAX_AGE_MS, signal } = options;
    assertTrust(options);
    this.#options = options;
    this.#intervalMs = inRange('intervalMs', intervalMs, 50, MAX_INTERVAL_MS);
    this.#source = openSource(source, options);
    this.#state = openBundleState(options.state);
    this.#clock = options.clock ?? systemClock;
    this.#lastGood = new LastGoodPolicy(gate, inRange('maxAgeMs', maxAgeMs, 0, Number.MAX_SAFE_INTEGER), () =>
      this.#changes.push({ kind: 'stale' }),
    );
    signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#closing.signal });
    if (signal?.aborted === true) this.close();
    this.#schedule();
  }

  get bundle(): PolicyBundle | undefined {
    return this.#bundle;
  }

  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
      this.#schedule();
    });
    return this.#checking;
  }

  async accept(bundle: Digest): Promise<void> {
    await this.#checking;
    this.#accepted = bundle;
    this.#forget();
    await this.check();
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    const random = (this.#options.random ?? Math.random)();
    this.#timer = setTimeout(() => void this.check(), retryDelayMs(this.#intervalMs, this.#failures, random));
    // Watching alone keeps no process alive.
    this.#timer.unref();
  }

  async #check(): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    try {
      const answer = await this.#source.read(this.#tag, signal);
      if (answer.kind === 'bundle') await this.#take(answer.bytes, answer.tag);
      this.#failures = 0;
      this.#lastFailure = undefined;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
    if (signal.aborted) return;
    this.#expire();
    this.#lastGood.age();
    // Last, so that a listener that throws disturbs nothing but who waits for this look.
    for (const change of this.#changes.splice(0)) this.#options.onChange?.(change);
  }

  async #take(bytes: Uint8Array, tag: string | undefined): Promise<void> {
    const seen = digest(bytes);
    if (seen !== this.#seen) {
      const bundle = await openBundle(bytes, { ...this.#options, now: this.#clock.now() });
      this.#closing.signal.throwIfAborted();
      // Remembered first: a crash in between must not make room for an older one.
      await this.#state.accept(bundle);
      this.#closing.signal.throwIfAborted();
      this.#offer(bundle);
    }
    this.#seen = seen;
    this.#tag = tag;
  }

  #offer(bundle: PolicyBundle): void {
    const { acceptWidening } = this.#options;
    const isAsked = typeof acceptWidening === 'function';
    const result = this.#lastGood.offer(bundle.policy, {
      acceptWidening: (change) =>
        bundle.digest === this.#accepted || (isAsked ? acceptWidening({ ...change, bundle }) : acceptWidening === true),
    });
    if (result.applied) this.#bundle = bundle;
    this.#changes.push({ kind: 'reloaded', bundle, result });
  }

  /** A bundle in force that has expired is one that could not be renewed since. */
  #expire(): void {
    if (this.#bundle === undefined) return;
    const now = this.#clock.now();
    try {
      assertUnexpired(this.#bundle.contents, now);
    } catch (error) {
      const isNews = this.#expired !== this.#bundle;
      this.#expired = this.#bundle;
      this.#lastGood.fail(error, isNews, now - this.#bundle.contents.expires);
      if (isNews) this.#changes.push({ kind: 'invalid', error });
    }
  }

  #fail(error: unknown): void {
    const failure = String(error);
    const isNews = failure !== this.#lastFailure;
    this.#failures += 1;
    this.#lastFailure = failure;
    this.#forget();
    this.#lastGood.fail(error, isNews);
    if (isNews) this.#changes.push({ kind: 'invalid', error });
  }

  /** What comes next is looked at whatever it is. */
  #forget(): void {
    this.#seen = undefined;
    this.#tag = undefined;
  }
}
