import { digestJson, type Digest } from '@callgate/canonical';
import type { CompiledPolicy } from '@callgate/policy';

import type { Gate } from './gate.ts';
import { inRange } from './in-range.ts';
import { DEFAULT_MAX_AGE_MS, LastGoodPolicy } from './last-good-policy.ts';
import { compileTexts, readPolicyTexts, type LoadPolicyOptions, type PolicyTexts } from './load-policy.ts';
import type { ReloadOptions, ReloadResult } from './reload-policy.ts';

const DEFAULT_INTERVAL_MS = 1_000;

/** How a policy file is watched. */
export interface WatchPolicyOptions extends LoadPolicyOptions, ReloadOptions {
  /** How often the files are looked at; 50 to 3,600,000 ms, default 1,000. */
  readonly intervalMs?: number;
  /**
   * How long the last good policy stays in force for rings 2 and 3 while the file does not load, in milliseconds; after it they are
   * denied until it does. Default: 24 hours.
   */
  readonly maxAgeMs?: number;
  /** Told of every change that was looked at: what became of it, or why it did not load. */
  readonly onChange?: (change: PolicyChange) => void;
  readonly signal?: AbortSignal;
}

/** What a look at changed files came to. */
export type PolicyChange =
  | { readonly kind: 'reloaded'; readonly result: ReloadResult }
  | { readonly kind: 'invalid'; readonly error: unknown }
  | { readonly kind: 'stale' };

/** A policy file being watched. */
export interface PolicyWatch {
  /** Looks at once, and waits until what is found there is in force or refused. */
  check(): Promise<void>;
  close(): void;
  [Symbol.dispose](): void;
}

/**
 * Keeps a gate on the policy of a file: what narrows applies at once, what widens only with `acceptWidening`, and while the file does
 * not load the last good policy stays in force, for rings 2 and 3 within `maxAgeMs`. Looks at contents, not at file times.
 *
 * @throws {RangeError} for an interval or an age outside its range
 */
export function watchPolicy(gate: Gate, path: string, options: WatchPolicyOptions = {}): PolicyWatch {
  return new FileWatch(gate, path, options);
}

class FileWatch implements PolicyWatch {
  readonly #path: string;
  readonly #options: WatchPolicyOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #lastGood: LastGoodPolicy;
  #seen: Digest | undefined;
  #checking: Promise<void> | undefined;

  constructor(gate: Gate, path: string, options: WatchPolicyOptions) {
    const intervalMs = inRange('intervalMs', options.intervalMs ?? DEFAULT_INTERVAL_MS, 50, 3_600_000);
    const maxAgeMs = inRange('maxAgeMs', options.maxAgeMs ?? DEFAULT_MAX_AGE_MS, 0, Number.MAX_SAFE_INTEGER);
    this.#path = path;
    this.#options = options;
    this.#lastGood = new LastGoodPolicy(gate, maxAgeMs, () => options.onChange?.({ kind: 'stale' }));
    this.#timer = setInterval(() => void this.check(), intervalMs);
    // watching alone keeps no process alive
    this.#timer.unref();
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #check(): Promise<void> {
    try {
      const texts = await readPolicyTexts(this.#path, this.#options);
      const seen = digestJson([texts.policy.text, texts.exceptions?.text ?? null]);
      if (seen !== this.#seen) {
        this.#seen = seen;
        await this.#load(texts);
      }
    } catch (error) {
      // what cannot be read is looked at again, and told of once
      this.#seen = undefined;
      this.#fail(error, !this.#lastGood.isFailing);
    }
    this.#lastGood.age();
  }

  /** What was read is what is compiled: a file that changes meanwhile is found changed by the next look. */
  async #load(texts: PolicyTexts): Promise<void> {
    const { onChange } = this.#options;
    let policy: CompiledPolicy;
    try {
      policy = await compileTexts(texts);
    } catch (error) {
      this.#fail(error, true);
      return;
    }
    // whether or not anybody is told: what stands in an optional call is not evaluated without a listener
    const result = this.#lastGood.offer(policy, this.#options);
    onChange?.({ kind: 'reloaded', result });
  }

  #fail(error: unknown, isNews: boolean): void {
    this.#lastGood.fail(error, isNews);
    if (isNews) this.#options.onChange?.({ kind: 'invalid', error });
  }
}
