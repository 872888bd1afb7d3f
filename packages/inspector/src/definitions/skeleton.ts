import { FEATURES } from '../scan/features.ts';
import { WIDE_FEATURES } from '../scan/wide-features.ts';
import { LOOKALIKES } from '../view/lookalikes.ts';

/** Code units of a name that are compared. */
const LONGEST = 128;

/**
 * What a name looks like: names that are drawn alike have the same skeleton (the idea of Unicode TR39). Letters of other alphabets become the ASCII
 * ones that they look like, characters that show nothing go, and so do case and separators.
 */
export function skeletonOf(name: string): string {
  return withoutDisguise(name)
    .toLowerCase()
    .replaceAll(/[\s._/-]+/gu, '');
}

/** As {@link skeletonOf}, with digits as the letters that they are taken for. */
export function looseSkeletonOf(name: string): string {
  return skeletonOf(name).replaceAll('0', 'o').replaceAll(/[1l|]/gu, 'i').replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** Whether a name is drawn like one of ASCII and is another: lookalikes beside ASCII letters, or characters that show nothing. */
export function isDisguised(name: string): boolean {
  const shown = name.slice(0, LONGEST);
  const hasHidden = Array.from({ length: shown.length }, (_, at) => shown.charCodeAt(at)).some(
    (unit) => ((WIDE_FEATURES[unit] ?? 0) & FEATURES.invisible) !== 0,
  );
  return hasHidden || (/[a-z]/iu.test(shown) && Array.from(shown).some((character) => LOOKALIKES.has(character)));
}

function withoutDisguise(name: string): string {
  let plain = '';
  for (const character of name.slice(0, LONGEST).normalize('NFKC')) {
    const features = WIDE_FEATURES[character.charCodeAt(0)] ?? 0;
    if ((features & FEATURES.invisible) === 0) plain += LOOKALIKES.get(character) ?? character;
  }
  return plain;
}

/** Whether one insertion, removal or replacement of a code unit turns one text into the other. */
export function isOneEditAway(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1 || short === long) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  return short.slice(short.length === long.length ? same + 1 : same) === long.slice(same + 1);
}
