import { isJsonObject, own, parsePointer, resolvePointer, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { QuarantinedItem } from './quarantined-item.ts';

/** A scalar that may be told of content that is withheld. */
export type SafeScalar = number | boolean | string;

/** What a model is given instead of content that is withheld. */
export interface QuarantineHandle {
  /** `qtn_…`: good for the same run and principal, until it expires. */
  readonly id: string;
  readonly server: string;
  readonly tool: string | null;
  readonly type: QuarantinedItem['type'];
  readonly bytes: number;
  readonly labels: readonly string[];
  /** Scalars that policy releases (`result: { release: […] }`), by their JSON pointers; absent where there are none. */
  readonly fields?: Readonly<Record<string, SafeScalar>>;
}

/** The handle of an item. */
export function handleOf(item: QuarantinedItem, fields: QuarantineHandle['fields']): QuarantineHandle {
  const { id, server, tool, type, bytes, labels } = item;
  return { id, server, tool, type, bytes, labels, ...(fields === undefined ? {} : { fields }) };
}

/** Letters, digits and what stands in names and numbers: no markup, no line breaks, no quoting. */
const SAFE_TEXT = /^[A-Za-z0-9 ._-]{1,64}$/u;

/** The longest text that is read as JSON, as in rules about rows. */
const MAX_JSON_LENGTH = 1024 * 1024;

/**
 * The scalars at `pointers` that may be told: numbers, booleans and short plain strings, each of them clean by itself and all of them
 * together. Where they are not clean together none is told.
 */
export function safeFields(
  result: JsonObject,
  pointers: readonly string[],
  isClean: (value: JsonValue) => boolean,
): QuarantineHandle['fields'] {
  if (pointers.length === 0) return undefined;
  const data = dataOf(result);
  if (data === undefined) return undefined;
  const fields = pointers.flatMap((pointer): (readonly [string, SafeScalar])[] => {
    const value = resolvePointer(data, parsePointer(pointer));
    return isSafe(value) && isClean(value) ? [[pointer, value]] : [];
  });
  if (fields.length === 0) return undefined;
  const told = Object.fromEntries(fields);
  return isClean(told) && isClean(fields.map(([, value]) => String(value)).join(' ')) ? told : undefined;
}

function isSafe(value: JsonValue | undefined): value is SafeScalar {
  return (
    typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && SAFE_TEXT.test(value))
  );
}

/** The structured content, or a single text that is JSON. */
function dataOf(result: JsonObject): JsonValue | undefined {
  const structured = own(result, 'structuredContent');
  if (structured !== undefined) return structured;
  const content = own(result, 'content');
  const [only] = Array.isArray(content) && content.length === 1 ? (content as readonly JsonValue[]) : [];
  const text = only !== undefined && isJsonObject(only) ? own(only, 'text') : undefined;
  if (typeof text !== 'string' || text.length > MAX_JSON_LENGTH) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
