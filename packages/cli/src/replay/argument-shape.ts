import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

const MAX_MEMBERS = 24;
const MAX_LEVELS = 3;
const MAX_NAME_LENGTH = 64;

/** What arguments look like, without what they say: names, kinds and sizes, bounded. */
export function argumentShape(value: JsonValue, levels: number = MAX_LEVELS): JsonValue {
  if (isJsonArray(value)) return `array of ${value.length}`;
  if (isJsonObject(value)) return levels === 0 ? 'object' : objectShape(value, levels);
  if (typeof value === 'string') return `string of ${value.length}`;
  return value === null ? 'null' : typeof value;
}

function objectShape(value: JsonObject, levels: number): JsonObject {
  const members = Object.entries(value);
  const shown = members
    .slice(0, MAX_MEMBERS)
    .map(([name, item]) => [name.slice(0, MAX_NAME_LENGTH), argumentShape(item, levels - 1)] as const);
  const rest = members.length - shown.length;
  return Object.fromEntries(rest > 0 ? [...shown, ['…', `${rest} more`]] : shown);
}
