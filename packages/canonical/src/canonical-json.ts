import { canonicalize as serialize } from 'json-canonicalize';

import type { JsonValue } from './json.ts';

/**
 * The RFC 8785 (JSON Canonicalization Scheme) text of plain data.
 *
 * @param value plain data, as {@link clonePlain} returns it; anything else is outside this function's contract
 */
export function canonicalize(value: JsonValue): string {
  return serialize(value);
}
