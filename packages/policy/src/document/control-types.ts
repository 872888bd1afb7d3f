import type { Stage } from '../decision.ts';
import type { RuleMatchDocument } from './types.ts';

/** What every control across servers and tools says. */
export interface ControlDocument {
  /** Unique among rules, meters, breakers and flows. */
  readonly id: string;
  /** Which calls it is about, as of rules; default: every tool call. */
  readonly match?: RuleMatchDocument;
  /** What is done about a call that goes over; default: `deny`. */
  readonly then?: 'deny' | 'hold';
  /** Who may approve what is held. */
  readonly by?: readonly string[];
  readonly message?: string;
  readonly owner?: string;
  readonly stage?: Stage;
}

/** A bounded count, sum or rate, by key and window. It has exactly one of `count`, `sum` and `rate`. */
export interface MeterDocument extends ControlDocument {
  /** `calls`, `failures`, `denials`, `open`, or `distinct` and a key. */
  readonly count?: string;
  /** `cost`, `bytes`, `rows`, `tokens`, or an argument that is a number. */
  readonly sum?: string;
  /** So many calls in so long, evenly: `60/1m`. */
  readonly rate?: string;
  /** How many calls of a rate may come at once; default 1. */
  readonly burst?: number;
  /** What it is kept by, each on its own: `run`, `tool`, `principal.user`, `arguments.id`, …. */
  readonly per: readonly string[];
  /** The sliding window; default: nothing is forgotten. */
  readonly within?: string;
  readonly soft?: number;
  readonly max?: number;
  /** What a call under way counts of a sum until its result is known; default 0. */
  readonly reserve?: number;
  readonly queue?: { readonly depth: number; readonly wait: string };
  readonly degrade?: { readonly from: string; readonly cost: number };
}

export type TripWord =
  | 'identical failure'
  | 'consecutive failure'
  | 'denial'
  | 'failure'
  | 'latency'
  | 'cycle'
  | 'same result';

/** Stops calls for a time after what trips it. */
export interface BreakerDocument extends ControlDocument {
  readonly on: TripWord;
  readonly per: readonly string[];
  /** Arguments that do not make a call another one: with `arguments` in `per`. */
  readonly volatile?: readonly string[];
  readonly after?: number;
  readonly rate?: string;
  readonly of?: number;
  readonly within?: string;
  readonly percentile?: string;
  readonly over?: string;
  readonly length?: number;
  readonly open: string;
  readonly halfOpen?: number;
}

/** What a run that has seen some labels may not send out. */
export interface FlowDocument extends ControlDocument {
  readonly seen: readonly string[];
  readonly sink: string;
  /** Where the arguments carry what was seen; default: as `then`. */
  readonly carried?: 'deny' | 'hold';
}

/** What a call costs: so much, or by its parts. */
export type CostDocument = number | { readonly perCall?: number; readonly perKiB?: number; readonly at?: string };

/** A write that happens once for each key. */
export interface IdempotencyDocument {
  /** The argument that holds the key. */
  readonly key: string;
  /** A call without a key gets one; default: it is denied. */
  readonly inject?: boolean;
  /** How long a key is remembered; default 24 h. */
  readonly within?: string;
  /** How often the gate itself tries again; default 0. */
  readonly retries?: number;
  /** The first pause between two tries, each twice the last; default 200 ms. */
  readonly backoff?: string;
}

/** The tool makes plans. */
export interface PlanDocument {
  readonly name: string;
  /** Where the plan's id stands in the structured result: a JSON pointer. */
  readonly id: string;
  /** How long a plan may be applied. */
  readonly ttl: string;
}

/** The tool carries out a plan. */
export interface ApplyDocument {
  /** The name of the plan. */
  readonly plan: string;
  /** The argument that holds the plan's id. */
  readonly id: string;
  /** Arguments, and what of the plan they must be the same as: `arguments.x` or `result.y`. */
  readonly same?: Readonly<Record<string, string>>;
}
