import { addressOf, parseAddress, type Address } from './address.ts';

/** An IP network: addresses that share their first `prefix` bits. */
export interface Network {
  readonly version: 4 | 6;
  /** Of its first address, when `hasHostBits` is false. */
  readonly bytes: readonly number[];
  readonly prefix: number;
}

const FORM = /^(?<address>[^/]{2,39})\/(?<prefix>0|[1-9]\d{0,2})$/u;

/** Reads `address/prefix`; undefined for everything else. Host bits are not looked at. */
export function parseNetwork(text: string): Network | undefined {
  const { address, prefix } = FORM.exec(text)?.groups ?? {};
  if (address === undefined || prefix === undefined) return undefined;
  const parsed = parseAddress(address);
  if (parsed === undefined || Number(prefix) > parsed.bytes.length * 8) return undefined;
  return { version: parsed.version, bytes: parsed.bytes, prefix: Number(prefix) };
}

/** The network of one address. */
export function networkOf(address: Address): Network {
  return { version: address.version, bytes: address.bytes, prefix: address.bytes.length * 8 };
}

/** `address/prefix`, canonical. */
export function networkText(network: Network): string {
  return `${addressOf(network.bytes).text}/${network.prefix}`;
}

/** Whether any bit after the prefix is set. */
export function hasHostBits(network: Network): boolean {
  return firstAddress(network).some((byte, index) => byte !== network.bytes[index]);
}

/** The network with the bits after its prefix cleared. */
export function withoutHostBits(network: Network): Network {
  return { ...network, bytes: firstAddress(network) };
}

/** The network around it with a shorter prefix, or its first part with a longer one. */
export function resized(network: Network, prefix: number): Network {
  return withoutHostBits({ ...network, prefix });
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Network, inner: Network): boolean {
  if (outer.version !== inner.version || outer.prefix > inner.prefix) return false;
  const whole = outer.prefix >> 3;
  for (let index = 0; index < whole; index += 1) if (outer.bytes[index] !== inner.bytes[index]) return false;
  const mask = maskOf(outer.prefix, whole);
  return ((outer.bytes[whole] ?? 0) & mask) === ((inner.bytes[whole] ?? 0) & mask);
}

/** Whether some address is in both. */
export function overlaps(one: Network, other: Network): boolean {
  return contains(one, other) || contains(other, one);
}

function firstAddress({ bytes, prefix }: Network): readonly number[] {
  return bytes.map((byte, index) => byte & maskOf(prefix, index));
}

/** The bits of one byte that the prefix covers. */
function maskOf(prefix: number, index: number): number {
  const covered = Math.min(8, Math.max(0, prefix - index * 8));
  return (0xff << (8 - covered)) & 0xff;
}
