import type { JsonObject, JsonValue } from '@callgate/canonical';

import { additionalOf } from '../compare/check-sets.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import { baseObject, probesOf, samplesOf } from '../compare/value-samples.ts';
import { accepts, acceptsObject, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';

/** The values that one schema lets pass, for making calls. Lists are made when they are first read. */
export interface ValueSpace {
  /** Values that pass, plain ones first; at most 64. Empty where nothing passes, or none was found. */
  readonly samples: readonly JsonValue[];
  /** Values at and just beyond every bound, whether they pass or not; at most 64. */
  readonly probes: readonly JsonValue[];
  /** What the items of a list may be; undefined where the schema does not say. */
  readonly items: ValueSpace | undefined;
  /** What the members of an object may be; undefined where the schema does not say. */
  readonly members: ObjectSpace | undefined;
  accepts(value: JsonValue): boolean;
}

/** The objects that an envelope, or one object in it, lets pass. */
export interface ObjectSpace {
  /** Those that are named. */
  readonly properties: readonly PropertySpace[];
  /** What members of other names may be; undefined: there must be none. */
  readonly additional: ValueSpace | undefined;
  /** The smallest object that passes; undefined where none was found. */
  readonly smallest: JsonObject | undefined;
  accepts(object: JsonObject): boolean;
}

/** One named member of an object. */
export interface PropertySpace {
  readonly name: string;
  readonly isRequired: boolean;
  readonly value: ValueSpace;
}

/** The space of a compiled envelope. */
export function objectSpaceOf(check: ObjectCheck, texts: TextSearcher): ObjectSpace {
  return texts.remember(check, (): ObjectSpace => {
    const additional = additionalOf(check);
    const smallest = once(() => baseObject(check, texts));
    return {
      properties: check.properties.map(({ name, isRequired, value }) => ({
        name,
        isRequired,
        value: valueSpaceOf(value, texts),
      })),
      additional: additional === undefined ? undefined : valueSpaceOf(additional, texts),
      get smallest() {
        return smallest();
      },
      accepts: (object) => acceptsObject(check, object),
    };
  });
}

/** The space of a compiled schema. */
export function valueSpaceOf(check: ValueCheck, texts: TextSearcher): ValueSpace {
  const probes = once(() => probesOf(check, texts));
  return {
    get samples() {
      return samplesOf(check, texts);
    },
    get probes() {
      return probes();
    },
    items: check.items === undefined ? undefined : valueSpaceOf(check.items, texts),
    members: check.object === undefined ? undefined : objectSpaceOf(check.object, texts),
    accepts: (value) => accepts(check, value),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
