import type { Match } from '../detector.ts';
import { LOOKALIKES } from '../view/lookalikes.ts';

/** Words with letters of ASCII and of an alphabet with letters that look like them: runs of both, cut where neither stands. */
const WORD = /[A-Za-z\u0250-\u02af\u0370-\u058f\u13a0-\u13ff\ua4d0-\ua4ff]+/gu;

/** Longer runs are no words. */
const MAX_WORD = 64;

/** Greek letters that stand before or behind a name in formulas: `αmax`, `σx`. */
const SYMBOL = /^[ακνρστυχγιΔ](?=[A-Za-z]+$)|(?<=^[A-Za-z]+)[ακνρστυχγι]$/u;

/** An acronym with an ending of another language: `SMSка`. */
const INFLECTED = /^[A-Z]{2,}[^A-Za-z]+$/u;

/** Words that mix ASCII with letters that look like ASCII (UTS #39 §5.1, single script), and no other letters. They stay: people see them. */
export function* homoglyphWords(text: string): Generator<Match> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (word.length < 3 || word.length > MAX_WORD || !isDisguised(word)) continue;
    yield {
      rule: 'invisible.homoglyphs',
      severity: 'medium',
      start: index,
      end: index + word.length,
      reason: 'a word mixes alphabets whose letters look alike',
      isKept: true,
    };
  }
}

function isDisguised(word: string): boolean {
  let own = 0;
  let foreign = 0;
  let phonetic = 0;
  for (const letter of word) {
    if (letter < '\u0080') own += 1;
    else if (!LOOKALIKES.has(letter)) return false;
    else if (letter >= '\u0250' && letter <= '\u02af') phonetic += 1;
    else foreign += 1;
  }
  // Phonetic spelling mixes both alphabets; a longer word with one such letter is none.
  if (foreign === 0) return phonetic === 1 && own >= 5;
  return own > 0 && !SYMBOL.test(word) && !INFLECTED.test(word);
}
