import type { JsonRules } from './compile-rules.ts';
import {
  HALF_PAIR,
  INEXACT,
  NOT_JSON,
  PROTOTYPE,
  REPEATED,
  tooDeep,
  tooManyItems,
  tooManyMembers,
  type JsonFinding,
} from './problems.ts';
import { endOfNumber, growthOfNumber, isExact } from './scan-number.ts';
import { readString } from './scan-string.ts';
import type { JsonTextType } from './specification.ts';

/** A text that is JSON with one meaning. */
export interface ScannedJson {
  readonly type: JsonTextType;
  /** The names of the members, where it is an object. */
  readonly names: ReadonlySet<string>;
  /** By how many characters the canonical form may be longer: `1e9` is written out there. */
  readonly growth: number;
}

/** An object or array that is open where the scan is. */
interface Level {
  /** The names seen; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** The name of the member whose value this is. */
  readonly name: string | undefined;
  lastName: string | undefined;
  /** Members or items. */
  count: number;
}

/** What may come next (RFC 8259 §2). */
type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

/**
 * Reads a text as RFC 8259 has it, and finds what parsers disagree on: names that repeat, numbers that a double does not hold,
 * names that reach a prototype, halves of surrogate pairs; and what is too large. Makes no value, so that a large text costs no
 * memory; it takes just what `JSON.parse` takes, which a property test holds it to.
 */
export function scanJson(text: string, rules: JsonRules): ScannedJson | JsonFinding {
  return new Scan(text, rules).run();
}

class Scan {
  readonly #text: string;
  readonly #rules: JsonRules;
  readonly #levels: Level[] = [];
  #index = 0;
  #expected: Expected = 'value';
  #type: JsonTextType = 'null';
  #names: ReadonlySet<string> = new Set();
  #growth = 0;

  constructor(text: string, rules: JsonRules) {
    this.#text = text;
    this.#rules = rules;
  }

  run(): ScannedJson | JsonFinding {
    for (; this.#index < this.#text.length;) {
      const finding = this.#step(this.#text.charCodeAt(this.#index));
      if (finding !== undefined) return finding;
    }
    if (this.#expected !== 'nothing') return NOT_JSON;
    return { type: this.#type, names: this.#names, growth: this.#growth };
  }

  #step(code: number): JsonFinding | undefined {
    switch (code) {
      case 0x20:
      case 0x09:
      case 0x0a:
      case 0x0d:
        this.#index += 1;
        return undefined;
      case 0x22:
        return this.#string();
      case 0x7b:
      case 0x5b:
        return this.#open(code === 0x7b);
      case 0x7d:
      case 0x5d:
        return this.#close(code === 0x7d);
      case 0x2c:
        return this.#comma();
      case 0x3a:
        if (this.#expected !== 'colon') return NOT_JSON;
        this.#expected = 'value';
        this.#index += 1;
        return undefined;
      case 0x74:
        return this.#word('true', 'boolean');
      case 0x66:
        return this.#word('false', 'boolean');
      case 0x6e:
        return this.#word('null', 'null');
      default:
        return this.#number();
    }
  }

  /** A value begins here: counts it, and says whether one may. */
  #enter(type: JsonTextType): JsonFinding | undefined {
    if (this.#expected !== 'value' && this.#expected !== 'value or end') return NOT_JSON;
    const level = this.#levels.at(-1);
    if (level === undefined) {
      this.#type = type;
      this.#expected = 'nothing';
      return undefined;
    }
    this.#expected = 'comma or end';
    if (level.names !== undefined) return undefined;
    level.count += 1;
    return level.count > this.#rules.maxItems ? tooManyItems(this.#rules) : undefined;
  }

  #word(word: string, type: JsonTextType): JsonFinding | undefined {
    if (!this.#text.startsWith(word, this.#index)) return NOT_JSON;
    this.#index += word.length;
    return this.#enter(type);
  }

  #number(): JsonFinding | undefined {
    const start = this.#index;
    const end = endOfNumber(this.#text, start);
    if (end === start) return NOT_JSON;
    this.#index = end;
    this.#growth += growthOfNumber(this.#text, start, end);
    return this.#enter('number') ?? (isExact(this.#text, start, end) ? undefined : INEXACT);
  }

  #string(): JsonFinding | undefined {
    const string = readString(this.#text, this.#index);
    if (string === undefined) return NOT_JSON;
    this.#index = string.end;
    const isName = this.#expected === 'name' || this.#expected === 'name or end';
    const finding = isName ? this.#name(string.content) : this.#enter('string');
    return finding ?? (string.content.isWellFormed() ? undefined : HALF_PAIR);
  }

  #name(name: string): JsonFinding | undefined {
    const level = this.#levels.at(-1);
    if (level?.names === undefined) return NOT_JSON;
    if (level.names.has(name)) return REPEATED;
    if (name === '__proto__' || (name === 'prototype' && level.name === 'constructor')) return PROTOTYPE;
    level.names.add(name);
    level.lastName = name;
    level.count += 1;
    this.#expected = 'colon';
    return level.count > this.#rules.maxKeys ? tooManyMembers(this.#rules) : undefined;
  }

  #open(isObject: boolean): JsonFinding | undefined {
    const name = this.#levels.at(-1)?.lastName;
    const finding = this.#enter(isObject ? 'object' : 'array');
    if (finding !== undefined) return finding;
    if (this.#levels.length >= this.#rules.maxDepth) return tooDeep(this.#rules);
    this.#levels.push({ names: isObject ? new Set() : undefined, name, lastName: undefined, count: 0 });
    this.#expected = isObject ? 'name or end' : 'value or end';
    this.#index += 1;
    return undefined;
  }

  #close(isObject: boolean): JsonFinding | undefined {
    const level = this.#levels.pop();
    if (level === undefined || (level.names !== undefined) !== isObject) return NOT_JSON;
    const isEmpty = this.#expected === (isObject ? 'name or end' : 'value or end');
    if (!isEmpty && this.#expected !== 'comma or end') return NOT_JSON;
    if (this.#levels.length === 0 && level.names !== undefined) this.#names = level.names;
    this.#expected = this.#levels.length === 0 ? 'nothing' : 'comma or end';
    this.#index += 1;
    return undefined;
  }

  #comma(): JsonFinding | undefined {
    if (this.#expected !== 'comma or end') return NOT_JSON;
    this.#expected = this.#levels.at(-1)?.names === undefined ? 'value' : 'name';
    this.#index += 1;
    return undefined;
  }
}
