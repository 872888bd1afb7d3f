import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

/** One block of a tool's result. */
export interface ContentBlock {
  readonly index: number;
  /** Its `type`; empty for what has none. */
  readonly kind: string;
  readonly block: JsonObject;
}

/** The blocks of `content`, of both eras of the protocol; what is no object has no kind. */
export function contentBlocks(result: JsonValue): readonly ContentBlock[] {
  const content = isJsonObject(result) ? own(result, 'content') : undefined;
  if (!isJsonArray(content)) return [];
  return content.map((item, index) => {
    const block = isJsonObject(item) ? item : EMPTY;
    const kind = own(block, 'type');
    return { index, kind: typeof kind === 'string' ? kind : '', block };
  });
}

const EMPTY: JsonObject = Object.freeze({});

/** `structuredContent`: of the era of 2025 an object, later any value. */
export function structuredContent(result: JsonValue): JsonValue | undefined {
  return isJsonObject(result) ? own(result, 'structuredContent') : undefined;
}
