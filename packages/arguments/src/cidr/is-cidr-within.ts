import { contains, type Network } from '../addresses/network.ts';
import type { CompiledCidr } from './compiled-cidr.ts';

/** Whether the two specifications prove, dimension by dimension, that every value of `inner` passes `outer`. */
export function isCidrWithin(inner: CompiledCidr, outer: CompiledCidr): boolean {
  if (outer.form !== 'either' && outer.form !== inner.form) return false;
  return inner.versions.every((version) => {
    const mine = inner.within.filter((network) => network.version === version);
    if (mine.length === 0) return true;
    return (
      outer.versions.includes(version) &&
      (inner.form === 'address' || narrowest(inner, version, mine) >= outer.minPrefix[version]) &&
      mine.every((network) => outer.within.some((other) => contains(other, network))) &&
      outer.except.every((other) => isExcluded(other, inner, mine))
    );
  });
}

/** The shortest prefix that passes: within a network, none is shorter than its own. */
function narrowest(inner: CompiledCidr, version: 4 | 6, mine: readonly Network[]): number {
  return Math.max(inner.minPrefix[version], Math.min(...mine.map(({ prefix }) => prefix)));
}

function isExcluded(other: Network, inner: CompiledCidr, mine: readonly Network[]): boolean {
  if (inner.except.some((own) => contains(own, other))) return true;
  return !mine.some((network) => contains(network, other) || contains(other, network));
}
