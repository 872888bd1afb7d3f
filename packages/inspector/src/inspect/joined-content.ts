import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

/** How much text is joined; of more, what stands in each block is inspected on its own. */
const MAX_UNITS = 1_048_576;

/** Members that hold what models read in parts: results of tools, prompts, resources. */
const HOLDERS = ['content', 'messages', 'contents'] as const;

/** The text of all parts of an answer, as models read it: one after the other. */
export interface JoinedContent {
  readonly text: string;
  /** JSON pointer of the member that holds the parts. */
  readonly pointer: string;
  /** Whether a range of the text begins in one part and ends in another. */
  isAcross(start: number, end: number): boolean;
}

/** Joins the texts of the parts of an answer, or of the result within it; undefined where there are not at least two. */
export function joinedContent(value: JsonValue): JoinedContent | undefined {
  if (!isJsonObject(value)) return undefined;
  // A task, and a message, bring the answer as their `result`.
  const inside = own(value, 'result');
  return joinedIn(value, '') ?? (isJsonObject(inside) ? joinedIn(inside, '/result') : undefined);
}

function joinedIn(answer: JsonObject, pointer: string): JoinedContent | undefined {
  const member = HOLDERS.find((name) => isJsonArray(own(answer, name)));
  const parts = member === undefined ? undefined : own(answer, member);
  return isJsonArray(parts) ? joined(parts.flatMap(textsOf), `${pointer}/${member}`) : undefined;
}

/** The texts of one part: its own, that of the resource within it, or those of the content of a message. */
function textsOf(part: JsonValue): readonly string[] {
  if (!isJsonObject(part)) return [];
  const content = own(part, 'content');
  if (content !== undefined) return (isJsonArray(content) ? content : [content]).flatMap(textOf);
  return textOf(part);
}

function textOf(block: JsonValue): readonly string[] {
  if (!isJsonObject(block)) return [];
  const resource = own(block, 'resource');
  const text = own(block, 'text') ?? (isJsonObject(resource) ? own(resource, 'text') : undefined);
  return typeof text === 'string' ? [text] : [];
}

function joined(texts: readonly string[], pointer: string): JoinedContent | undefined {
  if (texts.length < 2) return undefined;
  const text = texts.join('\n');
  if (text.length > MAX_UNITS) return undefined;
  const seams: number[] = [];
  let end = -1;
  for (const part of texts) {
    end += part.length + 1;
    seams.push(end);
  }
  return {
    text,
    pointer,
    isAcross: (from, to) => to > (seams[firstAfter(seams, from)] ?? text.length) + 1,
  };
}

/** Which of the seams, which ascend, is the first behind `place`; their number for none. */
function firstAfter(seams: readonly number[], place: number): number {
  let low = 0;
  let high = seams.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seams[middle] ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
