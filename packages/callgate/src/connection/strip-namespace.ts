import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

import { META_NAMESPACE } from '../denial.ts';

/** Where denials travel, and so where a server could put one of its own. */
const HOLDERS: ReadonlySet<string> = new Set(['_meta', 'data']);

/**
 * `value` without what only the gate may say: members under our own namespace of any `_meta` or `data`, at any depth. Tasks
 * and notifications bring whole results inside. The same object where there is nothing of the kind.
 *
 * @param text the JSON text of `value`, which settles most cases
 */
export function withoutNamespace<Content extends JsonObject>(value: Content, text: string): Content {
  return text.includes(META_NAMESPACE) ? (strip(value, false) as Content) : value;
}

function strip(value: JsonValue, isHolder: boolean): JsonValue {
  if (isJsonArray(value)) {
    const items = value.map((item) => strip(item, isHolder));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value);
  const kept = members
    .filter(([key]) => !(isHolder && key.startsWith(META_NAMESPACE)))
    .map(([key, item]) => [key, strip(item, HOLDERS.has(key))] as const);
  const isSame = kept.length === members.length && kept.every(([, item], index) => item === members[index]?.[1]);
  return isSame ? value : Object.fromEntries(kept);
}
