import { RECORD_VERSION } from '../records.ts';
import { EFFECTS } from './record-words.ts';

/** Why a line is not a canonical record at first sight. */
export type ScanFault = 'malformed' | 'not-canonical' | 'version' | 'schema';

/** The kinds of record, with how many members each one's line has at least; those that may be absent come on top. */
export const KINDS = [
  { kind: 'decision', members: 32 },
  { kind: 'outcome', members: 13 },
  { kind: 'definition', members: 11 },
  { kind: 'anomaly', members: 10 },
  { kind: 'lifecycle', members: 8 },
  { kind: 'gap', members: 8 },
] as const;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const DIGEST_BYTES = 71;

/**
 * Reads the top-level members that verification needs straight from a line's bytes, in one pass.
 *
 * It follows strings and nesting, so no nested text can pose as a member, and requires what canonical form shows at this
 * level: no white space, names in ascending order and therefore none twice. It does not look into nested values; the
 * deep check parses. One scanner is used for line after line: its fields describe the last line scanned.
 */
export class RecordScanner {
  seq = -1;
  kind: (typeof KINDS)[number]['kind'] = 'gap';
  effect: (typeof EFFECTS)[number] | null = null;
  isRequest = false;
  /** Dropped records that a gap record stands for. */
  count = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #prev = NOWHERE;
  #ledger = NOWHERE;
  #request = NOWHERE;
  #method = NOWHERE;
  #target = NOWHERE;
  #code = NOWHERE;
  /** The same few strings come again and again; a comparison is cheaper than making one more. */
  #lastMethod = '';
  #lastTarget = '';
  #members = 0;
  #hasSeq = false;
  #hasKind = false;
  #version = 0;
  #nameStart = 0;
  #nameEnd = 0;

  get ledger(): string {
    return this.#text(this.#ledger) ?? '';
  }

  get request(): string {
    return this.#text(this.#request) ?? '';
  }

