import type { JsonValue } from '@callgate/canonical';

import { quoteWords } from './quote.ts';
import type { ShellRules } from './rules.ts';

const MAX_REPAIRED = 2048;
const MAX_DROPPED = 6;

/** Commands near a value that fails, nearest first: the same words quoted, the first command alone, flags or operands left out. */
export function repairValue(value: JsonValue | undefined, rules: ShellRules): readonly JsonValue[] {
  const words = wordsOf(value).filter((word) => word.isWellFormed() && !word.includes('\0'));
  if (words.length === 0) return [];
  const program = rules.programs.get(words[0] ?? '') === undefined ? programNear(words[0] ?? '', rules) : words[0];
  if (program === undefined) return [];
  const all = [program, ...words.slice(1)];
  const first = upToOperator(all);
  const rule = rules.programs.get(program);
  const isKept = (word: string): boolean =>
    !word.startsWith('-') || rule?.flags === 'any' || rule?.flags.has(word.split('=', 1)[0] ?? '') === true;
  const candidates: (readonly string[])[] = [all, first, first.filter(isKept)];
  for (let index = first.length - 1; index > 0 && index >= first.length - MAX_DROPPED; index -= 1) {
    candidates.push(first.toSpliced(index, 1));
  }
  candidates.push(first.slice(0, 2), first.slice(0, 1));
  return candidates.map((candidate) =>
    rules.form === 'argv' || Array.isArray(value) ? candidate : quoteWords(candidate),
  );
}

function wordsOf(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') {
    return value.length > MAX_REPAIRED
      ? []
      : value
          .split(/\s+/u)
          .map(bare)
          .filter((word) => word !== '');
  }
  return Array.isArray(value) && value.length <= MAX_REPAIRED
    ? (value as readonly JsonValue[]).filter((item) => typeof item === 'string')
    : [];
}

/** A word without quotes around it and without the marks that a shell would read. */
function bare(word: string): string {
  return word.replaceAll(/^(['"])(.*)\1$/gu, '$2').replaceAll(/[`$();\\]/gu, '');
}

function upToOperator(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word, index) => index > 0 && /[|&;<>]/u.test(word));
  return end < 0 ? words : words.slice(0, end);
}

function programNear(word: string, { programs }: ShellRules): string | undefined {
  const name = word.slice(word.lastIndexOf('/') + 1);
  return programs.has(name) ? name : undefined;
}
