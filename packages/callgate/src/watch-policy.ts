import { readFile, stat } from 'node:fs/promises';

import { digest, type Digest } from '@callgate/canonical';
import type { CompiledPolicy, PolicyDocument } from '@callgate/policy';

import type { Gate } from './gate.ts';
import { loadPolicy, type LoadPolicyOptions } from './load-policy.ts';
import { compilePolicy } from './policies.ts';
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

const DEFAULT_MAX_AGE_MS = 24 * 3_600_000;

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
  readonly #gate: Gate;
  readonly #path: string;
  readonly #options: WatchPolicyOptions;
  readonly #timer: NodeJS.Timeout;
  #seen: Digest | undefined;
  #good: CompiledPolicy;
  #invalidSinceMs: number | undefined;
  #isStale = false;
  #checking: Promise<void> | undefined;

  constructor(gate: Gate, path: string, options: WatchPolicyOptions) {
    const intervalMs = inRange('intervalMs', options.intervalMs ?? DEFAULT_INTERVAL_MS, 50, 3_600_000);
    inRange('maxAgeMs', options.maxAgeMs ?? DEFAULT_MAX_AGE_MS, 0, Number.MAX_SAFE_INTEGER);
    this.#gate = gate;
    this.#path = path;
    this.#options = options;
    this.#good = gate.policy;
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
    const { exceptions } = this.#options;
    const paths = [this.#path, ...(exceptions === undefined ? [] : [exceptions])];
    try {
      const seen = digest((await Promise.all(paths.map(contentsOf))).join('\n'));
      if (seen !== this.#seen) {
        this.#seen = seen;
        await this.#load();
      }
    } catch (error) {
      // what cannot be read is looked at again, and told of once
      this.#seen = undefined;
      if (this.#invalidSinceMs === undefined) this.#options.onChange?.({ kind: 'invalid', error });
      this.#invalidSinceMs ??= performance.now();
    }
    this.#age();
  }

  async #load(): Promise<void> {
    const { exceptions, onChange } = this.#options;
    let policy: CompiledPolicy;
    try {
      policy = await loadPolicy(this.#path, exceptions === undefined ? {} : { exceptions });
    } catch (error) {
      this.#invalidSinceMs ??= performance.now();
      onChange?.({ kind: 'invalid', error });
      return;
    }
    // back from being stale is no widening: what was in force is so again, and the new one is compared with that
    if (this.#isStale) this.#gate.reload(this.#good, { acceptWidening: true });
    this.#isStale = false;
    this.#invalidSinceMs = undefined;
    const result = this.#gate.reload(policy, this.#options);
    if (result.applied) this.#good = policy;
    onChange?.({ kind: 'reloaded', result });
  }

  /** Past its maximum age, a policy whose file does not load serves reads only. */
  #age(): void {
    const { maxAgeMs = DEFAULT_MAX_AGE_MS, onChange } = this.#options;
    if (this.#isStale || this.#invalidSinceMs === undefined || performance.now() - this.#invalidSinceMs < maxAgeMs)
      return;
    this.#isStale = true;
    this.#gate.reload(withoutWrites(this.#good), { acceptWidening: true });
    onChange?.({ kind: 'stale' });
  }
}

/** The policy with one more rule, which denies rings 2 and 3. */
function withoutWrites(policy: CompiledPolicy): CompiledPolicy {
  const document: PolicyDocument = policy.document;
  const rule = {
    id: 'callgate-stale-policy',
    match: { ring: [2, 3] },
    deny: true,
    message: 'the policy could not be renewed in time: only reads pass until it is',
    stage: 'enforce',
  } as const;
  return compilePolicy(
    { ...document, rules: [...(document.rules ?? []), rule] },
    policy.file === null ? {} : { file: policy.file },
  );
}

/** The contents of a file; a file that is too large to be a policy is told by its size alone. */
async function contentsOf(path: string | URL): Promise<string> {
  const { size } = await stat(path);
  return size > 4 * 1024 * 1024 ? String(size) : readFile(path, 'utf8');
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) throw new RangeError(`${name}: expected ${least} to ${most}, got ${value}`);
  return value;
}
