import type { Fuel } from '../fuel.ts';

/** A value that is assigned to a name, in any of the ways in which configuration, code and shells do. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** UTF-16 code units into the text, of the value without quotes. */
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
  /** Name and value are arguments of a call: `set('token', '…')`, or of anything else. */
  readonly isArgument: boolean;
}

/** How much of a name before a keyword belongs to it. */
const MAX_NAME_BEFORE = 40;
/** How long a value may be. */
const MAX_VALUE = 256;

const NAME_PART = /[\w.$-]/u;

/** The rest of the name, what closes it, what may stand between (a type), and the sign of an assignment. */
const SIGN = new RegExp(
  String.raw`[\w.$-]{0,40}(?:[ \t][\w.-]{1,20}){0,2}` +
    // closing quotes and brackets, escaped or not
    String.raw`(?:\\{0,3}["'\x60]|\]|\)){0,4}` +
    String.raw`[ \t]{0,8}` +
    String.raw`(?:` +
    // name="x" value="y", name: x⏎ value: y, and {"name":"x","value":"y"} with up to three short members between
    String.raw`(?:,\s{0,16}|\s{1,16})(?:\\{0,3}"\w{1,24}\\{0,3}":[ \t]?(?:\\{0,3}"[^"\\\n]{0,40}\\{0,3}"|[\w.]{1,16}),\s{0,16}){0,3}` +
    String.raw`\\{0,3}["']?[Vv]al(?:ue)?\\{0,3}["']?[ \t]{0,4}[:=]` +
    // a type between: token: string = "…"
    String.raw`|:[ \t]?[A-Za-z][\w.<>\[\]|& ]{0,24}[ \t]=(?![=>])` +
    String.raw`|={1,3}>?|:{1,3}=?|[?.+]=|\|\||->|>|\bis:?(?=[ \t])` +
    // arguments of a call: set("token", "…")
    String.raw`|,(?=\s{0,4}\\?["'\x60])|\((?=\\?["'\x60])` +
    String.raw`)[ \t]{0,16}(?:\r?\n[ \t]{0,16})?`,
  'uy',
);

const OPENING = /(?:[rbfu@$]{0,2})(?<quote>\\{0,3}["'`])/uy;
const BARE = /[^\s"'`,;<>]{1,256}/uy;

/** Code units that begin a sign of assignment, or close what stands before one. */
const SIGN_STARTS: ReadonlySet<number> = new Set(
  '"\'`\\])=:?.+|->,(\n\r'.split('').map((character) => character.charCodeAt(0)),
);

/** How far from a keyword its sign may stand. */
const MAX_REACH = 96;

/** Where names end, found once for all keywords before it: text that is nothing but keywords is read once. */
export class NameEnds {
  readonly #text: string;
  #from = 0;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether a sign of assignment may follow the name, or the few words, that holds a keyword. */
  maySignFollow(end: number, fuel: Fuel): boolean {
    if (end < this.#from || end > this.#end) this.#read(end, fuel);
    if (this.#end - end > MAX_REACH) return false;
    if (SIGN_STARTS.has(this.#text.charCodeAt(this.#end))) return true;
    return this.#text.startsWith('is ', end + 1) || this.#text.startsWith('value', end + 1);
  }

  #read(from: number, fuel: Fuel): void {
    const text = this.#text;
    let end = from;
    while (end < text.length && isNameOrSpace(text.charCodeAt(end))) end += 1;
    fuel.spend(end - from);
    this.#from = from;
    this.#end = end;
  }
}

function isNameOrSpace(unit: number): boolean {
  const lower = unit | 32;
  return (
    (lower >= 0x61 && lower <= 0x7a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f ||
    unit === 0x20 ||
    unit === 0x24 ||
    unit === 0x09
  );
}

/** What trying the pattern of a sign costs, in fuel. */
const SIGN_COST = 96;

/**
 * The assignment to the name that holds a keyword; undefined when there is none.
 *
 * @param start where the keyword begins
 * @param end where it ends
 */
export function assignmentAt(text: string, start: number, end: number, fuel: Fuel): Assignment | undefined {
  SIGN.lastIndex = end;
  const sign = SIGN.exec(text)?.[0];
  fuel.spend(SIGN_COST + (sign?.length ?? 0));
  if (sign === undefined) return undefined;
  let from = start;
  while (from > 0 && start - from < MAX_NAME_BEFORE && NAME_PART.test(text.charAt(from - 1))) from -= 1;
  fuel.spend(start - from);
  const name = text.slice(from, end) + (/^[\w.$-]*(?:[ \t][\w.-]+)*?(?=$|[^\w.$-])/u.exec(sign)?.[0] ?? '');
  const valueStart = end + sign.length;
  const value = quotedAt(text, valueStart) ?? bareAt(text, valueStart);
  if (value === undefined) return undefined;
  // It is judged by a dozen patterns.
  fuel.spend((value.end - valueStart) * 8);
  return { name, value: text.slice(value.start, value.end), isArgument: /,\s*$/u.test(sign), ...value };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function quotedAt(text: string, at: number): Range | undefined {
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  const quote = opening?.groups?.['quote'];
  if (opening === null || quote === undefined) return undefined;
  const start = at + opening[0].length;
  const limit = Math.min(text.length, start + MAX_VALUE);
  for (let end = start; end < limit; end += 1) {
    if (text.startsWith(quote, end)) return end > start ? { start, end, isQuoted: true } : undefined;
    const unit = text.charAt(end);
    if (unit === '\n') break;
    if (unit === '\\' && quote.length === 1) end += 1;
  }
  return bareAt(text, start);
}

function bareAt(text: string, at: number): Range | undefined {
  BARE.lastIndex = at;
  const value = BARE.exec(text)?.[0];
  if (value === undefined) return undefined;
  // In a text within a text `\n` ends a line; in a query `&` ends a value.
  const cut = /\\[nrt"']|&(?=\w{1,32}=)|(?<=^[A-Za-z_.-]{1,32})=(?=.)/u.exec(value)?.index ?? value.length;
  const kept = value.slice(0, cut).replace(/[)\]}\\.:!?]{1,8}$/u, '');
  return kept === '' ? undefined : { start: at, end: at + kept.length, isQuoted: false };
}
