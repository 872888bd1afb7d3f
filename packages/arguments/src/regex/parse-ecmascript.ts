import { complementOf, EVERYTHING, setOf, unionOf, type CharacterSet } from './character-set.ts';
import { PatternError, type PatternNode } from './pattern.ts';

type Ranges = readonly (readonly [number, number])[];

const MAX_DEPTH = 64;
const MAX_REPEAT = 1000;

/**
 * Parses the part of ECMAScript patterns that means the same with and without the flags `u` and `v`: characters, escapes, classes,
 * groups, alternatives, quantifiers, `^`, `$`, `\b`, `\B`. No lookaround, backreference or inline flag.
 *
 * @throws {PatternError} for anything else
 */
export function parseEcmascript(pattern: string): PatternNode {
  const parser = new Parser(pattern);
  return parser.parse();
}

const DIGITS: Ranges = [[0x30, 0x39]];
const WORD: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
// ECMAScript WhiteSpace and LineTerminator
const SPACE: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const CONTROLS: Readonly<Record<string, number>> = { f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b };

/** One member of a class, or one escape: ranges as written, or a set that has none. */
type Member = { readonly ranges: Ranges } | { readonly set: CharacterSet };

class Parser {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PatternNode {
    const node = this.#parseChoice();
    if (this.#position < this.#text.length) throw new PatternError('a closing parenthesis too many', false);
    return node;
  }

  #parseChoice(): PatternNode {
    const options = [this.#parseSequence()];
    while (this.#take('|')) options.push(this.#parseSequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { type: 'choice', options };
  }

  #parseSequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.#position < this.#text.length && !/[|)]/u.test(this.#peek())) items.push(this.#parseTerm());
    return items.length === 1 && items[0] !== undefined ? items[0] : { type: 'sequence', items };
  }

