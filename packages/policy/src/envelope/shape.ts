import type { JsonValue } from '@callgate/canonical';

/** What kind of JSON value this is. */
export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function kindOf(value: JsonValue): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as Kind;
}

/** The shape of a value in words, never the value: `a string of 5 characters`, `a number`, `nothing`. */
export function shapeOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const kind = kindOf(value);
  switch (kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return 'a boolean';
    case 'number':
      return 'a number';
    case 'string':
      return stringShape(value as string);
    case 'array':
      return counted('an array', (value as readonly JsonValue[]).length, 'item');
    case 'object':
      return 'an object';
  }
}

function stringShape(value: string): string {
  return value === '' ? 'an empty string' : counted('a string', codePoints(value), 'character');
}

/** `a string of 5 characters`, `an array of 1 item`. */
export function counted(what: string, count: number, unit: string): string {
  return `${what} of ${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The number of Unicode code points, as JSON Schema counts string length. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index += 1) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800) count -= 1;
  }
  return count;
}
