/** Where ids come from. Ids are opaque and unique within their source. */
export type IdSource = () => string;

/**
 * Ids of 128 random bits as 26 characters of Crockford base32, after `prefix`.
 *
 * @param random fills the array it is given with random bytes, for instance `crypto.getRandomValues`
 */
export function createIdSource(prefix: string, random: (bytes: Uint8Array<ArrayBuffer>) => unknown): IdSource {
  return () => {
    const bytes = new Uint8Array(17);
    random(bytes);
    let id = prefix;
    let bits = 0;
    let buffer = 0;
    for (const byte of bytes) {
      buffer = ((buffer << 8) | byte) & 0xffff;
      bits += 8;
      while (bits >= 5 && id.length < prefix.length + 26) {
        bits -= 5;
        id += ALPHABET[(buffer >> bits) & 31] ?? '';
      }
    }
    return id;
  };
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids that count: `prefix1`, `prefix2`, … For tests and replays. */
export function createSequentialIds(prefix: string): IdSource {
  let next = 0;
  return () => {
    next += 1;
    return `${prefix}${next}`;
  };
}
