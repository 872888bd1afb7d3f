import { isCard } from './cards.ts';
import { digitsOf } from './digits.ts';
import { isPublicIpv4 } from './ip-address.ts';
import { NUMERIC_IDS } from './numeric-ids.ts';
import type { NationalId } from './national-id.ts';
import { isPhone } from './phone.ts';
import { isCalled, type PiiCategory, type PiiText } from './pii-match.ts';

/** Groups of digits with what separates numbers within themselves. `\n` in a text within a text is a line break and no letter. */
const RUN =
  /(?=[0-9+(])(?<![\p{L}\p{N}_](?<!\\[nrt]))(?<lead>\+ ?|\(\+?)?[0-9]+(?:(?:[ ./-]|[ -]?\(|\)[ -]?)[0-9]+)*/gu;
const GROUP = /[0-9]+/gu;

/** More groups than any number has. */
const MAX_GROUPS = 8;
/** Fewest and most digits of what is looked for. */
const LEAST = 6;
const MOST = 19;

interface Group {
  readonly start: number;
  readonly end: number;
}

const BY_SHAPE: ReadonlyMap<string, readonly (readonly [id: NationalId, isPlain: boolean])[]> = byShape();

function byShape(): ReadonlyMap<string, readonly (readonly [NationalId, boolean])[]> {
  const map = new Map<string, (readonly [NationalId, boolean])[]>();
  const add = (shape: string, id: NationalId, isPlain: boolean): void => {
    map.set(shape, [...(map.get(shape) ?? []), [id, isPlain]]);
  };
  for (const id of NUMERIC_IDS) {
    for (const shape of id.shapes) add(shape, id, false);
    for (const shape of id.plainShapes ?? []) add(shape, id, true);
  }
  return map;
}

/** Finds cards, numbers of persons, IPv4 addresses and telephone numbers. */
export function findNumbers(where: PiiText): void {
  const { text, fuel } = where;
  fuel.spend(Math.ceil(text.length / 2));
  for (const match of text.matchAll(RUN)) {
    if (match[0].length < LEAST) continue;
    readRun(where, match.index, match[0], match.groups?.['lead']?.length ?? 0);
  }
}

function readRun(where: PiiText, start: number, run: string, lead: number): void {
  const groups: Group[] = Array.from(run.matchAll(GROUP), ({ 0: digits, index }) => ({
    start: start + index,
    end: start + index + digits.length,
  }));
  let first = 0;
  while (first < groups.length) {
    const last = longestFrom(where, groups, first, first === 0 ? lead : 0);
    // Within a number that is none, another may begin after a space only.
    first = last === undefined ? nextStart(where.text, groups, first) : last + 1;
  }
}

function nextStart(text: string, groups: readonly Group[], first: number): number {
  let next = first + 1;
  while (next < groups.length && !/[ (]/u.test(text.charAt((groups[next]?.start ?? 0) - 1))) next += 1;
  return next;
}

/** Reports the longest number that begins with a group. @returns its last group; undefined when there is none */
function longestFrom(where: PiiText, groups: readonly Group[], first: number, lead: number): number | undefined {
  const { text, fuel, report } = where;
  const from = groups[first]?.start ?? 0;
  const most = Math.min(groups.length, first + MAX_GROUPS) - 1;
  let digits = 0;
  for (let index = first; index <= most; index += 1) digits += lengthOf(groups[index]);
  for (let last = most; last >= first; digits -= lengthOf(groups[last]), last -= 1) {
    const end = groups[last]?.end ?? 0;
    fuel.spend(2);
    if (digits > MOST || end - from < LEAST || end - from > MOST + MAX_GROUPS || !isEnd(text, end)) continue;
    const isWhole = last === groups.length - 1;
    if (!isWhole && text.charAt(end) !== ' ') continue;
    // Of the middle of a table of numbers only cards are looked for.
    if (first > 0 && !isWhole && digits < 13) continue;
    const shape = shapeOf(text, groups, first, last);
    // Three of four groups are no number of a person with three; a card may stand beside its month.
    const isPart = shape.includes(' ') && (!isWhole || first > 0);
    const found = categoryOf(where, from, end, lead, isPart ? undefined : shape);
    if (found === undefined) continue;
    const start = found.category === 'phone' ? from - lead : from;
    report({ category: found.category, start, end, reason: found.reason });
    return last;
  }
  return undefined;
}

function lengthOf(group: Group | undefined): number {
  return group === undefined ? 0 : group.end - group.start;
}

/** Letters right after make it something else; a full stop may end a sentence. */
function isEnd(text: string, end: number): boolean {
  return !/[\p{L}\p{N}_]/u.test(text.charAt(end));
}

function shapeOf(text: string, groups: readonly Group[], first: number, last: number): string {
  let shape = '';
  for (let index = first; index <= last; index += 1) {
    const { start, end } = groups[index] ?? { start: 0, end: 0 };
    shape += `${index === first ? '' : text.slice(groups[index - 1]?.end ?? start, start)}${end - start}`;
  }
  return shape;
}

function categoryOf(
  where: PiiText,
  from: number,
  end: number,
  lead: number,
  shape: string | undefined,
): { readonly category: PiiCategory; readonly reason: string } | undefined {
  const { text, fuel } = where;
  const candidate = text.slice(from, end);
  const digits = digitsOf(candidate);
  fuel.spend(16 + digits.length);
  if (lead === 0) {
    const isPlain = text.charAt(from - 1) === '.' || text.charAt(from - 1) === '-';
    // Before cards: a date of birth and a check digit, or a word that says so, are more than a check digit.
    const id = isPlain || shape === undefined ? undefined : nationalId(where, from, digits, shape);
    if (id !== undefined) return { category: 'national-id', reason: `${id.name}, whose rules hold` };
    if (!isPlain && digits.length >= 13 && isCard(candidate))
      return { category: 'card', reason: 'payment card number whose check digit holds' };
    if (candidate.includes('.') && isPublicIpv4(candidate, where, from))
      return { category: 'ip-address', reason: 'public IPv4 address' };
  }
  return isPhone(text.slice(from - lead, end).replaceAll(' (', '('), where, from - lead)
    ? { category: 'phone', reason: 'telephone number' }
    : undefined;
}

function nationalId(where: PiiText, from: number, digits: string, shape: string): NationalId | undefined {
  const found = BY_SHAPE.get(shape)?.find(
    ([{ isValid, words }, isPlain]) =>
      isValid(digits) && (!isPlain || (words !== undefined && isCalled(words, where, from))),
  );
  return found?.[0];
}
