import { parseUrl } from '../internal/url.ts';

/** Tests a host as URLs spell it: lower case, ASCII, addresses in their usual form. */
export type HostTest = (host: string) => boolean;

/** Compiles a host: exact, or `.example.com` (also `*.example.com`) for itself and everything below it; undefined where it is none. */
export function compileHostPattern(pattern: string): HostTest | undefined {
  const isSuffix = pattern.startsWith('.') || pattern.startsWith('*.');
  const name = hostOf(isSuffix ? pattern.slice(pattern.indexOf('.') + 1) : pattern);
  if (name === undefined) return undefined;
  const suffix = `.${name}`;
  return isSuffix ? (host) => host === name || host.endsWith(suffix) : (host) => host === name;
}

const MAX_HOST_LENGTH = 1024;

/** A host as the WHATWG URL parser spells it, without the dot of the root; undefined where it is none. */
function hostOf(text: string): string | undefined {
  if (text === '' || text.length > MAX_HOST_LENGTH || /[/\\?#@\s]/u.test(text)) return undefined;
  const hostname = parseUrl(`http://${text}/`)?.hostname;
  return hostname === undefined || hostname === '' ? undefined : hostname.replace(/\.$/u, '');
}

// whatever cannot stand in a host, a port or an address in brackets
const AROUND_HOSTS = /[^\p{L}\p{N}\p{M}.\-_:[\]%]+/u;

/** The hosts that a text may name, in whatever scheme or none. */
export function hostsIn(text: string): readonly string[] {
  const hosts = new Set<string>();
  for (const piece of text.split(AROUND_HOSTS)) {
    if (piece === '' || piece.length > MAX_HOST_LENGTH) continue;
    addHost(hosts, piece);
    if (piece.includes(':') && !piece.startsWith('[')) for (const part of piece.split(':')) addHost(hosts, part);
  }
  return [...hosts];
}

function addHost(hosts: Set<string>, piece: string): void {
  const host = hostOf(piece.replace(/^[.\-_]+/u, ''));
  if (host !== undefined) hosts.add(host);
}
