import type { JsonValue } from '@callgate/canonical';

import { StringWalk } from '../walk/string-walk.ts';
import { estimateTokens, unitsWithin } from './estimate-tokens.ts';

/** What is left of a text that is cut has at least so many tokens, the notice included: with less it would say nothing. */
const LEAST = 48;

/** How many tokens the notice takes at most. */
const NOTICE = 24;

/** Members that are cut to nothing of use: addresses, and what is looked up by. */
const WHOLE: ReadonlySet<string> = new Set(['uri', 'url', 'href', 'id', 'type', 'mimeType']);

/** Members that hold base64 of pictures, sound and files: they are no text. */
const BINARY: ReadonlySet<string> = new Set(['data', 'blob']);
const BASE64 = /^[A-Za-z0-9+/_\r\n-]*={0,2}[\r\n]*$/u;

/** Where a text may end: behind a line, a sentence, a word. */
const LINE = /\n/u;
const SENTENCE = /[.!?;。！？；]\s?/u;
const WORD = /\s|[、，]/u;

/** Whether the string under the cursor is base64 and not text. */
export function isBinary({ field, holder, part, text }: StringWalk): boolean {
  if (part !== 'value' || field === undefined || !BINARY.has(field)) return false;
  return holder?.['mimeType'] !== undefined && BASE64.test(text);
}

/**
 * Cuts the longest texts of a result, each to the same number of tokens, until all of it has at most `maxTokens`; copies of one text are so cut
 * alike. A text ends behind a line, a sentence or a word, never within one, and a notice says that it goes on.
 *
 * @returns `result` itself where nothing has to be cut; undefined where cutting texts is not enough
 */
export function truncateTexts(result: JsonValue, maxTokens: number): JsonValue | undefined {
  const { total, cuttable } = measured(result);
  if (total <= maxTokens) return result;
  const most = mostOfEach(cuttable, maxTokens - (total - sum(cuttable)));
  if (most < LEAST) return undefined;
  const walk = new StringWalk(result);
  while (walk.next()) if (isCuttable(walk) && estimateTokens(walk.text) > most) walk.replace(cutText(walk.text, most));
  return walk.result;
}

function measured(result: JsonValue): { readonly total: number; readonly cuttable: readonly number[] } {
  const walk = new StringWalk(result);
  const cuttable: number[] = [];
  let total = 0;
  while (walk.next()) {
    if (isBinary(walk)) continue;
    const tokens = estimateTokens(walk.text);
    total += tokens;
    if (tokens > LEAST && isCuttable(walk)) cuttable.push(tokens);
  }
  return { total, cuttable };
}

function isCuttable(walk: StringWalk): boolean {
  const { part, isNumber, field } = walk;
  return part === 'value' && !isNumber && !(field !== undefined && WHOLE.has(field)) && !isBinary(walk);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** The most that each text may have so that all of them have at most `budget`; below {@link LEAST} where they cannot. */
function mostOfEach(tokens: readonly number[], budget: number): number {
  const ascending = tokens.toSorted((one, other) => one - other);
  let left = budget;
  for (const [index, own] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (own > share) return share;
    left -= own;
  }
  return Number.POSITIVE_INFINITY;
}

/** The beginning of a text that has at most `tokens`, and the notice that stands for the rest. */
function cutText(text: string, tokens: number): string {
  const end = boundaryBefore(text, unitsWithin(text, tokens - NOTICE));
  const kept = text.slice(0, end).trimEnd();
  return `${kept}${kept === '' ? '' : '\n'}[cut here by policy: ${kept.length} of ${text.length} characters shown]`;
}

/** The last place at or before `limit` at which a text may end: a line or sentence where one ends in the last quarter, else a word, else none. */
function boundaryBefore(text: string, limit: number): number {
  const from = Math.floor(limit * 0.75);
  return lastEnd(text, from, limit, LINE) ?? lastEnd(text, from, limit, SENTENCE) ?? lastEnd(text, 0, limit, WORD) ?? 0;
}

function lastEnd(text: string, from: number, to: number, boundary: RegExp): number | undefined {
  for (let at = to; at > from; at -= 1) if (boundary.test(text.charAt(at - 1))) return at;
  return undefined;
}
