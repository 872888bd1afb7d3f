import ipaddr from 'ipaddr.js';

/** What a host is, as far as its name or address tells. */
export type HostClass = 'public' | 'metadata' | 'loopback' | 'private' | 'translated' | 'rebinding';

/** Addresses of services that hand out credentials of a cloud: AWS, Google, Azure, Alibaba, Oracle. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
]);

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.internal',
  'metadata.platformequinix.com',
  'metadata.packet.net',
  'metadata.tencentyun.com',
  'metadata.oraclecloud.com',
]);

/** RFC 6761, RFC 6762 with appendix G, RFC 8375, and `internal`. */
const PRIVATE_SUFFIXES: ReadonlySet<string> = new Set([
  'localdomain',
  'local',
  'internal',
  'intranet',
  'corp',
  'home',
  'home.arpa',
  'lan',
]);

/** Services that answer, by design, with an address which the name spells, or with loopback. */
const REBINDING_SUFFIXES: ReadonlySet<string> = new Set([
  'nip.io',
  'sslip.io',
  'xip.io',
  'backname.io',
  'traefik.me',
  'localtest.me',
  'localho.st',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  '1u.ms',
  'rbndr.us',
]);

/** What a host is, as `URL` writes it: lower case, addresses in their one spelling, IPv6 in brackets. */
export function hostClass(hostname: string): HostClass {
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  if (host.startsWith('[')) return addressClass(host.slice(1, -1));
  if (/^[0-9.]+$/u.test(host)) return addressClass(host);
  if (METADATA_NAMES.has(host)) return 'metadata';
  for (let at = 0; at !== -1; at = host.indexOf('.', at + 1)) {
    const suffix = at === 0 ? host : host.slice(at + 1);
    if (suffix === 'localhost') return 'loopback';
    if (REBINDING_SUFFIXES.has(suffix)) return 'rebinding';
    if (PRIVATE_SUFFIXES.has(suffix)) return 'private';
  }
  return 'public';
}

const TRANSLATED: ReadonlySet<string> = new Set(['ipv4Mapped', 'rfc6145', 'rfc6052', '6to4', 'teredo']);

function addressClass(text: string): HostClass {
  if (METADATA_ADDRESSES.has(text)) return 'metadata';
  if (!ipaddr.isValid(text)) return 'public';
  const range: string = ipaddr.parse(text).range();
  if (TRANSLATED.has(range)) return 'translated';
  if (range === 'loopback' || range === 'unspecified') return 'loopback';
  return range === 'unicast' ? 'public' : 'private';
}

/** A dotted or bracketed address as everybody writes it. */
const PLAIN_ADDRESS = /^(?:(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}|\[[0-9a-f:]+\])$/iu;

/** Whether a host is an address in a spelling that hides it: octal, hexadecimal, one number, other digits, IPv4 in IPv6. */
export function isDisguised(written: string, hostname: string): boolean {
  const isAddress = hostname.startsWith('[') || /^[0-9.]+$/u.test(hostname);
  return isAddress && !PLAIN_ADDRESS.test(written);
}
