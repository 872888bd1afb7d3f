import { parseUrl } from '../internal/url.ts';
import type { Findings } from './findings.ts';

const AUTHORITY = /^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):\/\/(?<host>[^/]*)(?<slash>\/?)/u;
/** The schemes of the WHATWG URL Standard with a host in canonical form, and their default ports. */
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['ws', '80'],
  ['wss', '443'],
  ['ftp', '21'],
]);

/** Looks at the URI patterns of resources or roots; `pointer` is that of the object with `allow`. */
export function lintUriPatterns(
  subject: string,
  what: 'resources' | 'roots',
  patterns: readonly string[],
  pointer: string,
  findings: Findings,
): void {
  for (const [index, pattern] of patterns.entries()) {
    const at = `${pointer}/allow/${index}`;
    const reason = neverReason(pattern);
    if (reason !== undefined) {
      const message = `${subject}: the pattern never matches: canonical URIs have ${reason}`;
      findings.add('uri-never', at, message, 'write it in canonical form');
    } else if (coversEverything(pattern)) {
      const message = `${subject}: \`${pattern}\` covers all ${what}`;
      findings.add('uri-any', at, message, 'name the scheme, the host and the folder');
    } else if (hasOpenHost(pattern)) {
      const message = `${subject}: the wildcard in the host of \`${pattern}\` lets in other hosts`;
      findings.add('uri-host-open', at, message, 'end the host with `/`, and begin it with `*.` at most');
    }
  }
}

function coversEverything(pattern: string): boolean {
  return /^(?:\*+|\*+:\/\/\*+(?:\/\*+)?|[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/\/?)?\*\*)$/u.test(pattern);
}

/** Whether a wildcard of a host can take in what belongs to another: `https://a.example*`, `https://*a.example/`. */
function hasOpenHost(pattern: string): boolean {
  const { scheme = '', host = '', slash = '' } = AUTHORITY.exec(pattern)?.groups ?? {};
  if (!DEFAULT_PORTS.has(scheme) || !host.includes('*')) return false;
  if (/^\*+$/u.test(host)) return true;
  // a wildcard in front of a dot stands for labels; a double one could run past the host
  const rest = host.replace(/^\*\./u, '');
  return slash === '' || rest.includes('*');
}

/** What canonical URIs have that the pattern lacks; undefined where one can match. */
function neverReason(pattern: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are among what no URI has
  if (/[\u0000-\u0020\u007f-\u00a0]/u.test(pattern)) return 'no spaces';
  if (pattern.includes('\\')) return 'no backslashes';
  if (/(?:^|\/)\.{1,2}(?:\/|$)/u.test(pattern)) return 'no `.` or `..` segments';
  const { scheme, host = '' } = AUTHORITY.exec(pattern)?.groups ?? {};
  // without a wildcard the pattern is a URI, and is brought to canonical form
  if (scheme === undefined || (!pattern.includes('*') && parseUrl(pattern) !== undefined)) return undefined;
  if (/[A-Z]/u.test(scheme)) return 'their scheme in lower case';
  const port = DEFAULT_PORTS.get(scheme);
  if (port === undefined) return undefined;
  if (/[A-Z]/u.test(host)) return 'their host in lower case';
  if (host.includes('@')) return 'no credentials';
  return host.endsWith(`:${port}`) ? 'no default port' : undefined;
}
