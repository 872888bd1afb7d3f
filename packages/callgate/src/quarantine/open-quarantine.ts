import type { Ledger } from '@callgate/audit';
import type { Clock } from '@callgate/canonical';

import { systemClock } from '../system.ts';
import { readDirectoryQuarantine } from './directory-store.ts';
import type { QuarantineControl, RevealedItem } from './quarantine-control.ts';
import { Quarantine, type QuarantineHooks } from './quarantine.ts';
import { ephemeralKey, parseQuarantineKey } from './quarantine-key.ts';
import { quarantineEntry } from './quarantine-record.ts';

/** Options of {@link openQuarantine}. */
export interface OpenQuarantineOptions {
  /** The key that the gate seals with. Without it nothing opens; what is said in the clear is there all the same. */
  readonly key?: string;
  /** Where releases and purges are recorded. Nothing is released without one. */
  readonly ledger?: Ledger;
  /** For tests. */
  readonly clock?: Clock;
}

/** The quarantine of a directory, from outside of the gate that fills it. */
export interface OpenQuarantine extends QuarantineControl {
  /**
   * The content of an item, left where it is: for a person who looks at it.
   *
   * @throws {QuarantineError} as `release`
   */
  reveal(id: string, signal?: AbortSignal): Promise<RevealedItem>;
}

/**
 * Opens the quarantine that a gate keeps in a directory, beside that gate. It adds nothing, and removes only what it is told to.
 *
 * @throws {QuarantineError} `CALLGATE_QUARANTINE_UNREADABLE`, `CALLGATE_QUARANTINE_KEY_INVALID`
 */
export async function openQuarantine(path: string, options: OpenQuarantineOptions = {}): Promise<OpenQuarantine> {
  const { key, ledger, clock = systemClock } = options;
  return new Quarantine({
    store: await readDirectoryQuarantine(path),
    key: key === undefined ? ephemeralKey() : parseQuarantineKey(key),
    limits: { maxItems: 0, maxBytes: 0, maxAgeMs: 0 },
    clock,
    hooks: hooksFor(ledger, clock),
  });
}

function hooksFor(ledger: Ledger | undefined, clock: Clock): QuarantineHooks {
  return {
    recordFirst: async (detail, signal) => {
      if (ledger !== undefined) await ledger.durable(ledger.append(quarantineEntry(clock.now(), detail)), signal);
      else if (detail['action'] === 'released')
        throw new TypeError('ledger: expected one that the release is recorded in');
    },
    evicted: () => undefined,
    released: () => undefined,
    // Whoever released it is told by `isErased`.
    failed: () => undefined,
  };
}
