import { InternalError, canonicalize, type JsonValue } from '@callgate/canonical';

const MAX_DEPTH = 64;

/** Tests membership among fixed values by JSON equality: `1` equals `1.0`, objects ignore the order of keys. */
export function memberOf(values: readonly JsonValue[]): (value: JsonValue) => boolean {
  const scalars = new Set(values.filter((value) => !isContainer(value)));
  const containers = new Set(values.filter(isContainer).map(equalityText));
  if (containers.size === 0) return (value) => scalars.has(value);
  return (value) => (isContainer(value) ? containers.has(equalityText(value)) : scalars.has(value));
}

/** Whether no two items are equal. Linear in the size of the items. */
export function areDistinct(items: readonly JsonValue[]): boolean {
  const seen = new Set<JsonValue>();
  const seenContainers = new Set<string>();
  for (const item of items) {
    if (isContainer(item)) seenContainers.add(equalityText(item));
    else seen.add(item);
  }
  return seen.size + seenContainers.size === items.length;
}

function isContainer(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * A text that is equal for equal values.
 *
 * @throws {InternalError} for values nested deeper than 64 levels, which the plain-data bounds refuse before
 */
function equalityText(value: JsonValue): string {
  if (!isShallow(value, MAX_DEPTH)) throw new InternalError('value nested too deeply to compare');
  return canonicalize(value);
}

function isShallow(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((item: JsonValue) => isShallow(item, levels - 1));
}
