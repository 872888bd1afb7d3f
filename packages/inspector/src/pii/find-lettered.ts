import { ibanLength } from './iban.ts';
import { LETTERED_IDS } from './lettered-ids.ts';
import { isCalled, type PiiMatch, type PiiText } from './pii-match.ts';

/** Longest IBAN, with a space after each four characters. */
const IBAN_REACH = 48;

/** Texts of letters and digits that may be the beginning of an IBAN, or a number of a person. */
const CANDIDATE =
  /(?<![\p{L}\p{N}_](?<!\\[nrt]))(?:[A-Z]{2} ?[0-9]{2}|[A-Z][ -]?[0-9]{7}|[A-Z]{4,6}[0-9]{2}|[0-9]{6}[-+A-Y]|[0-9]{7}[0-9A-Z-]|[0-9]{1,2}\.[0-9]{3}\.|[12] ?[0-9]{2} ?[0-9]{2} ?2[AB])/giu;

/** All of a number of a person, where it begins. */
const ID =
  /(?:[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]|[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]|[0-9]{7,8}-?[A-Z0-9]{1,2}|[XYZ]-?[0-9]{7}-?[A-Z]|[12] ?[0-9]{2} ?[0-9]{2} ?2[AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}|[A-Z][0-9]{7}[A-Z]|[A-Z]{4,6}[0-9]{2,6}[A-Z0-9]{1,12}|[0-9]{17}X)(?![\p{L}\p{N}_])/iuy;

/** Finds IBANs, and numbers of persons that have letters. */
export function findLettered(where: PiiText): void {
  const { text, fuel, report } = where;
  fuel.spend(Math.ceil(text.length / 2));
  for (let start = candidateFrom(text, 0); start !== -1;) {
    fuel.spend(16);
    const found = foundAt(where, start);
    if (found !== undefined) report(found);
    // A word before a number may look like its beginning: `is 12345678Z`.
    start = candidateFrom(text, found?.end ?? start + 1);
  }
}

/** Where the next candidate begins at or after `from`, -1 for none. */
function candidateFrom(text: string, from: number): number {
  CANDIDATE.lastIndex = from;
  return CANDIDATE.exec(text)?.index ?? -1;
}

function foundAt(where: PiiText, start: number): PiiMatch | undefined {
  const { text } = where;
  const length = ibanLength(text.slice(start, start + IBAN_REACH));
  if (length > 0) return { category: 'iban', start, end: start + length, reason: 'IBAN whose check digits hold' };
  ID.lastIndex = start;
  const candidate = ID.exec(text)?.[0];
  const name = candidate === undefined ? undefined : nameOf(where, start, candidate);
  if (candidate === undefined || name === undefined) return undefined;
  return { category: 'national-id', start, end: start + candidate.length, reason: `${name}, whose rules hold` };
}

function nameOf(where: PiiText, start: number, candidate: string): string | undefined {
  const compact = candidate.toUpperCase().replaceAll(/[ .]/gu, '');
  // Only the Chilean and the Finnish number have a sign within.
  const bare = compact.replaceAll('-', '');
  return LETTERED_IDS.find(
    ({ form, isValid, words }) =>
      ((form.test(compact) && isValid(compact)) || (form.test(bare) && isValid(bare))) &&
      (words === undefined || isCalled(words, where, start)),
  )?.name;
}
