import { isJsonObject, type JsonValue } from '@callgate/canonical';

import type { JsonRules } from './compile-rules.ts';

const MOST = 10_001;
const LONGEST = 70_000;

/** Texts most of which pass, plain ones first, those at bounds among them. */
export function* candidateJson(rules: JsonRules): Generator<string> {
  const required = [...rules.required];
  yield objectOf(required);
  yield* ['{}', '[]', '"a"', '1', 'true', 'null', '{"a":1}', '[1,"a",null]', '-1.5', 'false'];
  const names = [...(rules.keys ?? [])].slice(0, 16);
  yield objectOf(new Set([...required, ...names]));
  for (const name of [...names, 'a', 'other']) yield objectOf(new Set([...required, name]));
  yield* sized(rules, required);
  yield* nested(rules, required);
  for (const length of [rules.maxLength, rules.maxLength + 1]) yield* filled(length, required, rules);
}

function objectOf(names: Iterable<string>, value = 'null'): string {
  return `{${[...names].map((name) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

function* sized(rules: JsonRules, required: readonly string[]): Generator<string> {
  for (const count of [rules.maxItems, rules.maxItems + 1, 2, 100]) {
    if (count > MOST) continue;
    const items = `[${Array.from({ length: count }, () => '0').join(',')}]`;
    yield items;
    if (rules.required.size > 0) yield objectOf(required, items);
  }
  for (const count of [rules.maxKeys, rules.maxKeys + 1, 2, 100]) {
    if (count > MOST) continue;
    const more = Array.from({ length: Math.max(count - required.length, 0) }, (_, index) => `k${index}`);
    yield objectOf([...required, ...more]);
    yield `[${objectOf(more)}]`;
    const [name] = [...required, ...(rules.keys ?? [])];
    if (name !== undefined) yield objectOf(new Set([...required, name]), objectOf(more));
  }
}

function* nested(rules: JsonRules, required: readonly string[]): Generator<string> {
  for (const depth of [rules.maxDepth, rules.maxDepth + 1, 2, 3]) {
    if (depth > 0) yield '['.repeat(depth) + ']'.repeat(depth);
    const [name = 'a'] = [...required, ...(rules.keys ?? [])];
    const inner = Math.max(depth - 1, 0);
    yield objectOf(new Set([...required, name]), inner === 0 ? '0' : '['.repeat(inner) + ']'.repeat(inner));
  }
}

function* filled(length: number, required: readonly string[], rules: JsonRules): Generator<string> {
  if (length > LONGEST) return;
  const [name = 'a'] = [...required, ...(rules.keys ?? [])];
  const object = objectOf(new Set([...required, name]));
  for (const [before, after] of [
    ['"', '"'],
    ['["', '"]'],
    [object.replace(/null\}$/u, '"'), '"}'],
  ] as const) {
    const rest = length - before.length - after.length;
    if (rest >= 0) yield before + 'a'.repeat(rest) + after;
  }
}

/** Texts that are near to passing. */
export function* jsonBeyond(): Generator<string> {
  yield* ['', '{', "{'a':1}", '{"a":1,}', '{a:1}', '// a\n1', 'NaN', '01', '{"a":1,"a":2}', '{"a":1,"\\u0061":2}'];
  yield* [
    '{"__proto__":{}}',
    '{"constructor":{"prototype":{}}}',
    '9007199254740992',
    '1e400',
    '1e9',
    '"\\ud800"',
    '[1] [2]',
  ];
}

/** A text without the fence of a code block in Markdown around it. */
function withoutFence(text: string): string {
  const opened = text.replace(/^```(?:json)?/u, '');
  return opened.endsWith('```') ? opened.slice(0, -3) : opened;
}

const LONGEST_REPAIRED = 100_000;

/** Texts near a value that does not pass: an object that came as it is, a text with what is too much left out. */
export function* jsonNear(value: JsonValue | undefined, rules: JsonRules): Generator<string> {
  if (value === undefined) return;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (text.length > LONGEST_REPAIRED) return;
  const bare = withoutFence(text.trim()).trim();
  yield bare;
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(bare) as JsonValue;
  } catch {
    return;
  }
  yield JSON.stringify(parsed);
  const { keys } = rules;
  const listed = isJsonObject(parsed)
    ? Object.entries(parsed).filter(([name]) => name !== '__proto__' && keys?.has(name) !== false)
    : [];
  const members = new Map<string, JsonValue>(listed);
  for (const name of rules.required) if (!members.has(name)) members.set(name, null);
  yield JSON.stringify(Object.fromEntries(members));
  yield JSON.stringify([parsed]);
}
