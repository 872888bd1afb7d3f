import { compilePattern } from '../envelope/pattern.ts';
import type { Findings } from './findings.ts';
import { endAnchoring, nodesOf, sequencesOf, startAnchoring } from './pattern-anchors.ts';
import { parsePattern, type PatternNode, type PatternSequence } from './pattern-syntax.ts';

/**
 * Looks at one pattern for the ways in which patterns say less than their authors think.
 *
 * @param subject whose pattern it is, in words
 */
export function lintPattern(subject: string, pattern: string, pointer: string, findings: Findings): void {
  const what = universe(pattern);
  const alternatives = parsePattern(pattern);
  for (const message of classMistakes(alternatives)) {
    findings.add('pattern-class', pointer, `the pattern of ${subject} ${message}`, 'write words without brackets');
  }
  if (what !== undefined) {
    const message = `the pattern of ${subject} matches ${what}`;
    findings.add('pattern-universal', pointer, message, 'describe the whole value, from `^` to `$`');
    return;
  }
  lintAnchors(subject, alternatives, pointer, findings);
  if (hasWildDot(alternatives)) {
    const message = `a \`.\` in the pattern of ${subject} matches any character, where a dot seems to be meant`;
    findings.add('pattern-dot', pointer, message, 'write `\\.`');
  }
}

function lintAnchors(
  subject: string,
  alternatives: readonly PatternSequence[],
  pointer: string,
  findings: Findings,
): void {
  const start = startAnchoring(alternatives);
  const end = endAnchoring(alternatives);
  if (start === 'all' && end === 'all') return;
  if (start === 'some' || end === 'some') {
    const message = `anchors in the pattern of ${subject} bind only some sides of a \`|\`, and the others are found anywhere`;
    findings.add('pattern-precedence', pointer, message, 'write `^(a|b)$`');
    return;
  }
  const open = start === 'none' && end === 'none' ? 'before and after' : start === 'none' ? 'before' : 'after';
  const message = `the pattern of ${subject} is not anchored: anything may stand ${open} what it matches`;
  const anchors = open === 'before' ? '`^`' : open === 'after' ? '`$`' : '`^` and `$`';
  findings.add('pattern-unanchored', pointer, message, `add ${anchors}`);
}

/** Texts that no description of a value has in common; the first has one of nearly everything. */
const PROBES: readonly string[] = [
  '\u0001 ~aZ09_-.:/\\@%*?"\'`$&;|<>(){}[]=+,#!^éЖ漢\u202E😀',
  ...('aZ0 ./\\@%*\'"-_;é漢😀'.match(/./gu) ?? []),
  '../../etc/passwd',
  "' OR 1=1 --",
  'x'.repeat(2000),
];
const LINES = 'one\ntwo\r\nthree';

/** What a pattern matches, in words, where that is everything that could come. */
function universe(pattern: string): string | undefined {
  const matches = compilePattern(pattern);
  if (!PROBES.every((probe) => matches(probe))) return undefined;
  if (!matches(LINES)) return 'every text of one line';
  return matches('') ? 'everything' : 'every text that is not empty';
}

function classMistakes(alternatives: readonly PatternSequence[]): readonly string[] {
  const texts = [...nodesOf(alternatives)].flatMap((node) => (node.kind === 'class' ? [node.text] : []));
  return texts.flatMap((text) => {
    if (!looksLikeWord(text)) return [];
    return [
      `has \`[${text.slice(0, 60)}]\`, which is one character ${text.startsWith('^') ? 'outside' : 'of'} that set`,
    ];
  });
}

/** Whether the members of a class are the letters of a word: one comes twice, or they are told apart by `|` or ended by `$`. */
function looksLikeWord(text: string): boolean {
  const members = text.replace(/^\^/u, '');
  if (/[A-Za-z0-9]\|[A-Za-z0-9]|[A-Za-z]{2}\$$/u.test(members)) return true;
  const single = members.replaceAll(/\[:\^?[a-z]+:\]|\\.|[^\\]-[^\]]/gsu, '');
  const letters = single.match(/[A-Za-z]/gu) ?? [];
  return new Set(letters).size < letters.length;
}

/** Whether a `.` stands where hosts, addresses and file names have one: after a name, and before letters that end there. */
function hasWildDot(alternatives: readonly PatternSequence[]): boolean {
  return [...sequencesOf(alternatives)].some((sequence) =>
    sequence.some((node, index) => {
      if (node.kind !== 'any' || node.isRepeated || !isNameEnd(sequence[index - 1])) return false;
      const rest = sequence.slice(index + 1);
      const length = rest.findIndex((next) => !isLetter(next));
      const suffix = length === -1 ? rest.length : length;
      return suffix >= 2 && isBreak(rest[suffix]);
    }),
  );
}

function isNameEnd(node: PatternNode | undefined): boolean {
  if (node?.kind === 'literal') return !node.isRepeated && /[A-Za-z0-9-]/u.test(node.character);
  return node?.kind === 'class' || node?.kind === 'group';
}

function isLetter(node: PatternNode): boolean {
  return node.kind === 'literal' && !node.isRepeated && /[A-Za-z]/u.test(node.character);
}

/** Whether a host label or a file's ending can end here. */
function isBreak(node: PatternNode | undefined): boolean {
  if (node === undefined) return true;
  if (node.kind === 'literal') return /[/:.?#@,;)]/u.test(node.character);
  return node.kind !== 'class';
}
