import { isJsonArray, type JsonValue } from '@callgate/canonical';

import { isListable } from './listable.ts';
import type { Facet } from './kind-learner.ts';

/** A key whose values are steps from narrow to wide; the last is the loosest. */
export function steps(key: string, values: readonly [JsonValue, ...(JsonValue | undefined)[]]): Facet {
  const loosest = values.at(-1);
  return {
    key,
    loosest,
    ladder: (_value, current, isFirst) =>
      isFirst
        ? values
        : values.slice(
            Math.max(
              0,
              values.findIndex((step) => step === current),
            ),
          ),
  };
}

/**
 * A key that lists what values name. Beyond `most` entries, or where one may not stand in a policy, the list is given up.
 *
 * @param namesIn what a value names; undefined: it cannot be told
 */
export function listed(
  key: string,
  namesIn: (value: string, compiled: Parameters<Facet['ladder']>[3]) => readonly JsonValue[] | undefined,
  options: { readonly most: number; readonly loosest?: JsonValue } = { most: 16 },
): Facet {
  return {
    key,
    loosest: options.loosest,
    ladder: (value, current, isFirst, compiled) => {
      if (typeof value !== 'string' || (current === undefined && !isFirst)) return [];
      const names = namesIn(value, compiled);
      if (names === undefined) return isFirst ? [] : [current];
      const known = current !== undefined && isJsonArray(current) ? current : [];
      const all = [...new Set([...known, ...names])].toSorted(byText);
      return all.length <= options.most && all.every((name) => typeof name !== 'string' || isListable(name))
        ? [all]
        : [];
    },
  };
}

function byText(left: JsonValue, right: JsonValue): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
