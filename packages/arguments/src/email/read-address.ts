import { isHostName } from '../addresses/host-name.ts';
import type { EmailProblem, EmailProblemCode } from './problems.ts';

/** One address, taken apart. */
export interface EmailAddress {
  readonly local: string;
  /** Lower case. */
  readonly domain: string;
}

/** RFC 5321 §4.5.3.1: 64 octets before the `@`, 254 in all. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/**
 * What this package takes for a local part: a subset of the dot-atom of RFC 5322 §3.2.3. It begins with a letter, digit or `_`, so that it is
 * never an option of a mail program, nor a formula of a spreadsheet.
 */
const LOCAL = /^[A-Za-z0-9_][A-Za-z0-9_'+=&~-]*(?:\.[A-Za-z0-9_'+=&~-]+)*$/u;

/** The last label is a word: what looks like a number is taken for an address. */
const TOP_LEVEL = /\.(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/u;

const expected = 'one address, such as `name@example.com`, and nothing else';

/** What gives away that a text is no bare address, by character. The first that matches counts. */
const TELLTALES: readonly (readonly [RegExp, EmailProblemCode, string, string])[] = [
  [/[\p{Cc}\u2028\u2029]/u, 'email.control', 'a control character or line break', 'remove line breaks'],
  [/[^\0-\x7f]/u, 'email.international', 'characters outside ASCII', 'write the address in ASCII'],
  [/[<>]/u, 'email.display_name', 'angle brackets', 'give the bare address without a name'],
  [/[()]/u, 'email.comment', 'a comment', 'remove the comment'],
  [/"/u, 'email.quoted', 'quotation marks', 'give the bare address without quotation marks'],
  [/[,;]/u, 'email.several', 'a separator', 'give one address'],
  [/@.*@|[%!:]/su, 'email.route', 'a route through another host', 'give an address with one `@`'],
  [/@\[/u, 'email.address_literal', 'an IP address', 'use the domain'],
  [/^-/u, 'email.syntax', 'text that begins with a hyphen', 'give a bare address'],
];

/** Reads one bare address. */
export function readAddress(text: string): EmailAddress | EmailProblem {
  if (text.length > MAX_LENGTH) {
    return { code: 'email.too_long', expected: 'an address of at most 254 characters', got: 'a longer one' };
  }
  for (const [pattern, code, got, hint] of TELLTALES) if (pattern.test(text)) return { code, expected, got, hint };
  const at = text.indexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1).toLowerCase()];
  const isSound =
    at > 0 &&
    at <= MAX_LOCAL_LENGTH &&
    LOCAL.test(local) &&
    isHostName(domain) &&
    !domain.includes('_') &&
    TOP_LEVEL.test(domain);
  return isSound ? { local, domain } : { code: 'email.syntax', expected, got: 'text of another form' };
}
