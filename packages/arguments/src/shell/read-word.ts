import { hasLookAlike } from './characters.ts';
import { finding, type Finding } from './problem.ts';

/** A word as the program would get it, and the place after it. */
export interface ReadWord {
  readonly value: string;
  readonly end: number;
}

type Part = ReadWord | { readonly found: Finding };

/** Runs of characters that mean themselves in every shell of the family, wherever they stand in a word. */
const PLAIN = /[\w\-./,:@%+\u0080-\u{10FFFF}]+/uy;
/** A group in braces that no shell expands: no comma, no `..`, nothing nested. */
const BRACES = /\{[\w%:.-]*\}/uy;
/** The head of an assignment, which in front of a command changes its environment. */
const ASSIGNMENT = /[A-Za-z_]\w*\+?=/uy;
/** What a backslash may quote: punctuation and the space. Before letters it only hides what the word is. */
const ESCAPED = /[ !-,./:-@[-`{-~]/u;

const SUBSTITUTION = finding(
  'shell.substitution',
  'a command line with a substitution or a variable',
  'write the value itself, or put text with `$` in single quotes',
);
const EXPANSION = finding(
  'shell.expansion',
  'a command line with a wildcard, brace, tilde or history expansion',
  'name each thing itself, or put such characters in single quotes',
);
const COMMENT = finding('shell.comment', 'a command line with a comment', 'leave the comment out');
const ASSIGNED = finding('shell.assignment', 'a command with an assignment in front', 'leave the assignment out');
const ESCAPE = finding(
  'shell.syntax',
  'a command line with a backslash before a letter, a digit or nothing',
  'put text with backslashes in single quotes',
);
const UNCLOSED = finding('shell.syntax', 'a command line with a quote that is not closed', 'close the quote');
const LOOK_ALIKE = finding(
  'shell.character',
  'a command line with a character that looks like another',
  'use ASCII punctuation, or put the text in quotes',
);

/**
 * Reads the word that starts at `start`, which is neither a blank nor an operator.
 *
 * @param isFirst whether a command starts here, where `name=` is an assignment
 */
export function readWord(text: string, start: number, isFirst: boolean): Part {
  if (isFirst && matchAt(ASSIGNMENT, text, start) !== undefined) return { found: ASSIGNED };
  let value = '';
  let position = start;
  for (;;) {
    const next = text[position] ?? '';
    if (next === '' || ' \t|&;<>()'.includes(next)) return { value, end: position };
    const part = readPart(text, position, start, next);
    if ('found' in part) return part;
    value += part.value;
    position = part.end;
  }
}

function readPart(text: string, position: number, start: number, next: string): Part {
  const plain = matchAt(PLAIN, text, position);
  if (plain !== undefined) {
    return hasLookAlike(plain) ? { found: LOOK_ALIKE } : { value: plain, end: position + plain.length };
  }
  switch (next) {
    case "'":
      return readSingle(text, position + 1);
    case '"':
      return readDouble(text, position + 1);
    case '\\': {
      const escaped = text[position + 1] ?? '';
      return ESCAPED.test(escaped) ? { value: escaped, end: position + 2 } : { found: ESCAPE };
    }
    case '$':
    case '`':
      return { found: SUBSTITUTION };
    default:
      return readMark(text, position, start, next);
  }
}

/** A character whose meaning depends on where it stands. */
function readMark(text: string, position: number, start: number, next: string): Part {
  const one: Part = { value: next, end: position + 1 };
  const isStart = position === start;
  const before = text[position - 1] ?? '';
  switch (next) {
    // zsh replaces `=name` by the path of the program, also after empty quotes
    case '=':
      return isStart || !/[\w.\-+,@%:/~^}=]/u.test(before) ? { found: EXPANSION } : one;
    case '#':
      return isStart ? { found: COMMENT } : insideWord(one, before);
    // bash expands a tilde after `=` and `:` too; `HEAD~1` and `file~` are plain
    case '~':
    case '^':
      return isStart ? { found: EXPANSION } : insideWord(one, before);
    // alone, as in `find . ! -name x`, it is a word; in front of a command it is an operator, which the second reader finds
    case '!':
      return isStart && /[ \t]/u.test(text[position + 1] ?? '') ? one : { found: EXPANSION };
    case '{': {
      const group = matchAt(BRACES, text, position);
      if (group === undefined || group.includes('..')) return { found: EXPANSION };
      return { value: group, end: position + group.length };
    }
    default:
      return { found: EXPANSION };
  }
}

/** A mark that is plain after a letter, a digit, or another such mark. */
function insideWord(part: ReadWord, before: string): Part {
  return /[\w.~^}]/u.test(before) ? part : { found: EXPANSION };
}

function readSingle(text: string, from: number): Part {
  const end = text.indexOf("'", from);
  return end < 0 ? { found: UNCLOSED } : { value: text.slice(from, end), end: end + 1 };
}

/** Up to the next character that double quotes leave special. */
const DOUBLE_QUOTED = /[^"\\$`!]+/uy;

function readDouble(text: string, from: number): Part {
  let value = '';
  let position = from;
  for (;;) {
    const run = matchAt(DOUBLE_QUOTED, text, position) ?? '';
    value += run;
    position += run.length;
    const next = text[position] ?? '';
    const after = text[position + 1] ?? '';
    if (next === '"') return { value, end: position + 1 };
    if (next === '') return { found: UNCLOSED };
    if (next === '$' || next === '`') return { found: SUBSTITUTION };
    if (next === '!') {
      if (after !== ' ') return { found: EXPANSION };
      value += next;
      position += 1;
    } else {
      // before another character the backslash stands for itself; before `!` shells differ
      if (after === '!' || after === '') return { found: ESCAPE };
      value += '"\\$`'.includes(after) ? after : next + after;
      position += 2;
    }
  }
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  const matched = pattern.exec(text)?.[0];
  pattern.lastIndex = 0;
  return matched;
}
