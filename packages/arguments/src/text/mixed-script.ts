/**
 * Letters that look like Latin ones: Cyrillic, Greek (not those that formulas use beside Latin letters), Armenian, and all of
 * Cherokee. Known from UTS #39, cut to what is a letter of a living script.
 */
const LOOK_ALIKE =
  /[\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0457\u0458\u04bb\u0501\u051b\u051d\u0475\u04cf\u04ab\u04af\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u04ae\u04c0\u050c\u051a\u051c\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03b9\u03f2\u03f3\u0585\u0578\u057d\u0570\u0581\u0566\p{Script=Cherokee}]/u;

const OTHER_LETTER = /(?!\p{Script=Latin})\p{L}/gu;
const LATIN = /\p{Script=Latin}/u;
const WORD = /[\p{L}\p{M}\p{Nd}]+/gu;

/** Whether a word mixes Latin letters with others, all of which look like Latin ones. */
export function hasMixedWord(text: string): boolean {
  if (!LOOK_ALIKE.test(text) || !LATIN.test(text)) return false;
  for (const [word] of text.matchAll(WORD)) {
    if (LATIN.test(word) && LOOK_ALIKE.test(word) && isAllAlike(word)) return true;
  }
  return false;
}

function isAllAlike(word: string): boolean {
  for (const [letter] of word.matchAll(OTHER_LETTER)) if (!LOOK_ALIKE.test(letter)) return false;
  return true;
}
