import { anyOf } from '../internal/words.ts';
import type { JsonRules } from './compile-rules.ts';
import { HALF_PAIR, tooLong, type JsonFinding } from './problems.ts';
import { scanJson, type ScannedJson } from './scan-json.ts';

/** What is wrong with a JSON text, or nothing. */
export function judgeJson(text: string, rules: JsonRules): JsonFinding | undefined {
  if (text.length > rules.maxLength) return tooLong(rules);
  if (!text.isWellFormed()) return HALF_PAIR;
  const scanned = scanJson(text, rules);
  if ('code' in scanned) return scanned;
  // the canonical form must pass as well
  if (text.length + scanned.growth > rules.maxLength) return tooLong(rules);
  return findAtTop(scanned, rules);
}

function findAtTop({ type, names }: ScannedJson, rules: JsonRules): JsonFinding | undefined {
  if (!rules.types.has(type)) return { code: 'json.root', got: `JSON of the type ${type}` };
  if (type !== 'object') return undefined;
  const { keys, required } = rules;
  if (keys !== undefined && [...names].some((name) => !keys.has(name))) {
    const hint = `use the members ${anyOf([...keys], 12)} only`;
    return { code: 'json.keys', got: 'an object with a member that the policy does not list', hint };
  }
  const missing = [...required].filter((name) => !names.has(name));
  if (missing.length === 0) return undefined;
  const hint = `add ${missing.map((name) => `\`${name}\``).join(', ')}`;
  return { code: 'json.required', got: 'an object that lacks a member', hint };
}
