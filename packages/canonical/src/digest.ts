import { sha256Hex } from '#sha256';

import { canonicalize } from './canonical-json.ts';
import type { JsonValue } from './json.ts';

/** A SHA-256 digest (FIPS 180-4) as lower-case hex after its algorithm's name. */
export type Digest = `sha256:${string}`;

const PATTERN = /^sha256:[0-9a-f]{64}$/u;

/** The digest of a text's UTF-8 bytes, or of the bytes themselves. */
export function digest(data: string | Uint8Array): Digest {
  return `sha256:${sha256Hex(data)}`;
}

/** The digest of plain data's RFC 8785 bytes. */
export function digestJson(value: JsonValue): Digest {
  return digest(canonicalize(value));
}

/** Whether `value` is written as {@link Digest} says. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && PATTERN.test(value);
}
