import { isJsonArray, isJsonObject, own, type JsonValue } from '@callgate/canonical';

/** How much text is joined; of more, what stands in each block is inspected on its own. */
const MAX_UNITS = 1_048_576;

/** The text of all text blocks of a tool's result, as models read it: one after the other. */
export interface JoinedContent {
  readonly text: string;
  /** Whether a range of the text begins in one block and ends in another. */
  isAcross(start: number, end: number): boolean;
}

/** Joins the text blocks of `value.content`; undefined where there are not at least two. */
export function joinedContent(value: JsonValue): JoinedContent | undefined {
  const content = isJsonObject(value) ? own(value, 'content') : undefined;
  if (!isJsonArray(content) || content.length < 2) return undefined;
  const texts = content.flatMap((block) => {
    const text = isJsonObject(block) ? own(block, 'text') : undefined;
    return typeof text === 'string' ? [text] : [];
  });
  if (texts.length < 2) return undefined;
  const text = texts.join('\n');
  if (text.length > MAX_UNITS) return undefined;
  const seams: number[] = [];
  let end = -1;
  for (const block of texts) {
    end += block.length + 1;
    seams.push(end);
  }
  return { text, isAcross: (from, to) => seams.some((seam) => from < seam && to > seam + 1) };
}
