import type { Fuel } from '../fuel.ts';
import { KeywordIndex } from '../scan/keyword-index.ts';
import { scanText } from '../scan/scan-text.ts';
import { terms, type Term } from './concept.ts';
import type { Mark } from './read-concepts.ts';

/** Words whose disguised forms are looked for: what lies around them is read again, without the disguise. */
const WORDS = [
  'ignore',
  'previous',
  'instruction',
  'system',
  'prompt',
  'reveal',
  'disregard',
  'forget',
  'bypass',
  'secret',
  'credential',
  'password',
  'attacker',
  'execute',
  'customer',
];

const LEET: ReadonlyMap<string, string> = new Map([
  ['a', '4'],
  ['e', '3'],
  ['i', '1'],
  ['l', '1'],
  ['o', '0'],
  ['s', '5'],
  ['t', '7'],
]);
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['@', 'a'],
  ['$', 's'],
  // one digit stands for both, so that they are one letter here
  ['l', 'i'],
]);

const SEPARATORS = [' ', '.', '-', '_', '*', '|', '/'];
const ACCENTS = ['\u0301', '\u0300', '\u0302', '\u0308'];

type Disguise = 'squeezed' | 'rotated' | 'reversed';

/** The forms of a word by which a disguise is noticed. */
function formsOf(word: string): Readonly<Record<Disguise, readonly string[]>> {
  const letters = Array.from(word);
  const leet = letters.map((letter) => LEET.get(letter) ?? letter).join('');
  const grams = Array.from({ length: leet.length - 3 }, (_, at) => leet.slice(at, at + 4)).filter(
    (gram) => /[0-9]/u.test(gram) && /[g-z]/u.test(gram),
  );
  return {
    squeezed: [
      ...SEPARATORS.flatMap((separator) => [spaced(letters.join(''), separator), spaced(leet, separator)]),
      ...grams,
      ...[...LEET].flatMap(([letter, digit]) => (word.includes(letter) ? [word.replaceAll(letter, digit)] : [])),
      ...ACCENTS.map((accent) => word.replaceAll(/[aeiou]/gu, (vowel) => `${vowel}${accent}`).normalize('NFC')),
    ],
    rotated: word.length < 6 ? [] : [rotated(word)],
    reversed: word.length < 6 ? [] : [letters.toReversed().join('')],
  };
}

/** The first letters of a word, with something between them. */
function spaced(word: string, separator: string): string {
  return Array.from(word).slice(0, 4).join(separator);
}

const DISGUISES: ReadonlyMap<string, Disguise> = new Map(
  [
    ...WORDS.flatMap((word) => {
      const { squeezed, rotated: turned, reversed } = formsOf(word);
      return [
        ...squeezed.map((form) => [form, 'squeezed'] as const),
        ...turned.map((form) => [form, 'rotated'] as const),
        ...reversed.map((form) => [form, 'reversed'] as const),
      ];
    }),
    ...[
      'ignoreall',
      'ignoreprev',
      'allprevious',
      'previousinstr',
      'revealthe',
      'bypassapproval',
      'sendcustomer',
      'exportthe',
    ].map((form) => [form, 'squeezed'] as const),
  ].filter(([form]) => !WORDS.includes(form)),
);

/** Terms that tell of a disguise. */
export const DISGUISED: readonly Term[] = [...DISGUISES.keys()].map((word) => ({
  word,
  concept: 'disguise',
  isAnywhere: true,
}));

/** What words mean where there is nothing between them. Longer than words of prose that hold them by chance. */
const SQUEEZED: readonly Term[] = [
  ...terms('override', 'ignore', 'disregard', 'forget', 'override', 'bypass'),
  ...terms('prior', 'previous', 'above', 'earlier', 'priorinstr'),
  ...terms('orders', 'instruction', 'guideline', 'directive', 'rules', 'prompt'),
  ...terms('guard', 'approval', 'safety', 'filter', 'restriction', 'guardrail'),
  ...terms('reveal', 'reveal', 'disclose', 'repeat'),
  ...terms('prompt', 'systemprompt', 'hiddenprompt', 'yourinstruction'),
  ...terms('send', 'send', 'export', 'upload', 'forward', 'exfiltrate'),
  ...terms('sensitive', 'credential', 'password', 'secret', 'apikey', 'privatekey'),
  ...terms('context', 'customer', 'conversation', 'database'),
  ...terms('foreign', 'attacker', 'https', 'external'),
  ...terms('memory', 'rememberpermanent'),
  ...terms('persona', 'youarenow', 'fromnowon'),
  ...terms('conceal', 'donottellthe', 'donotmention', 'donttellthe'),
  ...terms('link-order', 'thenload'),
];
let squeezedIndex: KeywordIndex | undefined;

