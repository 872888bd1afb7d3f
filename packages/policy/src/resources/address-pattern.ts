import { compileNameGlob, type GlobTest } from '../match/glob.ts';
import { hostOf } from './host-pattern.ts';

/** Compiles a pattern of e-mail addresses, in which `*` is any run of characters. Case does not matter. */
export function compileAddressPattern(pattern: string): GlobTest {
  const test = compileNameGlob(canonicalAddress(pattern));
  return (address) => test(canonicalAddress(address));
}

const AROUND_ADDRESSES = /[\s"'`<>(),;:[\]{}|\\]+/u;
// these may stand in an address, and between one and what is around it in a URL or a sentence
const BETWEEN = /[?&=/#!]+/u;

/** The e-mail addresses that a text may name, in lower case. */
export function addressesIn(text: string): readonly string[] {
  const pieces = text
    .toLowerCase()
    .split(AROUND_ADDRESSES)
    .filter((piece) => piece.includes('@'));
  const parts = pieces.flatMap((piece) => piece.split(BETWEEN)).filter((part) => part.includes('@'));
  return [...new Set([...pieces, ...parts])];
}

/** The longest part before the `@` that is compared, in UTF-16 code units: of a longer one the end, which is what a pattern can fix. */
const MAX_LOCAL_LENGTH = 512;

/** Lower case; the domain as URLs spell it, without the dot of the root. */
function canonicalAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return address.toLowerCase();
  const local = address.slice(Math.max(0, at - MAX_LOCAL_LENGTH), at).toLowerCase();
  const domain = address.slice(at + 1).toLowerCase();
  return `${local}@${domain.includes('*') ? domain : (hostOf(domain) ?? domain)}`;
}
