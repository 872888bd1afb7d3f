import type { JsonObject, JsonValue } from '@callgate/canonical';

import { decodeAscii } from '../internal/percent.ts';

/** Every text in a value, names of properties included, in no particular order. Linear in its size; as deep as it is. */
export function textsOf(value: JsonValue): readonly string[] {
  const texts: string[] = [];
  const pending: JsonValue[] = [value];
  while (pending.length > 0) {
    const next = pending.pop() as JsonValue;
    if (typeof next === 'string') texts.push(next);
    else if (Array.isArray(next)) for (const item of next as readonly JsonValue[]) pending.push(item);
    else if (typeof next === 'object' && next !== null) {
      for (const [name, item] of Object.entries(next as JsonObject)) {
        texts.push(name);
        pending.push(item);
      }
    }
  }
  return texts;
}

const MAX_DECODINGS = 4;

/**
 * The spellings of a text that something behind the server may see: as it is, in compatibility form (NFKC: full-width letters,
 * dots and slashes), and percent-decoded up to four times. Invisible format characters are left out. Distinct.
 */
export function spellingsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  const spellings = new Set([text, plain]);
  let current = plain;
  for (let round = 0; round < MAX_DECODINGS && current.includes('%'); round += 1) {
    const decoded = decodeAscii(current);
    if (decoded === current) break;
    spellings.add(decoded);
    current = decoded;
  }
  return [...spellings];
}
