import { countLiterals } from './read-pattern.ts';
import type { GlobRules } from './rules.ts';

/** Patterns of which most pass, plain ones first. */
export function sampleCandidates(rules: GlobRules): readonly string[] {
  const { prefixes, minPrefix, minLiterals, wildcards, syntax, maxLength } = rules;
  const heads = prefixes.length === 0 ? [''] : prefixes;
  const candidates: string[] = [];
  for (const head of heads.slice(0, 8)) {
    const base = head.padEnd(Math.max(minPrefix, head.length + minLiterals), 'a');
    const other = head.padEnd(Math.max(minPrefix, head.length + minLiterals), 'z');
    candidates.push(base, `${base}b`, other);
    const marks = syntax === 'glob' ? GLOB_MARKS : LIKE_MARKS;
    for (const [wildcard, mark] of marks) if (wildcards.has(wildcard)) candidates.push(base + mark);
    if (wildcards.has('**') && wildcards.has('*')) candidates.push(`${base}/**/*.md`);
    // where no prefix is needed, a wildcard may come first
    if (minPrefix === 0 && head === '' && wildcards.has('*')) candidates.push(`*.${'md'.padEnd(minLiterals, 'a')}`);
    candidates.push(base.padEnd(maxLength, 'a').slice(0, maxLength));
  }
  return candidates;
}

const GLOB_MARKS = [
  ['*', '*'],
  ['**', '/**'],
  ['?', '?'],
  ['[]', '[ab]'],
  ['{}', '{x,y}'],
] as const;
const LIKE_MARKS = [
  ['%', '%'],
  ['_', '_'],
] as const;

/** Patterns at and beyond each bound. */
export function probeCandidates(rules: GlobRules): readonly string[] {
  const { prefixes, minPrefix, minLiterals, maxWildcards, maxBranches, maxLength, syntax } = rules;
  const head = prefixes[0] ?? '';
  const base = head.padEnd(Math.max(minPrefix, head.length + minLiterals), 'a');
  const one = syntax === 'glob' ? '?' : '_';
  const many = syntax === 'glob' ? '*' : '%';
  const counted = (count: number): readonly string[] => [
    base + one.repeat(count),
    base + Array.from({ length: count }, () => `${many}b`).join(''),
    base + '[ab]'.repeat(count),
    base + '{x,y}'.repeat(count),
  ];
  const branches = (count: number): string =>
    `${base}{${Array.from({ length: count }, (_, index) => `b${index}`).join(',')}}`;
  const early = Math.max(0, minPrefix - 1);
  return [
    ...(maxLength <= 2048 ? [base.padEnd(maxLength + 1, 'a'), base.padEnd(maxLength, 'a')] : []),
    ...counted(maxWildcards),
    ...counted(maxWildcards + 1),
    branches(maxBranches),
    branches(maxBranches + 1),
    head.padEnd(early, 'a') + many + 'a'.repeat(minLiterals),
    head.padEnd(minPrefix, 'a') + many + 'a'.repeat(minLiterals),
    exact(head, minLiterals - 1, minPrefix),
    exact(head, minLiterals, minPrefix),
    exact(head, minLiterals - 1, minPrefix) + many,
    exact(head, minLiterals, minPrefix) + many,
    many,
    many + one,
    `${many}a`,
    'a',
    'outside/a',
    `${base}/../a`,
    base + one,
    `${base}[ab]`,
    `${base}{x,y}`,
    `${base}/**`,
    '**/*.md',
    '',
  ];
}

/** A text with so many letters and digits, if its head has not more, and of at least so many characters. */
function exact(head: string, literals: number, length: number): string {
  return (head + 'a'.repeat(Math.max(0, literals - countLiterals(head)))).padEnd(length, '-');
}