  get method(): string {
    if (!this.#is(this.#method, this.#lastMethod)) this.#lastMethod = this.#text(this.#method) ?? '';
    return this.#lastMethod;
  }

  get target(): string | null {
    if (this.#bytes[this.#target.start] !== QUOTE) return null;
    if (!this.#is(this.#target, this.#lastTarget)) this.#lastTarget = this.#text(this.#target) ?? '';
    return this.#lastTarget;
  }

  get code(): string | null {
    return this.#text(this.#code);
  }

  /** The `prev` member as it stands, null for JSON's null. */
  get prev(): string | null {
    return this.#text(this.#prev);
  }

  /** Whether `prev` is this digest; without allocating. */
  hasPrev(digest: string | null): boolean {
    const { start, end } = this.#prev;
    if (digest === null) return isText(this.#bytes, start, end, 'null');
    return isText(this.#bytes, start + 1, end - 1, digest);
  }

  hasLedger(ledger: string): boolean {
    const { start, end } = this.#ledger;
    // ids are short and mostly plain; where they are not, the slow way decides
    return isText(this.#bytes, start + 1, end - 1, ledger) || this.ledger === ledger;
  }

  /** Reads the line `bytes[start, end)`; undefined when nothing is wrong at this level. */
  scan(bytes: Uint8Array, start: number, end: number): ScanFault | undefined {
    this.#reset(bytes);
    if (end - start < 2 || bytes[start] !== OPEN_BRACE) return 'malformed';
    let at = start + 1;
    for (;;) {
      const nameEnd = this.#scanName(at, end);
      if (nameEnd < 0) return nameEnd === OUT_OF_ORDER ? 'not-canonical' : 'malformed';
      const valueStart = nameEnd + 2;
      const valueEnd = skipValue(bytes, valueStart, end);
      if (valueEnd < 0) return valueEnd === WHITE_SPACE ? 'not-canonical' : 'malformed';
      if (!this.#member(at + 1, nameEnd, valueStart, valueEnd)) return 'schema';
      this.#members += 1;
      if (bytes[valueEnd] === CLOSE_BRACE) return valueEnd + 1 === end ? this.#judge() : 'malformed';
      if (bytes[valueEnd] !== COMMA) return 'malformed';
      at = valueEnd + 1;
    }
  }

  #reset(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.seq = -1;
    this.effect = null;
    this.isRequest = false;
    this.count = 0;
    this.#prev = NOWHERE;
    this.#ledger = NOWHERE;
    this.#request = NOWHERE;
    this.#method = NOWHERE;
    this.#target = NOWHERE;
    this.#code = NOWHERE;
    this.#members = 0;
    this.#hasSeq = false;
    this.#hasKind = false;
    this.#version = 0;
    this.#nameStart = 0;
    this.#nameEnd = 0;
  }

  /** The place of the closing quote of the name at `at`, where a colon follows and the name sorts after the last one. */
  #scanName(at: number, end: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return MALFORMED;
    const close = skipString(bytes, at, end) - 1;
    if (close < 0 || close + 1 >= end || bytes[close + 1] !== COLON) return MALFORMED;
    if (this.#nameEnd > 0 && !isBefore(bytes, this.#nameStart, this.#nameEnd, at + 1, close)) return OUT_OF_ORDER;
    this.#nameStart = at + 1;
    this.#nameEnd = close;
    return close;
  }

  /** Takes note of one member; false where its value cannot be what it has to be. */
  #member(nameStart: number, nameEnd: number, start: number, end: number): boolean {
    const bytes = this.#bytes;
    switch (nameEnd - nameStart) {
      case 1:
        if (bytes[nameStart] === 0x76) this.#version = integerAt(bytes, start, end); // v
        return true;
      case 3:
        return isText(bytes, nameStart, nameEnd, 'seq') ? this.#takeSeq(start, end) : true;
      case 4:
        return this.#fourLetters(nameStart, start, end);
      case 5:
        if (isText(bytes, nameStart, nameEnd, 'count')) this.count = Math.max(0, integerAt(bytes, start, end));
        return true;
      case 6:
        return this.#sixLetters(nameStart, start, end);
      case 7:
        if (isText(bytes, nameStart, nameEnd, 'request')) this.#request = { start, end };
        else if (isText(bytes, nameStart, nameEnd, 'message')) this.isRequest = isText(bytes, start, end, '"request"');
        return true;
      default:
        return true;
    }
  }

  #takeSeq(start: number, end: number): boolean {
    this.seq = integerAt(this.#bytes, start, end);
    this.#hasSeq = this.seq >= 0;
    return this.#hasSeq;
  }

  #fourLetters(name: number, start: number, end: number): boolean {
    const bytes = this.#bytes;
    if (isText(bytes, name, name + 4, 'prev')) {
      this.#prev = { start, end };
      return isText(bytes, start, end, 'null') || (bytes[start] === QUOTE && end - start === DIGEST_BYTES + 2);
    }
    if (isText(bytes, name, name + 4, 'code')) this.#code = { start, end };
    if (!isText(bytes, name, name + 4, 'kind')) return true;
    const found = KINDS.find(({ kind }) => isText(bytes, start + 1, end - 1, kind));
    if (found === undefined || bytes[start] !== QUOTE) return false;
    this.kind = found.kind;
    this.#hasKind = true;
    return true;
  }

  #sixLetters(name: number, start: number, end: number): boolean {
    const bytes = this.#bytes;
    if (isText(bytes, name, name + 6, 'ledger')) {
      this.#ledger = { start, end };
      return bytes[start] === QUOTE;
    }
    if (isText(bytes, name, name + 6, 'method')) this.#method = { start, end };
    else if (isText(bytes, name, name + 6, 'target')) this.#target = { start, end };
    else if (isText(bytes, name, name + 6, 'effect')) {
      this.effect = EFFECTS.find((effect) => isText(bytes, start + 1, end - 1, effect)) ?? null;
      return this.effect !== null;
    }
    return true;
  }

  #judge(): ScanFault | undefined {
    if (this.#version !== RECORD_VERSION) return 'version';
    if (!this.#hasSeq || !this.#hasKind || this.#prev === NOWHERE || this.#ledger === NOWHERE) return 'schema';
    return KINDS.some(({ kind, members }) => kind === this.kind && members <= this.#members) ? undefined : 'schema';
  }

  /** Whether a string's bytes are this ASCII text. */
  #is({ start, end }: Place, text: string): boolean {
    return text !== '' && isText(this.#bytes, start + 1, end - 1, text);
  }

  #text({ start, end }: Place): string | null {
    if (this.#bytes[start] !== QUOTE) return null;
    for (let at = start + 1; at < end - 1; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte >= 0x80 || byte === BACKSLASH) return decodedText(this.#bytes.subarray(start, end));
    }
    if (end - start > 512) return decodedText(this.#bytes.subarray(start, end));
    // Spreading a typed array is four times slower (measured).
    return String.fromCharCode.apply(null, this.#bytes.subarray(start + 1, end - 1) as unknown as number[]);
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

const NOWHERE: Place = { start: 0, end: 0 };
const MALFORMED = -1;
const OUT_OF_ORDER = -2;
const WHITE_SPACE = -3;

function decodedText(bytes: Uint8Array): string | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'string' ? value : null;
  } catch {
    return null; // not a JSON string after all: as good as absent, and the deep check says why
  }
}

/** The place after the value that begins at `at`, or a negative fault. */
function skipValue(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (at >= end) return MALFORMED;
  if (first === QUOTE) return skipString(bytes, at, end);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(bytes, at, end);
  let place = at;
  while (place < end) {
    const byte = bytes[place] ?? 0;
    if (byte === COMMA || byte === CLOSE_BRACE) break;
    if (byte <= 0x20) return WHITE_SPACE;
    place += 1;
  }
  return place === at ? MALFORMED : place;
}

function skipString(bytes: Uint8Array, at: number, end: number): number {
  let place = at + 1;
  while (place < end) {
    const byte = bytes[place] ?? 0;
    if (byte > QUOTE && byte !== BACKSLASH) {
      place += 1; // nearly every byte: two comparisons
      continue;
    }
    if (byte === QUOTE) return place + 1;
    if (byte < 0x20) return MALFORMED;
    place += byte === BACKSLASH ? 2 : 1;
  }
  return MALFORMED;
}

function skipContainer(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let place = at;
  while (place < end) {
    const byte = bytes[place] ?? 0;
    if (byte === QUOTE) {
      place = skipString(bytes, place, end);
      if (place < 0) return place;
      continue;
    }
    if (byte <= 0x20) return WHITE_SPACE;
    place += 1;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return place;
    }
  }
  return MALFORMED;
}

/** Whether `bytes[start, end)` is this ASCII text. */
function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Whether one name's bytes sort before another's: the same order as RFC 8785's for the ASCII names of records. */
function isBefore(bytes: Uint8Array, startA: number, endA: number, startB: number, endB: number): boolean {
  const length = Math.min(endA - startA, endB - startB);
  for (let index = 0; index < length; index += 1) {
    const difference = (bytes[startA + index] ?? 0) - (bytes[startB + index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return endA - startA < endB - startB;
}

/** The non-negative safe integer written canonically at a place, or -1. */
function integerAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0 || length > 16 || (bytes[start] === 0x30 && length > 1)) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const figure = (bytes[at] ?? 0) - 0x30;
    if (figure < 0 || figure > 9) return -1;
    value = value * 10 + figure;
  }
  return Number.isSafeInteger(value) ? value : -1;
}
