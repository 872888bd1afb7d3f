import type { CompiledPolicy, PolicyDocument } from '@callgate/policy';

import type { Gate } from './gate.ts';
import { compilePolicy } from './policies.ts';
import type { ReloadOptions, ReloadResult } from './reload-policy.ts';
import { monotonicMs } from './system.ts';

/** How long the last good policy serves rings 2 and 3 where its watch says nothing. */
export const DEFAULT_MAX_AGE_MS: number = 24 * 3_600_000;

/** Keeps a gate on the newest policy that could be had: all of it within a maximum age, its reads after. */
export class LastGoodPolicy {
  readonly #gate: Gate;
  readonly #maxAgeMs: number;
  readonly #onStale: () => void;
  #good: CompiledPolicy;
  #failingSinceMs: number | undefined;
  #isStale = false;

  constructor(gate: Gate, maxAgeMs: number, onStale: () => void) {
    this.#gate = gate;
    this.#maxAgeMs = maxAgeMs;
    this.#onStale = onStale;
    this.#good = gate.policy;
  }

  /** Whether the last look found no good policy. */
  get isFailing(): boolean {
    return this.#failingSinceMs !== undefined;
  }

  /** Puts a policy in force that was had just now, where it narrows or is accepted. */
  offer(policy: CompiledPolicy, options: ReloadOptions): ReloadResult {
    // Back from being stale is no widening: what was in force is so again, and the new one is compared with that.
    if (this.#isStale) this.#gate.reload(this.#good, { acceptWidening: true });
    this.#isStale = false;
    this.#failingSinceMs = undefined;
    const result = this.#gate.reload(policy, options);
    if (result.applied) this.#good = policy;
    return result;
  }

  /** No policy can be had, for the last `forMs` milliseconds at least. What is in force stays, for now. */
  fail(error: unknown, isNews: boolean, forMs = 0): void {
    const sinceMs = monotonicMs() - forMs;
    this.#failingSinceMs = Math.min(this.#failingSinceMs ?? sinceMs, sinceMs);
    if (isNews) this.#gate.reportPolicyFailure(error);
  }

  /** Past its maximum age, a policy that cannot be renewed serves reads only. */
  age(): void {
    if (this.#isStale || this.#failingSinceMs === undefined) return;
    if (monotonicMs() - this.#failingSinceMs < this.#maxAgeMs) return;
    this.#isStale = true;
    this.#gate.reload(withoutWrites(this.#good), { acceptWidening: true });
    this.#onStale();
  }
}

const NO_RULES = { rules: [], meters: [], breakers: [], flows: [] } as const;

/** The policy with one more rule, which denies rings 2 and 3. */
function withoutWrites(policy: CompiledPolicy): CompiledPolicy {
  const document: PolicyDocument = policy.document;
  const rules = document.rules ?? [];
  let id = 'callgate-stale-policy';
  const { meters = [], breakers = [], flows = [] } = document;
  while ([...rules, ...meters, ...breakers, ...flows].some((other) => other.id === id)) id += '-x';
  const rule = {
    id,
    match: { ring: [2, 3] },
    deny: true,
    message: 'the policy could not be renewed in time: only reads pass until it is',
    stage: 'enforce',
  } as const;
  const source = policy.file === null ? {} : { file: policy.file };
  try {
    return compilePolicy({ ...document, rules: [...rules, rule] }, source);
  } catch {
    // as many rules as a policy may have: then not even reads pass
    return compilePolicy({ ...document, stage: 'enforce', servers: {}, ...NO_RULES }, source);
  }
}