  #parseTerm(): PatternNode {
    if (this.#take('^')) return { type: 'assertion', isStart: true, isEnd: false };
    if (this.#take('$')) return { type: 'assertion', isStart: false, isEnd: true };
    if (this.#take('\\b') || this.#take('\\B')) return { type: 'assertion', isStart: false, isEnd: false };
    const item = this.#parseAtom();
    const bounds = this.#parseQuantifier();
    if (bounds === undefined) return item;
    if (/^[*+?{]/u.test(this.#peek())) throw new PatternError('a quantifier on a quantifier', false);
    return { type: 'repeat', item, ...bounds };
  }

  #parseQuantifier(): { readonly least: number; readonly most: number } | undefined {
    const found = /^(?:(?<sign>[*+?])|\{(?<least>\d{1,4})(?<comma>,(?<most>\d{1,4})?)?\})\??/u.exec(
      this.#text.slice(this.#position, this.#position + 16),
    );
    if (found === null) return undefined;
    this.#position += found[0].length;
    const { sign, least, comma, most } = found.groups ?? {};
    if (sign !== undefined) return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    const low = Number(least);
    const high = comma === undefined ? low : most === undefined ? Number.POSITIVE_INFINITY : Number(most);
    if (low > high || low > MAX_REPEAT || (high > MAX_REPEAT && high !== Number.POSITIVE_INFINITY)) {
      throw new PatternError('a repetition out of bounds', false);
    }
    return { least: low, most: high };
  }

  #parseAtom(): PatternNode {
    const next = this.#peek();
    switch (next) {
      case '(':
        return this.#parseGroup();
      case '[':
        return { type: 'characters', set: this.#parseClass() };
      case '.':
        this.#position += 1;
        // with the flag `s` it is everything
        return { type: 'characters', set: EVERYTHING };
      case '\\': {
        const member = this.#parseEscape();
        return { type: 'characters', set: 'set' in member ? member.set : setOf(member.ranges) };
      }
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new PatternError('a quantifier or bracket in the wrong place', false);
      default: {
        const code = this.#takeCodePoint();
        return { type: 'characters', set: setOf([[code, code]]) };
      }
    }
  }

  #parseGroup(): PatternNode {
    const head =
      /^\((?:\?(?::|<[A-Za-z_]\w{0,63}>))?/u.exec(this.#text.slice(this.#position, this.#position + 70))?.[0] ?? '(';
    if (head === '(' && this.#text[this.#position + 1] === '?') {
      throw new PatternError('a lookaround or another special group', true);
    }
    this.#position += head.length;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new PatternError('groups nested too deep', false);
    const node = this.#parseChoice();
    if (!this.#take(')')) throw new PatternError('a parenthesis that is not closed', false);
    this.#depth -= 1;
    return node;
  }

  #parseEscape(): Member {
    this.#position += 1;
    const next = this.#peek();
    this.#position += 1;
    switch (next) {
      case 'd':
        return { ranges: DIGITS };
      case 'D':
        return { set: complementOf(DIGITS) };
      case 'w':
        return { ranges: WORD };
      case 'W':
        return { set: complementOf(WORD) };
      case 's':
        return { ranges: SPACE };
      case 'S':
        return { set: complementOf(SPACE) };
      default:
        return this.#parseCharacterEscape(next);
    }
  }

  #parseCharacterEscape(next: string): Member {
    const control = CONTROLS[next];
    if (control !== undefined) return { ranges: [[control, control]] };
    if (/[\^$\\.*+?()[\]{}|/]/u.test(next)) return one(next.charCodeAt(0));
    if (next === 'x' || next === 'u') return this.#parseHex(next === 'x' ? 2 : 4);
    throw next === '' || !/[1-9kpP]/u.test(next)
      ? new PatternError('an escape that is not known', false)
      : new PatternError('a backreference or a Unicode property', true);
  }

  #parseHex(digits: number): Member {
    const text = this.#text.slice(this.#position, this.#position + digits);
    if (!new RegExp(`^[\\dA-Fa-f]{${digits}}$`, 'u').test(text))
      throw new PatternError('an escape that is not known', false);
    this.#position += digits;
    const code = Number.parseInt(text, 16);
    // halves of pairs are read differently with and without `u`
    if (code >= 0xd800 && code <= 0xdfff) throw new PatternError('an escape for half a character', false);
    return one(code);
  }

  #parseClass(): CharacterSet {
    this.#position += 1;
    const isNegated = this.#take('^');
    const members: Member[] = [];
    while (!this.#take(']')) {
      if (this.#position >= this.#text.length) throw new PatternError('a class that is not closed', false);
      members.push(this.#parseRange());
    }
    if (members.length === 0) throw new PatternError('an empty class', false);
    const ranges = members.flatMap((member) => ('ranges' in member ? member.ranges : []));
    const sets = members.flatMap((member) => ('set' in member ? [member.set] : []));
    if (!isNegated) return unionOf([setOf(ranges), ...sets]);
    // the complement of `\W` and its like is left out: what remains is larger
    return complementOf(ranges);
  }

  #parseRange(): Member {
    const from = this.#parseMember();
    const isRange =
      this.#peek() === '-' && this.#text[this.#position + 1] !== ']' && this.#position + 1 < this.#text.length;
    if (!isRange) return from;
    this.#position += 1;
    const to = this.#parseMember();
    const low = single(from);
    const high = single(to);
    if (low === undefined || high === undefined || low > high) throw new PatternError('a range that is none', false);
    return { ranges: [[low, high]] };
  }

  #parseMember(): Member {
    const next = this.#peek();
    if (next === '\\') {
      if (this.#text[this.#position + 1] === 'b') {
        this.#position += 2;
        return one(0x08);
      }
      // outside of brackets an error with `u`
      if (this.#text[this.#position + 1] === '-') {
        this.#position += 2;
        return one(0x2d);
      }
      return this.#parseEscape();
    }
    // with the flag `v` these nest, or join two classes
    if (
      next === '[' ||
      /^(?:&&|--|!!|##|\$\$|%%|\*\*|\+\+|,,|\.\.|::|;;|<<|==|>>|\?\?|@@|\^\^|``|~~)/u.test(
        this.#text.slice(this.#position, this.#position + 2),
      )
    ) {
      throw new PatternError('a class with brackets or doubled marks in it', false);
    }
    return one(this.#takeCodePoint());
  }

  #takeCodePoint(): number {
    const code = this.#text.codePointAt(this.#position) ?? 0;
    // without `u` these are two characters
    if (code > 0xff_ff || (code >= 0xd800 && code <= 0xdfff))
      throw new PatternError('a character outside the basic plane', false);
    this.#position += 1;
    return code;
  }

  #peek(): string {
    return this.#text[this.#position] ?? '';
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#position)) return false;
    this.#position += text.length;
    return true;
  }
}

function one(code: number): Member {
  return { ranges: [[code, code]] };
}

function single(member: Member): number | undefined {
  const [range, ...more] = 'ranges' in member ? member.ranges : [];
  return range !== undefined && more.length === 0 && range[0] === range[1] ? range[0] : undefined;
}
