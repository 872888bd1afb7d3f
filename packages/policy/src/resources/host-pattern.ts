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
export function hostOf(text: string): string | undefined {
  if (text === '' || text.length > MAX_HOST_LENGTH || /[/\\?#@\s]/u.test(text)) return undefined;
  const hostname = parseUrl(`http://${text}/`)?.hostname;
  return hostname === undefined || hostname === '' ? undefined : hostname.replace(/\.+$/u, '');
}

// whatever cannot stand in a host, a port or an address in brackets; the full stops of UTS #46 are dots to a URL parser
const AROUND_HOSTS = /[^\p{L}\p{N}\p{M}.\u3002\uFF0E\uFF61\-_:[\]%]+/u;

/** The hosts that a text may name, in whatever scheme or none. */
export function hostsIn(text: string): readonly string[] {
  const hosts = new Set<string>();
  for (const piece of new Set(text.split(AROUND_HOSTS))) {
    if (piece === '') continue;
    addHost(hosts, piece);
    if (!piece.includes(':')) continue;
    addAddress(hosts, piece);
    if (!piece.startsWith('[')) for (const part of new Set(piece.split(':'))) addHost(hosts, part);
  }
  return [...hosts];
}

function addHost(hosts: Set<string>, piece: string): void {
  // parts of an address, and ports, may begin with any number of zeros
  const short = piece.length > MAX_HOST_LENGTH ? piece.replaceAll(/0{8,}/gu, '0') : piece;
  const host = hostOf(short.replace(/^[.\-_]+/u, ''));
  if (host === undefined) return;
  hosts.add(host);
  const address = innerAddress(host);
  if (address !== undefined) hosts.add(address);
}

const BARE_ADDRESS = /^\[?([0-9a-f:.]{2,64})(?:%[^\]]*)?(?:\]|$)/iu;

/** An IPv6 address without brackets, or with a zone, which no URL can have. */
function addAddress(hosts: Set<string>, piece: string): void {
  const address = BARE_ADDRESS.exec(piece.slice(0, MAX_HOST_LENGTH))?.[1];
  if (address !== undefined) addHost(hosts, `[${address}]`);
}

// RFC 4291 §2.5.5 (compatible, mapped), RFC 6052 §2.1 (well-known prefix of NAT64), RFC 3056 §2 (6to4)
const INNER_ADDRESS =
  /^\[(?:::|::ffff:|::ffff:0:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$|^\[2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/u;

/** The IPv4 address that an IPv6 address stands for; undefined where it stands for none. */
function innerAddress(host: string): string | undefined {
  const match = INNER_ADDRESS.exec(host);
  if (match === null) return undefined;
  const [high, low] = [match[1] ?? match[3] ?? '', match[2] ?? match[4] ?? ''].map((part) => Number.parseInt(part, 16));
  if (high === undefined || low === undefined) return undefined;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
