import type { Connector, Line, Redirect } from './line.ts';
import { RESERVED } from './reserved.ts';

const JOINTS: Readonly<Record<Connector, string>> = {
  and: ' && ',
  background: ' & ',
  or: ' || ',
  pipe: ' | ',
  sequence: '; ',
};

const ARROWS: Readonly<Record<Redirect['kind'], string>> = { in: '<', out: '>', append: '>>', merge: '>&' };

/** A word as every shell of the family reads it back: as it is where it is plain, otherwise in single quotes. */
function quoteWord(word: string): string {
  return /^[\w\-./,:@%+][\w\-./,:@%+=]*$/u.test(word) && !RESERVED.has(word)
    ? word
    : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words as one command. */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteFirst).join(' ');
}

/** The one form of all lines that run the same: single blanks, the least quoting, redirections last. */
export function printLine({ commands, connectors }: Line): string {
  let text = '';
  for (const [index, { words, redirects }] of commands.entries()) {
    const parts = [quoteWords(words), ...redirects.map(printRedirect)];
    const connector = connectors[index];
    text += parts.join(' ') + (connector === undefined ? '' : JOINTS[connector]);
  }
  return text.trimEnd();
}

/** The first word of a command could be read as an assignment. */
function quoteFirst(word: string, index: number): string {
  return index === 0 && word.includes('=') ? `'${word.replaceAll("'", String.raw`'\''`)}'` : quoteWord(word);
}

function printRedirect({ kind, descriptor, target }: Redirect): string {
  const own = kind === 'in' ? 0 : 1;
  return `${descriptor === own ? '' : descriptor}${ARROWS[kind]}${quoteWord(target)}`;
}
