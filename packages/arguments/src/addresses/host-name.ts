import { parseAddress } from './address.ts';
import { classOfAddress } from './address-class.ts';

/** Why a host name does not stand for a public host. */
export type InternalName = 'metadata' | 'internal' | 'rebinding';

/**
 * Reads a host name: lower case, ASCII, labels of letters, digits, `-` and `_`, without a trailing dot. The last label does not look
 * like a number, which URL parsers would take for an IPv4 address.
 */
export function isHostName(host: string): boolean {
  return host.length <= 253 && HOST_NAME.test(host) && !NUMBER_AT_END.test(host);
}

const HOST_NAME = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/u;

// WHATWG URL, "ends in a number checker": the last label is digits, or hexadecimal behind 0x.
const NUMBER_AT_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/u;

/** Whether any label is in the encoded form of an international one. */
export function isInternational(host: string): boolean {
  return host.startsWith('xn--') || host.includes('.xn--');
}

/**
 * Names that belong to one machine, one network or nobody: RFC 6761 (`localhost`, `test`, `invalid`), RFC 6762 (`local` and, in appendix G,
 * what private networks use), RFC 8375 (`home.arpa`), and `internal`, which ICANN reserved for private use in 2024.
 */
const INTERNAL_SUFFIXES: readonly string[] = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'home.arpa',
  'lan',
  'test',
  'invalid',
];

/** Names of metadata services: Google, AWS, Oracle, Equinix, Tencent. */
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

/** Services that answer, by design, with an address which the name spells, or with loopback. */
const REBINDING_SUFFIXES: readonly string[] = [
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
  'localhost.direct',
  '1u.ms',
  'rbndr.us',
];

/**
 * Why `host`, a name as {@link isHostName} reads it, does not stand for a public host; undefined when nothing speaks against it. What a
 * name resolves to is not known here.
 */
export function internalName(host: string): InternalName | undefined {
  if (METADATA_NAMES.has(host)) return 'metadata';
  if (!host.includes('.') || isUnderAny(host, INTERNAL_SUFFIXES)) return 'internal';
  return isUnderAny(host, REBINDING_SUFFIXES) || spellsInternalAddress(host) ? 'rebinding' : undefined;
}

function isUnderAny(host: string, suffixes: readonly string[]): boolean {
  return suffixes.some(
    (suffix) => host.endsWith(suffix) && (host.length === suffix.length || host.at(-suffix.length - 1) === '.'),
  );
}

/** `10.0.0.1.anything.example`, `10-0-0-1.anything.example`: names that wildcard resolvers answer with the address they spell. */
const SPELLED = /(?<![0-9])(?=(?<address>(?:\d{1,3}[.-]){3}\d{1,3})(?![0-9]))/gu;

function spellsInternalAddress(host: string): boolean {
  for (const { groups } of host.matchAll(SPELLED)) {
    const address = parseAddress((groups?.['address'] ?? '').replaceAll('-', '.'));
    if (address !== undefined && classOfAddress(address) !== 'public') return true;
  }
  return false;
}
