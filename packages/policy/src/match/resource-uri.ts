import { decodeAscii } from '../internal/percent.ts';
import { parseUrl } from '../internal/url.ts';
import { compileUriGlob, type GlobTest } from './glob.ts';

// the special schemes of the WHATWG URL Standard: its parser adds the slashes that others need
const LACKS_SLASHES = /^(?:(?:https?|wss?|ftp):(?!\/\/[^/])|file:(?!\/))/iu;

/** The longest URI that can be permitted, in UTF-16 code units. */
const MAX_URI_LENGTH = 8192;

/**
 * The canonical form of a URI (as the WHATWG URL parser writes it, where it parses), or undefined where it must not be used
 * at all: too long, with control characters, spaces or backslashes, with credentials, with a `..` or `.` path segment in any
 * encoding, or without the slashes that come before a host. Those are refused rather than resolved, since the server gets the
 * text as it is and may read it otherwise: of `https://a.example\.b.example/` parsers disagree whose it is.
 */
function canonicalUri(uri: string): string | undefined {
  if (uri === '' || uri.length > MAX_URI_LENGTH || hasUnsafeCharacter(uri) || hasDotSegment(uri)) return undefined;
  if (uri.includes('\\') || LACKS_SLASHES.test(uri)) return undefined;
  const url = parseUrl(uri);
  if (url === undefined) return uri;
  if (url.username !== '' || url.password !== '') return undefined;
  return hasDotSegment(url.href) ? undefined : url.href;
}

function hasUnsafeCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0x2028 || code === 0x2029 || code === 0xfeff)
      return true;
  }
  return false;
}

const MAX_DECODINGS = 4;

/** Whether a segment is `.` or `..` now or after any number of percent-decodings up to four; more decodings count as one. */
function hasDotSegment(uri: string): boolean {
  let text = uri;
  for (let round = 0; round < MAX_DECODINGS; round += 1) {
    if (text.split(/[/\\]/u).some((segment) => /^\.{1,2}(?:$|[?#;])/u.test(segment))) return true;
    const decoded = decodeAscii(text);
    if (decoded === text) return false;
    if (hasUnsafeCharacter(decoded.replaceAll(' ', ''))) return true;
    text = decoded;
  }
  return true;
}

/** A permitted set of URIs; `match` returns the pattern that permits one, for records. */
export interface UriSet {
  readonly patterns: readonly string[];
  match(uri: string): string | undefined;
}

/** Compiles URI patterns, which are matched against canonical URIs. */
export function compileUriSet(patterns: readonly string[]): UriSet {
  const sorted = patterns.toSorted();
  const tests: readonly (readonly [string, GlobTest])[] = sorted.map((pattern) => [
    pattern,
    compileUriGlob(canonicalPattern(pattern)),
  ]);
  return {
    patterns: Object.freeze(sorted),
    match: (uri) => {
      const canonical = canonicalUri(uri);
      if (canonical === undefined) return undefined;
      return tests.find(([, test]) => test(canonical))?.[0];
    },
  };
}

/** A pattern without wildcards is a URI itself, and is compared in canonical form. */
export function canonicalPattern(pattern: string): string {
  return pattern.includes('*') ? pattern : (parseUrl(pattern)?.href ?? pattern);
}

/** A URI template (RFC 6570) with its expressions replaced by a letter, so that patterns can judge it. */
export function templateExample(template: string): string {
  return template.replaceAll(/\{[^{}]*\}/gu, 'x');
}
