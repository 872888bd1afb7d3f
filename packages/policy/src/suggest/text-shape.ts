/** A run of characters of one class, or one character of punctuation. */
interface Run {
  readonly sort: 'lower' | 'upper' | 'digit' | 'sign';
  /** The text that it always is, where it is always the same. */
  readonly text: string | undefined;
  readonly least: number;
  readonly most: number;
}

const MAX_RUNS = 12;
const MAX_LENGTH = 128;
const CLASSES = { lower: '[a-z]', upper: '[A-Z]', digit: '[0-9]' } as const;

/**
 * What texts have in common: their runs of letters, digits and signs in order, or at least the characters that occur.
 * Of ASCII texts without spaces, at most 128 characters long.
 */
export class TextShape {
  #runs: readonly Run[] | undefined;
  #isShaped = true;
  #isPlain = true;
  #hasLower = false;
  #hasUpper = false;
  #hasDigit = false;
  readonly #signs = new Set<string>();
  #isFirst = true;

  see(text: string): void {
    if (!this.#isPlain) return;
    if (text.length > MAX_LENGTH || !/^[!-~]*$/u.test(text)) {
      this.#isPlain = false;
      return;
    }
    this.#hasLower ||= /[a-z]/u.test(text);
    this.#hasUpper ||= /[A-Z]/u.test(text);
    this.#hasDigit ||= /[0-9]/u.test(text);
    for (const sign of text.match(/[^A-Za-z0-9]/gu) ?? []) this.#signs.add(sign);
    if (!this.#isShaped) return;
    const runs = runsOf(text);
    this.#runs = this.#isFirst ? runs : joined(this.#runs, runs);
    this.#isShaped = this.#runs !== undefined;
    this.#isFirst = false;
  }

  /**
   * A pattern that all texts match; undefined where they are not of that sort.
   *
   * @param showsWords whether letters that are always the same may be shown
   */
  pattern([least, most]: readonly [number, number], showsWords: boolean): string | undefined {
    if (!this.#isPlain) return undefined;
    if (this.#runs !== undefined && this.#runs.length > 0) {
      return `^${this.#runs.map((run) => patternOf(run, showsWords)).join('')}$`;
    }
    const signs = [...this.#signs].toSorted().map(inClass).join('');
    const members = `${this.#hasLower ? 'a-z' : ''}${this.#hasUpper ? 'A-Z' : ''}${this.#hasDigit ? '0-9' : ''}${signs}`;
    return members === '' ? undefined : `^[${members}]${repeat(least, most)}$`;
  }
}

function runsOf(text: string): readonly Run[] | undefined {
  const parts = text.match(/[a-z]+|[A-Z]+|[0-9]+|[^A-Za-z0-9]/gu) ?? [];
  if (parts.length === 0 || parts.length > MAX_RUNS) return undefined;
  return parts.map((part) => ({ sort: sortOf(part), text: part, least: part.length, most: part.length }));
}

function sortOf(part: string): Run['sort'] {
  if (/^[a-z]/u.test(part)) return 'lower';
  if (/^[A-Z]/u.test(part)) return 'upper';
  return /^[0-9]/u.test(part) ? 'digit' : 'sign';
}

function joined(left: readonly Run[] | undefined, right: readonly Run[] | undefined): readonly Run[] | undefined {
  if (left === undefined || right === undefined || left.length !== right.length) return undefined;
  const runs: Run[] = [];
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined || one.sort !== other.sort) return undefined;
    const text = one.text === other.text ? one.text : undefined;
    if (one.sort === 'sign' && text === undefined) return undefined;
    runs.push({ sort: one.sort, text, least: Math.min(one.least, other.least), most: Math.max(one.most, other.most) });
  }
  return runs;
}

function patternOf({ sort, text, least, most }: Run, showsWords: boolean): string {
  if (sort === 'sign') return escaped(text ?? '');
  if (showsWords && sort !== 'digit' && text !== undefined && text.length <= 16) return text;
  return `${CLASSES[sort]}${repeat(least, most)}`;
}

function repeat(least: number, most: number): string {
  if (least === most) return least === 1 ? '' : `{${least}}`;
  return `{${least},${most}}`;
}

function escaped(sign: string): string {
  return /[\\^$.*+?()[\]{}|]/u.test(sign) ? `\\${sign}` : sign;
}

function inClass(sign: string): string {
  return /[\\^\]\-[]/u.test(sign) ? `\\${sign}` : sign;
}
