import { excerpt, isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Advertised } from '@callgate/registry';

import { InputError } from '../errors.ts';

const LISTS = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;

/**
 * What an exported listing advertises: the result of `tools/list`, the answer around it, a list of tools, or a list of pages. An object
 * with `handshake` or `serverInfo` holds the handshake too. Kinds that it does not have were not asked for.
 */
export function advertisedIn(value: JsonValue, file: string): Advertised {
  if (isJsonArray(value) && value.every((one) => isJsonObject(one) && isTool(one))) return { tools: value };
  const pages = (isJsonArray(value) ? value : [value]).map(pageOf);
  const found: { -readonly [Key in keyof Advertised]: Advertised[Key] } = {};
  for (const page of pages) {
    for (const list of LISTS) {
      const items = own(page, list);
      if (isJsonArray(items)) found[list] = [...(found[list] ?? []), ...items];
    }
    const handshake = own(page, 'handshake') ?? (own(page, 'serverInfo') === undefined ? undefined : handshakeOf(page));
    if (handshake !== undefined) found.handshake = handshake;
  }
  if (Object.keys(found).length === 0)
    throw new InputError(`expected a list such as \`tools\` in \`${excerpt(file)}\``);
  return found;
}

function isTool(value: JsonObject): boolean {
  return typeof own(value, 'name') === 'string' && own(value, 'tools') === undefined;
}

function pageOf(value: JsonValue): JsonObject {
  const result = isJsonObject(value) ? own(value, 'result') : undefined;
  if (isJsonObject(result)) return result;
  return isJsonObject(value) ? value : {};
}

function handshakeOf(page: JsonObject): JsonObject {
  const lists: ReadonlySet<string> = new Set([...LISTS, 'nextCursor']);
  return Object.fromEntries(Object.entries(page).filter(([name]) => !lists.has(name)));
}
