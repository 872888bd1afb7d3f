import { addressOf } from '../addresses/address.ts';
import { contains, networkText, overlaps, resized, type Network } from '../addresses/network.ts';
import type { CompiledCidr } from './compiled-cidr.ts';

/** Ordinary networks, for where every one is allowed. */
const ORDINARY: readonly Network[] = [
  { version: 4, bytes: [10, 0, 0, 0], prefix: 24 },
  { version: 4, bytes: [198, 51, 100, 0], prefix: 24 },
  { version: 6, bytes: [0x20, 1, 0xd, 0xb8, ...Array.from({ length: 12 }, () => 0)], prefix: 64 },
];

/** Candidates that may pass: of each network within, an address, itself, and the broadest and narrowest part. */
export function sampleCidrs(compiled: CompiledCidr): readonly string[] {
  const free = compiled.within.slice(0, 24).flatMap((network) => partsOutside(network, compiled.except, 3));
  return [
    ...new Set(
      [...compiled.within.slice(0, 24), ...free, ...ORDINARY].flatMap((network) => textsOf(network, compiled)),
    ),
  ];
}

const PROBED: readonly string[] = [
  '0.0.0.0/0',
  '::/0',
  '0.0.0.0/7',
  '2000::/3',
  '10.0.0.1/8',
  '::ffff:a00:1',
  '127.0.0.1',
  '169.254.169.254',
];

/** Candidates at and beyond each bound. */
export function probeCidrs(compiled: CompiledCidr): readonly string[] {
  const networks = [...compiled.within.slice(0, 10), ...compiled.except.slice(0, 10), ...ORDINARY];
  const around = networks.map((network) => networkText(resized(network, Math.max(0, network.prefix - 1))));
  return [
    ...new Set([
      ...compiled.samples().slice(0, 30),
      ...networks.flatMap((network) => textsOf(network, compiled).slice(0, 3)),
      ...around,
      ...PROBED,
    ]),
  ].slice(0, 128);
}

/** The first `count` parts of a network that overlap with none of `except`: its halves, as often as it takes. */
export function partsOutside(network: Network, except: readonly Network[], count: number): readonly Network[] {
  const near = except.filter((other) => overlaps(other, network));
  if (near.length === 0) return [network];
  if (near.some((other) => contains(other, network))) return [];
  const first = resized(network, network.prefix + 1);
  const found = partsOutside(first, near, count);
  if (found.length >= count) return found.slice(0, count);
  return [...found, ...partsOutside(lastPart(network, network.prefix + 1), near, count - found.length)];
}

function textsOf(network: Network, { minPrefix }: CompiledCidr): readonly string[] {
  const bits = network.bytes.length * 8;
  const least = Math.max(network.prefix, minPrefix[network.version]);
  const first = addressOf(resized(network, network.prefix).bytes);
  const second = addressOf(first.bytes.map((byte, index) => (index === first.bytes.length - 1 ? byte | 1 : byte)));
  return [
    network.prefix < bits ? second.text : first.text,
    networkText(resized(network, least)),
    `${first.text}/${bits}`,
    networkText(resized(network, Math.max(0, minPrefix[network.version] - 1))),
    networkText(resized(network, Math.min(bits, least + 1))),
    networkText(lastPart(network, Math.min(bits, Math.max(least, network.prefix + 1)))),
  ];
}

/** The last network of this prefix length inside. */
function lastPart(network: Network, prefix: number): Network {
  const first = resized(network, network.prefix).bytes;
  const bytes = first.map((byte, index) => byte | (0xff >> Math.min(8, Math.max(0, network.prefix - index * 8))));
  return resized({ ...network, bytes }, prefix);
}
