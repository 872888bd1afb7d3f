import { stripVTControlCharacters, styleText } from 'node:util';

import type { Denial } from 'callgate';

type Style = 'green' | 'red' | 'yellow' | 'magenta' | 'bold' | 'dim';

const WORD_STYLES: Readonly<Record<string, Style>> = {
  ALLOW: 'green',
  DENY: 'red',
  HOLD: 'yellow',
  WITHHELD: 'magenta',
  TIMEOUT: 'magenta',
  DROPPED: 'magenta',
  STRIPPED: 'magenta',
};

/** As wide as the longest tool or method of the story. */
const WHAT_WIDTH = 'sampling/createMessage'.length;
const WORDS_WIDTH = 62;

/** What the demo prints with: aligned columns, coloured where a person watches. */
export interface Screen {
  /** A numbered chapter and what it is about. */
  chapter(title: string, about: string): void;
  /** One message: what became of it, whose it was, what it was, what it asked for (may be empty), and what came of that. */
  row(word: string, who: string, what: string, asked: string, answer: string): void;
  /** A line of its own, indented. */
  note(text: string): void;
  /** Text that a model or an operator reads, set off from the rest. */
  quote(text: string): void;
}

/** A screen on standard output. `NO_COLOR` and a stream that is no terminal leave colours out. */
export function createScreen(): Screen {
  const hasColours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const paint = (style: Style, text: string): string =>
    hasColours ? styleText(style, text, { validateStream: false }) : text;
  const print = (line = ''): void => console.log(line.trimEnd());
  let chapters = 0;
  return {
    chapter(title, about) {
      chapters += 1;
      print(`\n${paint('bold', `${chapters}. ${title}`)}`);
      for (const line of wrap(about, 96)) print(`   ${paint('dim', line)}`);
      print();
    },
    row(word, who, what, asked, answer) {
      const head = `   ${paint(WORD_STYLES[word] ?? 'bold', word.padEnd(9))} ${who.padEnd(8)} ${what.padEnd(WHAT_WIDTH)} `;
      const indent = ' '.repeat(stripVTControlCharacters(head).length);
      const joined = `${asked} → ${answer}`.trimStart();
      const fits = joined.length <= WORDS_WIDTH;
      const [first = '', ...rest] = fits
        ? [joined]
        : [...wrap(asked, WORDS_WIDTH), ...wrap(`→ ${answer}`, WORDS_WIDTH)].filter((line) => line !== '');
      print(head + first);
      for (const line of rest) print(indent + line);
    },
    note(text) {
      for (const line of wrap(text, 96)) print(`   ${line}`);
    },
    quote(text) {
      for (const line of wrap(text, 92)) print(`   ${paint('dim', '│')} ${line}`);
    },
  };
}

/** A screen that shows nothing, for machine-readable output. */
export function createSilentScreen(): Screen {
  const nothing = (): void => undefined;
  return { chapter: nothing, row: nothing, note: nothing, quote: nothing };
}

/** The word for what became of a call. */
export function wordFor(denial: Denial | undefined): string {
  if (denial === undefined) return 'ALLOW';
  if (denial.next === 'request_approval') return 'HOLD';
  if (denial.code === 'deadline.exceeded') return 'TIMEOUT';
  return denial.code.startsWith('response.') ? 'WITHHELD' : 'DENY';
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}
