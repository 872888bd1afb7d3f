import type { InspectedText } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { REACH_BACK, type Concept, type Term } from './concept.ts';

/** One word or phrase of a text that stands for something. */
export interface Mark {
  readonly concept: Concept;
  readonly start: number;
  readonly end: number;
}

/** What looking at one word costs, matching what stands around it, and each word that stands for something, in fuel. */
const LOOK = 2;
const MATCH = 12;
const MARK = 14;

/** The terms of one vocabulary, by keyword. */
export class Vocabulary {
  /** Each once. */
  readonly keywords: readonly string[];
  readonly #terms: readonly (readonly Term[])[];

  constructor(terms: readonly Term[]) {
    const byWord = new Map<string, Term[]>();
    for (const term of terms) {
      const known = byWord.get(term.word);
      if (known === undefined) byWord.set(term.word, [term]);
      else known.push(term);
    }
    this.keywords = [...byWord.keys()];
    this.#terms = [...byWord.values()];
  }

  /** The marks of a text, by where they start. */
  read({ text, hits }: Pick<InspectedText, 'text' | 'hits'>, fuel: Fuel): readonly Mark[] {
    const marks: Mark[] = [];
    const isMasked = text.includes(PLACEHOLDER);
    for (const { keyword, start } of hits) {
      fuel.spend(LOOK);
      if (isMasked && isInPlaceholder(text, start)) continue;
      const word = this.keywords[keyword] ?? '';
      const isWithin = isInWord(text, start);
      for (const term of this.#terms[keyword] ?? []) {
        if (isWithin && term.isAnywhere !== true) continue;
        const end = endOf(term, text, start, start + word.length, fuel);
        if (end === undefined) continue;
        fuel.spend(MARK);
        marks.push({ concept: term.concept, start, end });
      }
    }
    return marks.toSorted((one, other) => one.start - other.start);
  }
}

function endOf({ ahead, behind }: Term, text: string, start: number, end: number, fuel: Fuel): number | undefined {
  if (behind !== undefined) {
    fuel.spend(MATCH);
    if (!behind.test(text.slice(Math.max(0, start - REACH_BACK), start))) return undefined;
  }
  if (ahead === undefined) return end;
  fuel.spend(MATCH);
  ahead.lastIndex = start;
  const match = ahead.exec(text);
  return match === null ? undefined : Math.max(end, start + match[0].length);
}

/** What masks of findings begin with: the id of a rule is no word of the text. */
const PLACEHOLDER = '[redacted:';
const PLACEHOLDER_REACH = 72;

function isInPlaceholder(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - PLACEHOLDER_REACH), start);
  const opened = before.lastIndexOf(PLACEHOLDER);
  return opened !== -1 && !before.includes(']', opened);
}

/** Whether a word goes on before `start`: of scripts that part words by spaces. */
function isInWord(text: string, start: number): boolean {
  return isLetter(text.charCodeAt(start)) && isLetter(text.charCodeAt(start - 1));
}

function isLetter(unit: number): boolean {
  const lower = unit | 32;
  return (
    (lower >= 0x61 && lower <= 0x7a) ||
    (unit >= 0xc0 && unit <= 0x24f) ||
    (unit >= 0x370 && unit <= 0x52f) ||
    unit === 0x5f
  );
}
