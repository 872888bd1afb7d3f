import type { JsonRules } from './compile-rules.ts';

/** What the kind `json` finds wrong. */
export type JsonProblemCode =
  | 'json.type'
  | 'json.length'
  | 'json.syntax'
  | 'json.unicode'
  | 'json.depth'
  | 'json.size'
  | 'json.repeated_key'
  | 'json.prototype'
  | 'json.number'
  | 'json.root'
  | 'json.keys'
  | 'json.required';

/** One thing that is wrong: its code, what came in words, and what to do. */
export interface JsonFinding {
  readonly code: JsonProblemCode;
  readonly got: string;
  readonly hint?: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether objects and arrays are deeper inside each other than permitted. Reads any text; before anything parses it. */
export function isTooDeep(text: string, maxDepth: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index) - 1;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** The index behind the closing quote of the string that begins at `start`, or the length of the text. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    index += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

/** An object or array that is open where the scan is. */
interface Level {
  /** The names seen; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** The name of the member whose value this is. */
  readonly name: string | undefined;
  lastName: string | undefined;
  /** In an object: the next string is a name, not a value. */
  expectsName: boolean;
  /** Members or items: the commas seen, and one. */
  count: number;
}

/**
 * What parsers disagree on in a text that `JSON.parse` takes: names that repeat, numbers that a double does not hold, names that
 * reach a prototype, halves of surrogate pairs; and what is too large. Reads the text itself: a parsed value shows none of these.
 */
export function scanJson(text: string, rules: JsonRules): JsonFinding | undefined {
  const levels: Level[] = [];
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    const level = levels.at(-1);
    if (code === QUOTE) {
      const end = endOfString(text, index);
      const content = unescaped(text.slice(index, end));
      if (!content.isWellFormed()) return HALF_PAIR;
      const finding = level === undefined ? undefined : enterString(content, level);
      if (finding !== undefined) return finding;
      index = end;
    } else if (code === 0x7b || code === 0x5b) {
      if (level !== undefined) level.count = Math.max(level.count, 1);
      levels.push({
        names: code === 0x7b ? new Set() : undefined,
        name: level?.lastName,
        lastName: undefined,
        expectsName: true,
        count: 0,
      });
      index += 1;
    } else if (code === 0x7d || code === 0x5d) {
      if (level !== undefined && isTooLarge(level, rules)) return tooLarge(level, rules);
      levels.pop();
      index += 1;
    } else if (code === 0x2c) {
      if (level !== undefined) {
        level.count += 1;
        level.expectsName = true;
      }
      index += 1;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      if (level !== undefined) level.count = Math.max(level.count, 1);
      const end = endOfNumber(text, index);
      if (!isExact(text.slice(index, end))) return INEXACT;
      index = end;
    } else {
      // a letter of `true`, `false` or `null`, a colon or white space
      if (level !== undefined && code >= 0x61) level.count = Math.max(level.count, 1);
      index += 1;
    }
  }
  return undefined;
}

const HALF_PAIR: JsonFinding = { code: 'json.unicode', got: 'text with half of a surrogate pair' };
const INEXACT: JsonFinding = {
  code: 'json.number',
  got: 'a number that other programs read as another one',
  hint: 'keep numbers between -(2^53 - 1) and 2^53 - 1 with at most 17 digits, or write them as strings',
};

function unescaped(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

function enterString(content: string, level: Level): JsonFinding | undefined {
  level.count = Math.max(level.count, 1);
  if (level.names === undefined || !level.expectsName) return undefined;
  level.expectsName = false;
  if (level.names.has(content)) {
    return { code: 'json.repeated_key', got: 'an object in which a name repeats', hint: 'give each member once' };
  }
  if (content === '__proto__' || (content === 'prototype' && level.name === 'constructor')) {
    return { code: 'json.prototype', got: 'an object with a member that reaches a prototype' };
  }
  level.names.add(content);
  level.lastName = content;
  return undefined;
}

function isTooLarge(level: Level, rules: JsonRules): boolean {
  return level.count > (level.names === undefined ? rules.maxItems : rules.maxKeys);
}

function tooLarge(level: Level, rules: JsonRules): JsonFinding {
  return level.names === undefined
    ? { code: 'json.size', got: 'an array of more items', hint: `use at most ${rules.maxItems} items` }
    : { code: 'json.size', got: 'an object of more members', hint: `use at most ${rules.maxKeys} members` };
}

const NUMBER = /[0-9+\-.Ee]+/uy;

function endOfNumber(text: string, start: number): number {
  NUMBER.lastIndex = start;
  NUMBER.test(text);
  return NUMBER.lastIndex;
}

// IEEE 754: 17 decimal digits tell all doubles apart; more are lost
const MOST_DIGITS = 17;

// a whole number of so many digits is below 2^53
const SAFE_WHOLE = /^-?[0-9]{1,15}$/u;

const MANTISSA = /^-?[0.]*([0-9.]*)/u;

function isExact(token: string): boolean {
  if (SAFE_WHOLE.test(token)) return true;
  const value = Number(token);
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) return false;
  // zeros in front of the first other digit do not count
  const digits = MANTISSA.exec(token)?.[1] ?? '';
  if (value === 0) return digits === '';
  return digits.length <= MOST_DIGITS || digits.replace('.', '').length <= MOST_DIGITS;
}

/** Whether a number is written with an exponent, which is longer without. */
export function hasExponent(text: string): boolean {
  return /[0-9][Ee]/u.test(text);
}
