import { hasRefusedCharacter } from './characters.ts';
import type { Command, Connector, Line, Redirect } from './line.ts';
import { finding, type Finding } from './problem.ts';
import { readWord, type ReadWord } from './read-word.ts';

/** What a line is made of, or the first thing in it that this kind does not read. */
export type ReadLine = { readonly line: Line } | { readonly found: Finding };

/** An operator at a place of the text: its connector or redirection, and how long it is. */
interface Operator {
  readonly length: number;
  readonly connector?: Connector;
  readonly redirect?: Redirect['kind'];
}

/**
 * Reads a command line in one pass: blanks, words, quotes, and the few operators that bash, dash, BusyBox ash, ksh, mksh and zsh
 * read alike. Whatever else means something to one of them is refused, whether or not it means something to the others.
 *
 * @param maxCommands a line of more is refused
 */
export function readLine(text: string, maxCommands: number): ReadLine {
  if (hasRefusedCharacter(text)) {
    return {
      found: finding(
        'shell.character',
        'a command line with a line break, a control character or an invisible one',
        'write one line of visible characters',
      ),
    };
  }
  const commands: Command[] = [];
  const connectors: Connector[] = [];
  let words: string[] = [];
  let redirects: Redirect[] = [];
  let position = 0;
  for (;;) {
    position = skipBlanks(text, position);
    if (position === text.length) break;
    const operator = operatorAt(text, position);
    if (operator === undefined) {
      const word = readWord(text, position, words.length === 0);
      if ('found' in word) return word;
      const refusal = joined(text, word);
      if (refusal !== undefined) return { found: refusal };
      words.push(word.value);
      position = word.end;
    } else if (operator.connector !== undefined) {
      if (words.length === 0) return { found: SYNTAX };
      commands.push({ words, redirects });
      connectors.push(operator.connector);
      if (commands.length > maxCommands) return { found: TOO_MANY };
      words = [];
      redirects = [];
      position += operator.length;
    } else if (operator.redirect === undefined) {
      return { found: UNKNOWN_OPERATOR };
    } else {
      const redirect = readRedirect(text, position, operator);
      if ('found' in redirect) return redirect;
      redirects.push(redirect.redirect);
      position = redirect.end;
    }
  }
  return finish(commands, connectors, { words, redirects }, maxCommands);
}

const SYNTAX = finding(
  'shell.syntax',
  'a command line with a command missing',
  'write a command on each side of an operator',
);
const TOO_MANY = finding('shell.length', 'a command line of too many commands', 'split it into several calls');
const UNKNOWN_OPERATOR = finding(
  'shell.operator',
  'a command line with an operator that no policy can allow',
  'leave out subshells, here-documents and other operators',
);

function finish(commands: Command[], connectors: Connector[], last: Command, maxCommands: number): ReadLine {
  let isTerminated = false;
  if (last.words.length > 0) commands.push(last);
  else if (last.redirects.length > 0) return { found: SYNTAX };
  else if (commands.length === 0) return { found: finding('shell.empty', 'an empty command line') };
  else {
    const ending = connectors.at(-1);
    if (ending === 'sequence') {
      connectors.pop();
      isTerminated = true;
    }
    if (ending !== 'sequence' && ending !== 'background') return { found: SYNTAX };
  }
  return commands.length > maxCommands ? { found: TOO_MANY } : { line: { commands, connectors, isTerminated } };
}

/** A word that touches a redirection may be read as its descriptor: `2>x`, `{name}>x`. Only the plain ones are read so. */
function joined(text: string, word: ReadWord): Finding | undefined {
  const next = text[word.end];
  return next === '<' || next === '>'
    ? finding('shell.syntax', 'a word that touches a redirection', 'write a blank before `<` and `>`')
    : undefined;
}

function operatorAt(text: string, position: number): Operator | undefined {
  const first = text[position] ?? '';
  if (/[012]/u.test(first) && /[<>]/u.test(text[position + 1] ?? '')) {
    const operator = redirectAt(text, position + 1);
    return { ...operator, length: operator.length + 1 };
  }
  switch (first) {
    case '|':
      if (text[position + 1] === '|') return { length: 2, connector: 'or' };
      return text[position + 1] === '&' ? { length: 2 } : { length: 1, connector: 'pipe' };
    case '&':
      if (text[position + 1] === '&') return { length: 2, connector: 'and' };
      return text[position + 1] === '>' ? { length: 2 } : { length: 1, connector: 'background' };
    case ';':
      return { length: 1, connector: 'sequence' };
    case '<':
    case '>':
      return redirectAt(text, position);
    case '(':
    case ')':
      return { length: 1 };
    default:
      return undefined;
  }
}

function redirectAt(text: string, position: number): Operator {
  const second = text[position + 1] ?? '';
  if (text[position] === '<') return /[<>&(]/u.test(second) ? { length: 2 } : { length: 1, redirect: 'in' };
  if (second === '>') return { length: 2, redirect: 'append' };
  if (second === '&') return { length: 2, redirect: 'merge' };
  return /[|(]/u.test(second) ? { length: 2 } : { length: 1, redirect: 'out' };
}

type ReadRedirect = { readonly redirect: Redirect; readonly end: number } | { readonly found: Finding };

function readRedirect(text: string, position: number, operator: Operator): ReadRedirect {
  const kind = operator.redirect ?? 'in';
  const digit = text[position] ?? '';
  const own = kind === 'in' ? 0 : 1;
  const descriptor = /[012]/u.test(digit) ? (Number(digit) as 0 | 1 | 2) : own;
  if ((kind === 'in') !== (descriptor === 0)) return { found: UNKNOWN_OPERATOR };
  const start = position + operator.length;
  if (kind === 'merge') {
    const target = text[start] ?? '';
    const isWhole = /[12]/u.test(target) && !/[^ \t|&;]/u.test(text[start + 1] ?? ' ');
    if (!isWhole) return { found: UNKNOWN_OPERATOR };
    return { redirect: { kind, descriptor, target }, end: start + 1 };
  }
  const from = skipBlanks(text, start);
  if (from === text.length || operatorAt(text, from) !== undefined) return { found: SYNTAX };
  const word = readWord(text, from, false);
  if ('found' in word) return word;
  const refusal = joined(text, word);
  if (refusal !== undefined) return { found: refusal };
  return { redirect: { kind, descriptor, target: word.value }, end: word.end };
}

function skipBlanks(text: string, from: number): number {
  let position = from;
  while (text[position] === ' ' || text[position] === '\t') position += 1;
  return position;
}
