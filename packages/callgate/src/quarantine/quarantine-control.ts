import type { JsonValue } from '@callgate/canonical';

import type { QuarantineEntry, QuarantinedItem } from './quarantined-item.ts';
import type { ReleaseOptions } from './release-options.ts';

/** What is kept, in the clear. */
export interface RevealedItem {
  readonly item: QuarantinedItem;
  /** The whole answer as it came: untrusted, and whatever inspection found is in it. */
  readonly content: JsonValue;
}

/** What was handed out. */
export interface ReleasedItem extends RevealedItem {
  /** Whether its sealed content is gone from where it was kept. Where it is not, nobody gets it again all the same. */
  readonly isErased: boolean;
}

/** What of a quarantine is removed: all of it, or what was stored longer ago than this. */
export type PurgeOptions = { readonly all: true } | { readonly olderThanMs: number };

/** What inspection withheld: sealed, bounded, and handed out once, to a person with a reason, on the record. */
export interface QuarantineControl {
  /** Everything in it, the oldest first. What has expired is removed. */
  list(signal?: AbortSignal): Promise<readonly QuarantineEntry[]>;
  /** What is said of one item in the clear; undefined where there is none. */
  get(id: string, signal?: AbortSignal): Promise<QuarantineEntry | undefined>;
  /**
   * Hands out what is kept: once, and only when the record of who did so and why is durable. Its content is then gone from here.
   *
   * @throws {QuarantineError} `CALLGATE_QUARANTINE_UNKNOWN` (also where it expired), `…_RELEASED`, `…_KEY_OTHER`, `…_BROKEN`
   * @throws {TypeError} without a person or a reason
   * @throws {AuditError} when it cannot be recorded; it then stays where it is
   */
  release(id: string, options: ReleaseOptions, signal?: AbortSignal): Promise<ReleasedItem>;
  /** Removes items for good, released ones included, and says how many. */
  purge(options: PurgeOptions, signal?: AbortSignal): Promise<number>;
}
