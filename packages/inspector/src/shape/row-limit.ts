import {
  isJsonArray,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import type { ValueFinding } from '../inspect/rules.ts';
import { cutJsonArray } from './json-array-cut.ts';
import { contentBlocks, structuredContent } from './tool-result.ts';

/** How many entries an array of a result may have. */
export interface RowLimit {
  /** JSON pointer (RFC 6901) into the structured content, or into the text where that is JSON. */
  readonly at: string;
  /** At least 1. */
  readonly max: number;
  /** What becomes of more: the rest is cut off and said so, or the result is withheld. */
  readonly then: 'trim' | 'quarantine' | 'reject';
}

/** Reports an array that is longer than its limit, and cuts it in both copies where the limit says so. */
export function limitRows(result: JsonValue, limit: RowLimit, report: (finding: ValueFinding) => void): JsonValue {
  const { at, max, then } = limit;
  const path = parsePointer(at);
  const structured = structuredContent(result);
  const rows = structured === undefined ? undefined : resolvePointer(structured, path);
  const longest = contentBlocks(result).reduce(
    (most, { block }) => Math.max(most, cutText(block, path, max)?.count ?? 0),
    isJsonArray(rows) ? rows.length : 0,
  );
  if (longest <= max || !isJsonObject(result)) return result;
  report({
    rule: 'shape.rows',
    severity: 'medium',
    pointer: isJsonArray(rows) && rows.length > max ? `/structuredContent${at}` : '/content',
    reason: `${longest} rows where policy accepts ${max}`,
    treatment: then === 'trim' ? 'redact' : then,
  });
  return then === 'trim' ? trimmed(result, limit, longest) : result;
}

function trimmed(result: JsonObject, { at, max }: RowLimit, longest: number): JsonObject {
  const path = parsePointer(at);
  const blocks = contentBlocks(result).map(({ index, block }) => {
    const cut = cutText(block, path, max);
    return cut === undefined ? itemAt(result, index) : withText(block, cut.text);
  });
  const structured = structuredContent(result);
  const place = at === '' ? '' : ` at ${at}`;
  const notice = { type: 'text', text: `[showing ${max} of ${longest} rows${place}: policy shows no more]` };
  return {
    ...result,
    content: [...blocks, notice],
    ...(structured === undefined ? {} : { structuredContent: sliced(structured, path, max) }),
  };
}

function withText(block: JsonObject, text: string): JsonObject {
  return { ...block, text };
}

function itemAt(result: JsonObject, index: number): JsonValue {
  const content = own(result, 'content');
  return isJsonArray(content) ? (content[index] ?? null) : null;
}

/** The array in the text of a block, where that is JSON. */
function cutText(block: JsonObject, path: readonly string[], max: number): ReturnType<typeof cutJsonArray> {
  const text = own(block, 'text');
  if (typeof text !== 'string' || !/^[ \n\r\t]*[[{]/u.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return cutJsonArray(text, path, max);
}

/** A copy of `value` with the first `max` entries of the array at `path`. */
function sliced(value: JsonValue, path: readonly string[], max: number): JsonValue {
  const [token, ...rest] = path;
  if (token === undefined) return isJsonArray(value) ? value.slice(0, max) : value;
  if (isJsonArray(value)) return value.map((item, index) => (String(index) === token ? sliced(item, rest, max) : item));
  if (!isJsonObject(value) || !Object.hasOwn(value, token)) return value;
  const copy: Record<string, JsonValue> = { ...value };
  const inner = sliced(own(value, token) ?? null, rest, max);
  // An assignment to `__proto__` would change the prototype.
  Object.defineProperty(copy, token, { value: inner, writable: true, enumerable: true, configurable: true });
  return copy;
}
