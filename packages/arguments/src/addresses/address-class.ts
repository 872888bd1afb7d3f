import ipaddr from 'ipaddr.js';

import { parseAddress, type Address } from './address.ts';
import { contains, type Network } from './network.ts';

/**
 * What an IP address is for. `public`: reachable from anywhere, and nothing else applies. `metadata`: a cloud's service that hands out
 * credentials. `translated`: an IPv6 form that stands for an IPv4 address. `reserved`: everything else that is no ordinary host
 * (documentation, benchmarks, unallocated).
 */
export type AddressClass =
  | 'public'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'multicast'
  | 'unspecified'
  | 'translated'
  | 'reserved';

/** Addresses of metadata services that other ranges do not tell: AWS, Google, Azure, Alibaba, Oracle. */
const METADATA: ReadonlySet<string> = new Set([
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

const CLASSES: Readonly<Record<string, AddressClass>> = {
  unicast: 'public',
  private: 'private',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  carrierGradeNat: 'shared',
  loopback: 'loopback',
  linkLocal: 'link-local',
  multicast: 'multicast',
  unspecified: 'unspecified',
  ipv4Mapped: 'translated',
  rfc6145: 'translated',
  rfc6052: 'translated',
  '6to4': 'translated',
  teredo: 'translated',
};

/** RFC 4291 §2.4, IANA: unicast addresses in use begin with 001. */
const GLOBAL_UNICAST: Network = { version: 6, bytes: [0x20, ...Array.from({ length: 15 }, () => 0)], prefix: 3 };

/** RFC 4291 §2.5.5.1: the deprecated forms that hold an IPv4 address in the last 32 bits. */
const IPV4_COMPATIBLE: Network = { version: 6, bytes: Array.from({ length: 16 }, () => 0), prefix: 96 };

/** What `address` is for. Source of the ranges: the IANA special-purpose registries, by `ipaddr.js`. */
export function classOfAddress(address: Address): AddressClass {
  if (METADATA.has(address.text)) return 'metadata';
  const known = CLASSES[ipaddr.fromByteArray([...address.bytes]).range()] ?? 'reserved';
  if (address.version === 4 || known !== 'public') return known;
  if (contains(IPV4_COMPATIBLE, { ...address, prefix: 128 })) return 'translated';
  return contains(GLOBAL_UNICAST, { ...address, prefix: 128 }) ? 'public' : 'reserved';
}

/**
 * What an IP address is for; undefined for text that is not an address in a plain spelling: dotted decimal without leading zeros, or
 * hexadecimal groups without zone.
 */
export function addressClass(text: string): AddressClass | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : classOfAddress(address);
}

/** Which addresses may be reached: `public` and `names` public ones, `private` those of private networks and loopback too. */
export type AddressReach = 'public' | 'names' | 'private';

const PRIVATE: ReadonlySet<AddressClass> = new Set(['public', 'private', 'shared', 'loopback']);

/** Whether an address of this class may be reached. */
export function mayReach(reach: AddressReach, found: AddressClass): boolean {
  return reach === 'private' ? PRIVATE.has(found) : found === 'public';
}
