import {
  isDigest,
  isJsonObject,
  own,
  type Digest,
  type Instant,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import type { Principal } from '@callgate/policy';

/** What an item is: the answer of a method, or an error in its place. */
export type QuarantinedType = 'result' | 'prompt' | 'resource' | 'instructions' | 'error';

/** How often inspection found something of one rule. */
export interface QuarantinedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly count: number;
}

/** What is said of an item in the clear. It holds names, codes, sizes and digests, as records do; nothing of the content. */
export interface QuarantinedItem {
  /** `qtn_` and 26 characters that cannot be guessed. */
  readonly id: string;
  readonly server: string;
  readonly method: string;
  /** The tool or prompt; null where the method has none. */
  readonly tool: string | null;
  readonly type: QuarantinedType;
  /** The gate's id of the request, as in the ledger. */
  readonly request: string;
  readonly run: string | null;
  readonly principal: Principal;
  readonly storedAt: Instant;
  /** From when on it cannot be used, and is removed. */
  readonly expiresAt: Instant;
  /** Of the content as RFC 8785 text, as in the outcome record. */
  readonly digest: Digest;
  readonly bytes: number;
  readonly labels: readonly string[];
  readonly findings: readonly QuarantinedFinding[];
  /** The fingerprint of the key that opens it. */
  readonly key: string;
}

/** An item as a list shows it. */
export interface QuarantineEntry extends QuarantinedItem {
  /** `held`, or `released`: handed out, and its content gone. */
  readonly state: 'held' | 'released';
}

/** The longest text of what is said of an item, in bytes. */
export const MAX_ITEM_BYTES: number = 64 * 1024;

const ID = /^qtn_[0-9a-z]{26}$/u;

/** Whether text has the form of an item's id. */
export function isQuarantineId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

const TYPES: Readonly<Record<QuarantinedType, true>> = {
  result: true,
  prompt: true,
  resource: true,
  instructions: true,
  error: true,
};

/** The item that a text says; undefined where it says none. Files come from a disk that others may write to. */
export function parseItem(text: string): QuarantinedItem | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  return isJsonObject(value) && isItem(value) ? (value as unknown as QuarantinedItem) : undefined;
}

function isItem(item: JsonObject): boolean {
  const type = own(item, 'type');
  return (
    isQuarantineId(own(item, 'id')) &&
    (['server', 'method', 'request', 'key'] as const).every((name) => typeof own(item, name) === 'string') &&
    (['tool', 'run'] as const).every((name) => isTextOrNull(own(item, name))) &&
    typeof type === 'string' &&
    Object.hasOwn(TYPES, type) &&
    (['storedAt', 'expiresAt', 'bytes'] as const).every((name) => Number.isFinite(own(item, name))) &&
    isDigest(own(item, 'digest')) &&
    isJsonObject(own(item, 'principal') ?? null) &&
    isListOf(own(item, 'labels'), (label) => typeof label === 'string') &&
    isListOf(own(item, 'findings'), isFinding)
  );
}

function isFinding(value: JsonValue): boolean {
  return (
    isJsonObject(value) &&
    typeof own(value, 'rule') === 'string' &&
    typeof own(value, 'severity') === 'string' &&
    Number.isFinite(own(value, 'count'))
  );
}

function isTextOrNull(value: JsonValue | undefined): boolean {
  return value === null || typeof value === 'string';
}

function isListOf(value: JsonValue | undefined, test: (item: JsonValue) => boolean): boolean {
  return Array.isArray(value) && (value as readonly JsonValue[]).every(test);
}
