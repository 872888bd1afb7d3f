import type { Clock } from '@callgate/canonical';

import { GateError } from '../errors.ts';
import { openDirectoryQuarantine } from './directory-store.ts';
import { createMemoryQuarantine } from './memory-store.ts';
import type { QuarantineLimits } from './kept-items.ts';
import { Quarantine, type QuarantineHooks } from './quarantine.ts';
import { ephemeralKey, parseQuarantineKey, type QuarantineKey } from './quarantine-key.ts';
import type { QuarantineStore } from './store.ts';

/** Options of a gate's quarantine: where what inspection withheld is kept, sealed, and for how long. */
export interface QuarantineOptions {
  /** `memory` (the default: gone with the process), a directory, or a store of your own. */
  readonly store?: string | QuarantineStore;
  /**
   * The key to seal with, as `generateQuarantineKey` or `callgate quarantine keygen` made it. Without one the gate makes its own, and
   * what it sealed opens for nobody once the process is gone.
   */
  readonly key?: string;
  /** Items kept; the oldest goes first. Default 100 in memory, 1,000 elsewhere, at most 100,000. With 0 nothing is kept. */
  readonly maxItems?: number;
  /** Bytes of sealed content kept; the oldest goes first. Default 16 MiB in memory, 256 MiB elsewhere. */
  readonly maxBytes?: number;
  /** How long an item is kept. Default an hour in memory, 7 days elsewhere, at most 366 days. */
  readonly maxAgeMs?: number;
}

const OPTIONS: Record<keyof QuarantineOptions, true> = {
  store: true,
  key: true,
  maxItems: true,
  maxBytes: true,
  maxAgeMs: true,
};

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MEMORY_BOUNDS: QuarantineLimits = { maxItems: 100, maxBytes: 16 * MEBIBYTE, maxAgeMs: HOUR_MS };
const BOUNDS: QuarantineLimits = { maxItems: 1_000, maxBytes: 256 * MEBIBYTE, maxAgeMs: 7 * DAY_MS };

const MAX_ITEMS = 100_000;
const MAX_AGE_MS = 366 * DAY_MS;

const STORE_METHODS = ['put', 'read', 'list', 'claim', 'unclaim', 'forget', 'remove'] as const;

/**
 * Checks a gate's `quarantine` option.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS`
 */
export function assertQuarantineOptions(options: QuarantineOptions): void {
  if (typeof options !== 'object' || options === null) throw invalid('quarantine: expected an object');
  if (!Object.keys(options).every((name) => Object.hasOwn(OPTIONS, name)))
    throw invalid(`quarantine: expected only ${Object.keys(OPTIONS).join(', ')}`);
  const { store = 'memory', key, maxItems = 1, maxBytes = 1, maxAgeMs = 1 } = options;
  if (store === '' || (typeof store !== 'string' && !isStore(store)))
    throw invalid(`quarantine.store: expected \`memory\`, a directory, or a store with ${STORE_METHODS.join(', ')}`);
  if (key !== undefined && typeof key !== 'string')
    throw invalid('quarantine.key: expected a key, as `callgate quarantine keygen` makes it');
  if (!Number.isSafeInteger(maxItems) || maxItems < 0 || maxItems > MAX_ITEMS)
    throw invalid('quarantine.maxItems: expected an integer from 0 to 100,000');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1)
    throw invalid('quarantine.maxBytes: expected a positive integer');
  if (!(maxAgeMs >= 1 && maxAgeMs <= MAX_AGE_MS)) throw invalid('quarantine.maxAgeMs: expected from 1 to 366 days');
}

function isStore(store: unknown): boolean {
  if (typeof store !== 'object' || store === null) return false;
  const methods = store as Readonly<Record<string, unknown>>;
  return STORE_METHODS.every((name) => typeof methods[name] === 'function');
}

/**
 * Opens a gate's quarantine.
 *
 * @throws {QuarantineError} `CALLGATE_QUARANTINE_KEY_INVALID`, `…_UNREADABLE`, `…_UNWRITABLE`
 */
export async function openQuarantineFor(
  options: QuarantineOptions,
  about: { readonly clock: Clock; readonly hooks: QuarantineHooks },
): Promise<Quarantine> {
  const { store = 'memory' } = options;
  const key: QuarantineKey = options.key === undefined ? ephemeralKey() : parseQuarantineKey(options.key);
  const bounds = store === 'memory' ? MEMORY_BOUNDS : BOUNDS;
  const { maxItems = bounds.maxItems, maxBytes = bounds.maxBytes, maxAgeMs = bounds.maxAgeMs } = options;
  const quarantine = new Quarantine({
    store: await storeNamed(store),
    key,
    limits: { maxItems, maxBytes, maxAgeMs },
    ...about,
  });
  await quarantine.load();
  return quarantine;
}

async function storeNamed(store: string | QuarantineStore): Promise<QuarantineStore> {
  if (typeof store !== 'string') return store;
  return store === 'memory' ? createMemoryQuarantine() : openDirectoryQuarantine(store);
}

function invalid(message: string): GateError {
  return new GateError('CALLGATE_GATE_OPTIONS', message);
}
