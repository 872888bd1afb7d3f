import type { Match } from '../detector.ts';

/** Letters of formulas, in circles or squares, and of full width, that spell a word. */
const STYLED =
  /[\u{1d400}-\u{1d7ff}]{4,}|[\u24b6-\u24e9]{4,}|[\u{1f110}-\u{1f189}]{4,}|[\uff21-\uff3a\uff41-\uff5a]{4,}/gu;

/** Letters of alphabets beside which those of full width are at home. */
const EAST_ASIAN = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u;

/** Words in letters that read as ASCII and are not. Low: people see them, and write them for effect. */
export function* styledWords(text: string): Generator<Match> {
  let isEastAsian: boolean | undefined;
  for (const { 0: word, index } of text.matchAll(STYLED)) {
    if (word >= '\uff00' && word < '\uff60') {
      isEastAsian ??= EAST_ASIAN.test(text);
      if (isEastAsian) continue;
    }
    const end = index + word.length;
    yield {
      rule: 'invisible.styled',
      severity: 'low',
      start: index,
      end,
      reason: 'a word in letters of formulas or signs',
    };
  }
}
