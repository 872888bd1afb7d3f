import { canonicalize, isJsonObject, own, type JsonValue } from '@callgate/canonical';

import type { ManifestItem } from '../manifest/manifest.ts';

type Item = Pick<ManifestItem, 'kind' | 'name' | 'definition'>;

/** Descriptions shorter than this say nothing about which tool it is. */
const TELLING_LENGTH = 16;

/**
 * Which of the items that came are items that went under another name: those with the same definition but for the name, then those
 * with the same description, then those with the same input schema. Each is used once. Linear in the number of items.
 *
 * @returns the old name by the new one
 */
export function findRenames(removed: readonly Item[], added: readonly Item[]): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  const gone = new Set(removed.map(({ name }) => name));
  for (const keyOf of [withoutName, description, inputSchema]) {
    const byKey = new Map<string, string>();
    for (const item of removed) {
      const key = gone.has(item.name) ? keyOf(item) : undefined;
      if (key !== undefined && !byKey.has(key)) byKey.set(key, item.name);
    }
    for (const item of added) {
      const key = renames.has(item.name) ? undefined : keyOf(item);
      const former = key === undefined ? undefined : byKey.get(key);
      if (former === undefined || !gone.delete(former)) continue;
      renames.set(item.name, former);
    }
  }
  return renames;
}

/** All but what an item is called by. */
function withoutName({ definition }: Item): string | undefined {
  if (!isJsonObject(definition)) return undefined;
  const { name: _name, uri: _uri, uriTemplate: _template, ...rest } = definition as Readonly<Record<string, JsonValue>>;
  return Object.keys(rest).length === 0 ? undefined : canonicalize(rest);
}

function description({ definition }: Item): string | undefined {
  const text = isJsonObject(definition) ? own(definition, 'description') : undefined;
  return typeof text === 'string' && text.length >= TELLING_LENGTH ? text : undefined;
}

function inputSchema({ definition }: Item): string | undefined {
  const schema = isJsonObject(definition) ? own(definition, 'inputSchema') : undefined;
  if (!isJsonObject(schema)) return undefined;
  const properties = own(schema, 'properties');
  return isJsonObject(properties) && Object.keys(properties).length > 1 ? canonicalize(schema) : undefined;
}
