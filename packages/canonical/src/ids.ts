/** Where ids come from. Ids are opaque and unique within their source. */
export type IdSource = () => string;

// Crockford's base32, lower case: no `i`, `l`, `o`, `u`.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Two characters for every 10 bits. */
const PAIRS: readonly string[] = Array.from(
  { length: 1024 },
  (_, bits) => `${ALPHABET.charAt(bits >> 5)}${ALPHABET.charAt(bits & 31)}`,
);

const PAIRS_PER_ID = 13;
const IDS_PER_DRAW = 64;

/**
 * Ids of 130 random bits as 26 characters of Crockford base32, after `prefix`.
 *
 * Randomness is drawn for 64 ids at a time: one draw costs more than one id (measured, bench/canonical.ts).
 *
 * @param random fills the array it is given with random bytes, for instance `crypto.getRandomValues`
 */
export function createIdSource(prefix: string, random: (bytes: Uint8Array<ArrayBuffer>) => unknown): IdSource {
  const draws = new Uint16Array(PAIRS_PER_ID * IDS_PER_DRAW);
  let next = draws.length;
  return () => {
    if (next >= draws.length) {
      random(new Uint8Array(draws.buffer));
      next = 0;
    }
    let id = prefix;
    for (const end = next + PAIRS_PER_ID; next < end; next += 1) id += PAIRS[(draws[next] ?? 0) & 1023] ?? '';
    return id;
  };
}

/** Ids that count: `prefix1`, `prefix2`, … For tests and replays. */
export function createSequentialIds(prefix: string): IdSource {
  let next = 0;
  return () => {
    next += 1;
    return `${prefix}${next}`;
  };
}
