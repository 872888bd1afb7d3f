import { isJsonArray, isJsonObject, own, type JsonValue } from './json.ts';

/** `pointer` with one more reference token, escaped as RFC 6901 §3 says. */
export function appendPointer(pointer: string, token: string | number): string {
  const text = String(token);
  const isPlain = !text.includes('~') && !text.includes('/');
  return `${pointer}/${isPlain ? text : text.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * The reference tokens of a JSON pointer, unescaped (RFC 6901 §4).
 *
 * @throws {RangeError} when `pointer` is neither empty nor begins with `/`, or has a `~` that is not `~0` or `~1`
 */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new RangeError('pointer: expected an empty string or one that begins with `/`');
  // most have no escapes
  if (!pointer.includes('~')) return pointer.slice(1).split('/');
  if (/~(?![01])/u.test(pointer)) throw new RangeError('pointer: expected `~0` or `~1` wherever there is a `~`');
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value `tokens` lead to, or undefined where the path leaves the document. Only own properties count. */
export function resolvePointer(value: JsonValue, tokens: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const token of tokens) {
    if (isJsonArray(current)) {
      // RFC 6901 §4: array indices are digits without leading zeros
      current = /^(?:0|[1-9][0-9]{0,9})$/u.test(token) ? current[Number(token)] : undefined;
    } else if (isJsonObject(current)) {
      current = own(current, token);
    } else {
      return undefined;
    }
  }
  return current;
}
