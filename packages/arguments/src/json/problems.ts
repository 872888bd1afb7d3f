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

export const NOT_JSON: JsonFinding = { code: 'json.syntax', got: 'text that is not JSON' };
export const HALF_PAIR: JsonFinding = { code: 'json.unicode', got: 'text with half of a surrogate pair' };
export const REPEATED: JsonFinding = {
  code: 'json.repeated_key',
  got: 'an object in which a name repeats',
  hint: 'give each member once',
};
export const PROTOTYPE: JsonFinding = {
  code: 'json.prototype',
  got: 'an object with a member that reaches a prototype',
};
export const INEXACT: JsonFinding = {
  code: 'json.number',
  got: 'a number that other programs read as another one',
  hint: 'keep numbers between -(2^53 - 1) and 2^53 - 1 with at most 17 digits, or write them as strings',
};

export function tooLong({ maxLength }: JsonRules): JsonFinding {
  return { code: 'json.length', got: 'a longer text', hint: `use at most ${maxLength} characters` };
}

export function tooDeep({ maxDepth }: JsonRules): JsonFinding {
  const most = `put at most ${maxDepth} objects and arrays inside each other`;
  return {
    code: 'json.depth',
    got: 'objects and arrays deeper inside each other',
    hint: maxDepth === 0 ? 'use no objects and arrays' : most,
  };
}

export function tooManyItems({ maxItems }: JsonRules): JsonFinding {
  return { code: 'json.size', got: 'an array of more items', hint: `use at most ${maxItems} items` };
}

export function tooManyMembers({ maxKeys }: JsonRules): JsonFinding {
  return { code: 'json.size', got: 'an object of more members', hint: `use at most ${maxKeys} members` };
}
