import { canonicalize, isJsonObject, own, type JsonValue } from '@callgate/canonical';

import { blocksOf } from '../as-data/data-blocks.ts';

/** What of kept content stands for its handle: its text, parts by line; the message of an error; JSON where there is no text. */
export function contentText(content: JsonValue): string {
  if (!isJsonObject(content)) return canonicalize(content);
  const texts = blocksOf(content).flatMap((block) =>
    (block.kind === 'text' || block.kind === 'resource') && block.text !== undefined ? [block.text] : [],
  );
  if (texts.length > 0) return texts.join('\n');
  const message = own(content, 'message');
  const structured = own(content, 'structuredContent');
  return typeof message === 'string' ? message : canonicalize(structured ?? content);
}
