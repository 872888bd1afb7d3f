import { canonicalize, isJsonObject, type JsonValue } from '@callgate/canonical';

import { anyOf } from '../internal/words.ts';
import type { JsonRules } from './compile-rules.ts';
import { hasExponent, isTooDeep, scanJson, type JsonFinding } from './scan-json.ts';
import type { JsonTextType } from './specification.ts';

type Judged = { readonly finding: JsonFinding; readonly isError: boolean } | { readonly value: JsonValue };

/** The value of a JSON text that passes, or what is wrong with the text. */
export function judgeJson(text: string, rules: JsonRules): Judged {
  if (text.length > rules.maxLength) return failed(tooLong(rules));
  if (!text.isWellFormed()) return failed({ code: 'json.unicode', got: 'text with half of a surrogate pair' });
  if (isTooDeep(text, rules.maxDepth)) return failed(tooDeep(rules));
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return { finding: { code: 'json.syntax', got: 'text that is not JSON' }, isError: true };
  }
  const finding = scanJson(text, rules) ?? findAtTop(value, rules);
  if (finding !== undefined) return failed(finding);
  return mayGrow(text, rules) && canonicalize(value).length > rules.maxLength ? failed(tooLong(rules)) : { value };
}

/** Whether the canonical form may be longer than permitted: `1e15` is written out there, in four times the characters. */
function mayGrow(text: string, rules: JsonRules): boolean {
  return text.length * 4 > rules.maxLength && hasExponent(text);
}

function failed(finding: JsonFinding): Judged {
  return { finding, isError: false };
}

function tooLong({ maxLength }: JsonRules): JsonFinding {
  return { code: 'json.length', got: 'a longer text', hint: `use at most ${maxLength} characters` };
}

function tooDeep({ maxDepth }: JsonRules): JsonFinding {
  const hint =
    maxDepth === 0 ? 'use no objects and arrays' : `put at most ${maxDepth} objects and arrays inside each other`;
  return { code: 'json.depth', got: 'objects and arrays deeper inside each other', hint };
}

function findAtTop(value: JsonValue, rules: JsonRules): JsonFinding | undefined {
  if (!rules.types.has(typeOf(value))) return { code: 'json.root', got: `JSON of the type ${typeOf(value)}` };
  if (!isJsonObject(value)) return undefined;
  const { keys, required } = rules;
  if (keys !== undefined && Object.keys(value).some((name) => !keys.has(name))) {
    const hint = `use the members ${anyOf([...keys], 12)} only`;
    return { code: 'json.keys', got: 'an object with a member that the policy does not list', hint };
  }
  const missing = [...required].filter((name) => !Object.hasOwn(value, name));
  if (missing.length === 0) return undefined;
  return {
    code: 'json.required',
    got: 'an object that lacks a member',
    hint: `add ${missing.map((name) => `\`${name}\``).join(', ')}`,
  };
}

/** The JSON type of a value. */
export function typeOf(value: JsonValue): JsonTextType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonTextType;
}
