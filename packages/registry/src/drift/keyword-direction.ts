import { canonicalize, isJsonArray, type JsonValue } from '@callgate/canonical';

/** Whether a schema takes less or more; `changed`: neither is known. */
export type Direction = 'narrowed' | 'widened' | 'changed';

const LOWER_BOUNDS: ReadonlySet<string> = new Set([
  'exclusiveMinimum',
  'minContains',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
]);
const UPPER_BOUNDS: ReadonlySet<string> = new Set([
  'exclusiveMaximum',
  'maxContains',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
]);
/** Keywords that only take away, and of two of whose values nothing is known. */
const CONSTRAINTS: ReadonlySet<string> = new Set(['const', 'dependentRequired', 'multipleOf', 'pattern']);

/** What the change of one keyword, which holds no schema, does to what its schema takes. */
export function keywordDirection(
  keyword: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): Direction {
  if (LOWER_BOUNDS.has(keyword)) return boundDirection(before, after, 1, keyword === 'minContains');
  if (UPPER_BOUNDS.has(keyword)) return boundDirection(before, after, -1, false);
  switch (keyword) {
    case 'type':
      return setDirection(typesOf(before), typesOf(after), before, after);
    case 'enum':
      return setDirection(valuesOf(before), valuesOf(after), before, after);
    case 'uniqueItems':
      return booleanDirection(before, after);
  }
  return CONSTRAINTS.has(keyword) ? presenceDirection(before, after) : 'changed';
}

/** `sign` 1 where more is narrower. */
function boundDirection(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  sign: 1 | -1,
  hasDefault: boolean,
): Direction {
  // `minContains` is 1 where it is absent; `exclusiveMinimum` was a boolean in draft 4.
  if (hasDefault && (before === undefined || after === undefined)) return 'changed';
  const isNumber = (value: JsonValue | undefined): boolean => value === undefined || typeof value === 'number';
  if (!isNumber(before) || !isNumber(after)) return 'changed';
  if (typeof before !== 'number' || typeof after !== 'number') return presenceDirection(before, after);
  return (after - before) * sign > 0 ? 'narrowed' : 'widened';
}

function presenceDirection(before: JsonValue | undefined, after: JsonValue | undefined): Direction {
  if (before === undefined) return 'narrowed';
  return after === undefined ? 'widened' : 'changed';
}

function booleanDirection(before: JsonValue | undefined, after: JsonValue | undefined): Direction {
  if (before !== true && after === true) return 'narrowed';
  return before === true && (after === false || after === undefined) ? 'widened' : 'changed';
}

function setDirection(
  before: ReadonlySet<string> | undefined,
  after: ReadonlySet<string> | undefined,
  valueBefore: JsonValue | undefined,
  valueAfter: JsonValue | undefined,
): Direction {
  if (valueBefore === undefined && after !== undefined) return 'narrowed';
  if (valueAfter === undefined && before !== undefined) return 'widened';
  if (before === undefined || after === undefined) return 'changed';
  const isLess = [...after].every((one) => before.has(one));
  const isMore = [...before].every((one) => after.has(one));
  if (isLess === isMore) return 'changed';
  return isLess ? 'narrowed' : 'widened';
}

/** The types a keyword names; `number` takes integers too. */
function typesOf(value: JsonValue | undefined): ReadonlySet<string> | undefined {
  const names = typeof value === 'string' ? [value] : value;
  if (!isJsonArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return new Set(names.includes('number') ? [...names, 'integer'] : names);
}

function valuesOf(value: JsonValue | undefined): ReadonlySet<string> | undefined {
  return isJsonArray(value) ? new Set(value.map(canonicalize)) : undefined;
}
