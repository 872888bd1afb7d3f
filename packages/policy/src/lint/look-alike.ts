/** Scripts whose letters are mistaken for each other's. */
const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
];

/** Why a name is not what it seems to be, as a predicate; undefined for an honest one. */
export function lookAlikeReason(name: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|[^\S ]|\p{Default_Ignorable_Code_Point}/u.test(name)) {
    return 'has invisible characters';
  }
  if (name.normalize('NFKC') !== name) return 'has characters that look like plain ones';
  const scripts = SCRIPTS.filter(([, letters]) => letters.test(name)).map(([script]) => script);
  return scripts.length > 1 ? `mixes ${scripts.join(' and ')} letters` : undefined;
}

/** Letters and digits that fonts draw alike, as the one that stands for them. */
const ALIKE: ReadonlyMap<string, string> = new Map(
  (
    [
      ['l', '1I|іӏіⅼι'],
      ['o', '0OоοоՕօ'],
      ['a', 'аα'],
      ['c', 'сϲ'],
      ['e', 'е'],
      ['i', 'ı'],
      ['j', 'јϳ'],
      ['h', 'һ'],
      ['k', 'кκ'],
      ['n', 'п'],
      ['p', 'рρ'],
      ['s', 'ѕ'],
      ['u', 'υ'],
      ['v', 'ν'],
      ['x', 'хχ'],
      ['y', 'уγ'],
      ['-', '_‐‑–—−'],
    ] as const
  ).flatMap(([plain, others]) => Array.from(others, (other) => [other, plain] as const)),
);

/** What a name looks like: equal for names that are easily taken for each other. Upper case stays apart. */
export function skeletonOf(name: string): string {
  return Array.from(name.normalize('NFKC'), (character) => ALIKE.get(character) ?? character)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}
