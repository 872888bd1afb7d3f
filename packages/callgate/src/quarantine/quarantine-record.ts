import type { LifecycleEntry } from '@callgate/audit';
import type { Instant, JsonObject } from '@callgate/canonical';

/** The record of what became of something in quarantine: `detail.action` is `released`, `purged` or `evicted`. */
export function quarantineEntry(time: Instant, detail: JsonObject): LifecycleEntry {
  return { kind: 'lifecycle', time, event: 'quarantine', detail };
}
