import type { InspectedText } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { NameEnds } from './assignment.ts';
import { findAssigned, findInField } from './find-assignments.ts';
import { STRUCTURES, type FindStructure } from './find-structures.ts';
import { findAnchored, findAtRun } from './find-tokens.ts';
import { keyNameOf, NAME_KEYWORDS } from './key-name.ts';
import type { SecretMatch } from './secret-match.ts';
import type { TokenFormat } from './token-format.ts';
import { TOKEN_FORMATS } from './token-formats.ts';

/** What is looked for where a keyword stands. */
interface Keyword {
  readonly word: string;
  readonly formats: TokenFormat[];
  readonly structures: FindStructure[];
  isName: boolean;
}

const KEYWORDS: readonly Keyword[] = keywords();

function keywords(): readonly Keyword[] {
  const all = new Map<string, Keyword>();
  const of = (word: string): Keyword => {
    const known = all.get(word);
    if (known !== undefined) return known;
    const made: Keyword = { word, formats: [], structures: [], isName: false };
    all.set(word, made);
    return made;
  };
  for (const format of TOKEN_FORMATS) for (const anchor of format.anchors) of(anchor).formats.push(format);
  for (const { keywords: words, find } of STRUCTURES) for (const word of words) of(word).structures.push(find);
  for (const word of NAME_KEYWORDS) of(word).isName = true;
  return [...all.values()];
}

/** The keywords of everything that is looked for, in the order of their indexes. */
export const SECRET_KEYWORDS: readonly string[] = KEYWORDS.map(({ word }) => word);

/** Finds the secrets of a text, none within another, in the order of the text. */
export function secretsIn(inspected: InspectedText, fuel: Fuel): readonly SecretMatch[] {
  const { text, hits, longRuns, field, part } = inspected;
  const found: SecretMatch[] = [];
  const ends = new NameEnds(text);
  const report = (match: SecretMatch): void => {
    found.push(match);
  };
  for (const { keyword, start } of hits) {
    const { word, formats, structures, isName } = KEYWORDS[keyword] ?? NO_KEYWORD;
    for (const format of formats) findAnchored(format, text, start, report, fuel);
    for (const find of structures) find(text, start, report, fuel);
    if (isName) findAssigned(text, start, nameEnd(word, start), ends, report, fuel);
  }
  for (const run of longRuns) findAtRun(text, run, report, fuel);
  if (field !== undefined && part === 'value' && isSecretName(field)) findInField(field, text, report, fuel);
  return found.length < 2 ? found : outermost(found);
}

const NO_KEYWORD: Keyword = { word: '', formats: [], structures: [], isName: false };

/** A keyword may hold the sign of the assignment: the name ends before it. */
function nameEnd(word: string, start: number): number {
  return start + word.length - (/[=:"'\s]$/u.test(word) ? 1 : 0);
}

/** Whether the values of members with this name are looked at for their name alone. */
export function isSecretName(name: string): boolean {
  const { strength, services } = keyNameOf(name);
  return strength !== 'none' || services.length > 0;
}

/** Specific formats before generic ones where both see the same. */
function isGeneric({ rule }: SecretMatch): boolean {
  return rule.startsWith('secrets.generic-') || rule === 'secrets.password' || rule === 'secrets.bearer-token';
}

function outermost(matches: SecretMatch[]): readonly SecretMatch[] {
  const kept: SecretMatch[] = [];
  const ordered = matches.toSorted(
    (one, other) => one.start - other.start || other.end - one.end || Number(isGeneric(one)) - Number(isGeneric(other)),
  );
  for (const match of ordered) {
    const last = kept.at(-1);
    if (last === undefined || match.start >= last.end) kept.push(match);
    else if (match.end > last.end) kept.push(match);
    else if (isGeneric(last) && !isGeneric(match) && last.end - match.end < 2)
      kept[kept.length - 1] = { ...match, start: last.start, end: last.end };
  }
  return kept;
}
