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

// what URL parsers leave out wherever it stands: https://url.spec.whatwg.org/#concept-basic-url-parser
const LEFT_OUT = /[\t\n\r]+/gu;
const ESCAPED = /\\u00([0-7][0-9a-f])/giu;

/**
 * The spellings of a text that something behind the server may see: as it is, in compatibility form (NFKC: full-width letters,
 * dots and slashes), without tabs and line breaks as URL parsers read it, with ASCII escaped as in JSON (`\u002f`), and percent-decoded
 * up to four times. Invisible characters are left out. Distinct.
 */
export function spellingsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKC').replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
  const unescaped = plain.replaceAll(ESCAPED, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)));
  const spellings = new Set([text]);
  for (const start of new Set([plain, unescaped, plain.replaceAll(LEFT_OUT, '')])) {
    let current = start;
    spellings.add(current);
    for (let round = 0; round < MAX_DECODINGS && current.includes('%'); round += 1) {
      const decoded = decodeAscii(current);
      if (decoded === current) break;
      spellings.add(decoded);
      current = decoded;
    }
  }
  return [...spellings];
}
