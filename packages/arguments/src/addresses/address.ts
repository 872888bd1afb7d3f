import ipaddr from 'ipaddr.js';

/** An IP address as this package reads it: one spelling for IPv4, hexadecimal groups for IPv6, nothing else. */
export interface Address {
  readonly version: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
  /** Dotted decimal, or RFC 5952. */
  readonly text: string;
}

/** Four decimal octets without leading zeros: the one form that every parser reads alike. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/u;

/** Hexadecimal groups: no zone, no dotted tail. */
const IPV6_CHARACTERS = /^[0-9a-f:]{2,39}$/iu;

/**
 * Reads an address; undefined for everything that is not one in a plain spelling. Octal, hexadecimal, whole-number and short forms of
 * IPv4, zones and dotted tails of IPv6 are not.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length <= 15 && IPV4.test(text)) return { version: 4, bytes: text.split('.').map(Number), text };
  if (!IPV6_CHARACTERS.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const parsed = ipaddr.IPv6.parse(text);
  return { version: 6, bytes: parsed.toByteArray(), text: hexadecimal(parsed) };
}

/** The address with these bytes, 4 or 16 of them. */
export function addressOf(bytes: readonly number[]): Address {
  if (bytes.length === 4) return { version: 4, bytes, text: bytes.join('.') };
  const parsed = ipaddr.fromByteArray([...bytes]) as ipaddr.IPv6;
  return { version: 6, bytes, text: hexadecimal(parsed) };
}

/** RFC 5952 §4: lower case, no leading zeros, the longest run of zero groups shortened, the first of equal ones. */
function hexadecimal({ parts }: ipaddr.IPv6): string {
  let best = { start: 0, length: 1 };
  let start = 0;
  for (let index = 0; index <= parts.length; index += 1) {
    if (parts[index] === 0) continue;
    if (index - start > best.length) best = { start, length: index - start };
    start = index + 1;
  }
  const groups = parts.map((part) => part.toString(16));
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
