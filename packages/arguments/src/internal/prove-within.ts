import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind, Containment } from '@callgate/policy';

/** `yes` where the specifications prove it, `no` where a sample or probe of `inner` shows it, else `unknown`. */
export function proveWithin(inner: CompiledKind, outer: CompiledKind, isProved: boolean): Containment {
  if (isProved) return 'yes';
  return [...inner.samples(), ...inner.probes()].some((value) => passes(inner, value) && !passes(outer, value))
    ? 'no'
    : 'unknown';
}

function passes(kind: CompiledKind, value: JsonValue): boolean {
  return kind.check(value).length === 0;
}

/** Whether every item of `inner` is in `outer`. An absent list stands for everything. */
export function isSubset<Item>(inner: readonly Item[] | undefined, outer: readonly Item[] | undefined): boolean {
  if (outer === undefined) return true;
  return inner !== undefined && inner.every((item) => outer.includes(item));
}
