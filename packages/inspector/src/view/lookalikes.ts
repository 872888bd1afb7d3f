/**
 * Letters of other alphabets that look like a letter of ASCII, with that letter: single-letter entries of Unicode TR39 `confusables.txt`
 * (Greek, Cyrillic, Armenian, Cherokee, Lisu, IPA) whose skeleton is one ASCII letter. Applied only within a word that also has
 * ASCII letters: Russian is no disguise.
 */
const PAIRS: readonly (readonly [lookalikes: string, letter: string])[] = [
  ['аɑα', 'a'],
  ['АΑᎪꓮ', 'A'],
  ['ВΒᏴꓐ', 'B'],
  ['Ь', 'b'],
  ['сϲⅽ', 'c'],
  ['СϹᏟꓚ', 'C'],
  ['ԁ', 'd'],
  ['ᎠꓓⅮ', 'D'],
  ['еҽ', 'e'],
  ['ЕΕᎬꓰ', 'E'],
  ['Ϝꓝ', 'F'],
  ['ɡց', 'g'],
  ['ԌᏀꓖ', 'G'],
  ['һհᏂ', 'h'],
  ['НΗᎻꓧ', 'H'],
  ['іιɩӏ', 'i'],
  ['ІΙӀ', 'I'],
  ['јϳ', 'j'],
  ['ЈᎫꓙͿ', 'J'],
  ['κкᴋ', 'k'],
  ['КΚᏦꓗ', 'K'],
  ['Ꮮꓡ', 'L'],
  ['МΜᎷꓟ', 'M'],
  ['ոռ', 'n'],
  ['Νꓠ', 'N'],
  ['оοօσ', 'o'],
  ['ОΟՕꓳ', 'O'],
  ['рρ', 'p'],
  ['РΡᏢꓑ', 'P'],
  ['ԛզ', 'q'],
  ['гᴦ', 'r'],
  ['ᎡᏒꓣ', 'R'],
  ['ѕ', 's'],
  ['ЅՏᏕꓢ', 'S'],
  ['тτ', 't'],
  ['ТΤᎢꓔ', 'T'],
  ['υսս', 'u'],
  ['Սꓴ', 'U'],
  ['νѵ', 'v'],
  ['ѴᏙꓦ', 'V'],
  ['ѡԝա', 'w'],
  ['ԜᎳꓪ', 'W'],
  ['хχ', 'x'],
  ['ХΧꓫ', 'X'],
  ['уγү', 'y'],
  ['УΥҮᎩꓬ', 'Y'],
  ['ΖᏃꓜ', 'Z'],
];

/** Lookalike → ASCII letter. */
export const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  PAIRS.flatMap(([lookalikes, letter]) => Array.from(lookalikes, (lookalike) => [lookalike, letter] as const)),
);

/** For each UTF-16 code unit the code unit of the ASCII letter that it looks like; 0 for none. */
export const LOOKALIKE_UNITS: Uint8Array = lookalikeUnits();

function lookalikeUnits(): Uint8Array {
  const units = new Uint8Array(65_536);
  for (const [lookalike, letter] of LOOKALIKES) units[lookalike.charCodeAt(0)] = letter.charCodeAt(0);
  return units;
}