/** Made for the first text that is disguised. */
function indexOfSqueezed(): KeywordIndex {
  squeezedIndex ??= new KeywordIndex([SQUEEZED.map(({ word }) => folded(word))]);
  return squeezedIndex;
}

/** Code units around a disguised word that are read again. */
const BEFORE = 192;
const AFTER = 640;
/** How many such pieces of one text are read. */
const PIECES = 8;
/** Cost of reading one code unit again, in fuel. */
const COST = 2;

/** One piece of a text that was disguised, read without the disguise. */
export interface Undisguised {
  readonly marks: readonly Mark[];
  readonly text: string;
  /** The range of the text as it is that a range of this one stands for. */
  raw(start: number, end: number): readonly [start: number, end: number];
}

/** Reads the pieces around disguised words again. Linear: each unit is read at most once, and there are few pieces. */
export function* undisguised(text: string, marks: readonly Mark[], fuel: Fuel): Generator<Undisguised> {
  let done = 0;
  let pieces = 0;
  for (const mark of marks) {
    if (mark.concept !== 'disguise' || mark.start < done) continue;
    if ((pieces += 1) > PIECES) return;
    const from = Math.max(done, mark.start - BEFORE);
    done = Math.min(text.length, mark.end + AFTER);
    fuel.spend((done - from) * COST);
    const disguise = DISGUISES.get(text.slice(mark.start, mark.end).toLowerCase()) ?? 'squeezed';
    yield readAgain(text.slice(from, done), from, disguise, fuel);
  }
}

function readAgain(piece: string, from: number, disguise: Disguise, fuel: Fuel): Undisguised {
  const letterOf = disguise === 'rotated' ? rotatedLetter : plainLetter;
  let text = '';
  const places: number[] = [];
  for (let index = 0; index < piece.length; index += 1) {
    const letter = letterOf(piece, index);
    if (letter === '') continue;
    text += letter;
    places.push(index);
  }
  if (disguise === 'reversed') {
    text = Array.from(text).toReversed().join('');
    places.reverse();
  }
  const hits = scanText(text, indexOfSqueezed(), fuel).hits[0] ?? [];
  const marks = hits.map(({ keyword, start }) => {
    const { concept = 'mention', word = '' } = SQUEEZED[keyword] ?? {};
    return { concept, start, end: start + word.length };
  });
  return {
    marks,
    text,
    raw: (start, end) => {
      const covered = [places[start] ?? 0, places[end - 1] ?? 0];
      return [from + Math.min(...covered), from + Math.max(...covered) + 1];
    },
  };
}

/** For each ASCII character the letter that it is or stands for; empty for none. */
const ASCII_LETTERS: readonly string[] = Array.from({ length: 128 }, (_, code) => letterIn(String.fromCharCode(code)));

function letterIn(character: string): string {
  const letter = folded(character.toLowerCase());
  return /^[a-z]$/u.test(letter) ? letter : '';
}

/** The letter at a place, without its accent; empty for none. */
function plainLetter(text: string, index: number): string {
  const code = text.charCodeAt(index);
  return ASCII_LETTERS[code] ?? letterIn(text.charAt(index).normalize('NFD').charAt(0));
}

function rotatedLetter(text: string, index: number): string {
  return letterIn(rotated(text.charAt(index).toLowerCase()));
}

/** A word, or a letter, as squeezed text spells it. */
function folded(text: string): string {
  return Array.from(text, (character) => PLAIN.get(character) ?? character).join('');
}

function rotated(text: string): string {
  return text.replaceAll(/[a-z]/gu, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));
}
