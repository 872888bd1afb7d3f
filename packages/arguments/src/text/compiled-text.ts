import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind, Containment, KindProblem } from '@callgate/policy';

import { listed } from '../internal/listed.ts';
import { proveWithin } from '../internal/prove-within.ts';
import { hasEncoded, hasEncodedWord } from './find-encoded.ts';
import { findHidden, type HiddenCode } from './find-hidden.ts';
import { isTextWithin } from './is-text-within.ts';
import { hasMixedWord } from './mixed-script.ts';
import { boundProblem, textProblem } from './problems.ts';
import { repairText } from './repair-text.ts';
import { probeTexts, sampleTexts } from './sample-texts.ts';
import { DEFAULT_MARKS, DEFAULT_MAX_LENGTH, type TextSpecification } from './specification.ts';

/** A scheme with `//`, a host that begins with `www.`, a host behind `//`, or one of the schemes that do without. */
const URL_LIKE =
  /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,31}:[/\\]{2}|(?<![A-Za-z0-9])www\.[A-Za-z0-9]|[/\\]{2}[A-Za-z0-9-]{1,63}\.[A-Za-z]|(?<![A-Za-z0-9])(?:mailto|javascript|vbscript|data|file|tel):\S/iu;

const HTML_LIKE = /<[A-Za-z/!?]|&(?:#|[A-Za-z][A-Za-z0-9]{1,31};)/u;

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** A `text` specification, ready to judge. */
export class CompiledText implements CompiledKind {
  readonly kind = 'text';
  readonly expected: string;
  readonly specification: TextSpecification;
  readonly minLength: number;
  readonly maxLength: number;
  readonly lines: number;
  readonly marks: number;
  readonly #tooManyMarks: RegExp;
  readonly #otherScript: RegExp | undefined;
  #samples: readonly string[] | undefined;
  #probes: readonly string[] | undefined;

  constructor(specification: TextSpecification) {
    const { minLength = 0, maxLength = DEFAULT_MAX_LENGTH, lines, marks = DEFAULT_MARKS, scripts } = specification;
    this.specification = specification;
    this.minLength = minLength;
    this.maxLength = maxLength;
    this.lines = lines ?? Number.POSITIVE_INFINITY;
    this.marks = marks;
    this.#tooManyMarks = new RegExp(String.raw`\p{M}{${marks + 1}}`, 'u');
    this.#otherScript = scripts === undefined ? undefined : otherThan(scripts);
    const length = minLength === 0 ? `at most ${maxLength}` : `${minLength} to ${maxLength}`;
    this.expected = `plain ${lines === 1 ? 'one-line ' : ''}text of ${length} characters`;
  }

  check(value: JsonValue): readonly KindProblem[] {
    if (typeof value !== 'string') return [textProblem('text.type')];
    // Bounded before anything else; two code units are at most one character.
    if (value.length > 2 * this.maxLength || lengthOf(value) > this.maxLength) {
      const expected = `at most ${this.maxLength} characters`;
      return [boundProblem('text.too_long', expected, 'more', `shorten the text to ${expected}`)];
    }
    return [...this.#problems(value)];
  }

  canonical(value: JsonValue): JsonValue | undefined {
    if (typeof value !== 'string' || this.check(value).length > 0) return undefined;
    const normal = value.replaceAll('\r\n', '\n').normalize('NFC');
    // Few characters are longer in that form, which can take a text out of bounds.
    return normal === value || this.check(normal).length > 0 ? value : normal;
  }

  isWithin(other: CompiledKind): Containment {
    return proveWithin(this, other, other instanceof CompiledText && isTextWithin(this, other));
  }

  samples(): readonly string[] {
    this.#samples ??= sampleTexts(this)
      .filter((text) => this.check(text).length === 0)
      .slice(0, 64);
    return this.#samples;
  }

  probes(): readonly string[] {
    this.#probes ??= probeTexts(this);
    return this.#probes;
  }

  repair(value: JsonValue | undefined): readonly string[] {
    return repairText(typeof value === 'string' ? value : '', this);
  }

  *#problems(text: string): Generator<KindProblem> {
    const { urls, html, encoded, mixedScripts, normalization } = this.specification;
    yield* this.#boundProblems(text);
    const seen = new Set<HiddenCode>();
    for (const { code } of findHidden(text, seen)) {
      seen.add(code);
      yield textProblem(code);
    }
    if (encoded !== 'allow') {
      if (hasEncoded(text, this.lines > 1)) yield textProblem('text.encoded');
      if (hasEncodedWord(text)) yield textProblem('text.encoded_word');
    }
    if (this.#otherScript?.test(text) === true) {
      const expected = `letters of ${listed(this.specification.scripts ?? [])}`;
      yield boundProblem('text.script', expected, 'letters of another script', `use ${expected}`);
    }
    if (mixedScripts !== 'allow' && hasMixedWord(text)) yield textProblem('text.mixed_script');
    if (urls === 'deny' && URL_LIKE.test(text)) yield textProblem('text.url');
    if (html === 'deny' && HTML_LIKE.test(text)) yield textProblem('text.html');
    if (this.#tooManyMarks.test(text)) {
      const expected = `at most ${this.marks} combining marks in a row`;
      yield boundProblem('text.marks', expected, 'more', 'remove combining marks');
    } else if (normalization === 'nfc' && text.normalize('NFC') !== text) {
      // INVARIANT: only here, where runs of marks are short: sorting them takes quadratic time (bench/text.ts).
      yield textProblem('text.not_nfc');
    }
  }

  *#boundProblems(text: string): Generator<KindProblem> {
    if (this.minLength > 0 && lengthOf(text) < this.minLength) {
      const expected = `at least ${this.minLength} characters`;
      yield boundProblem('text.too_short', expected, 'fewer', `give ${expected}`);
    }
    if (this.lines === Number.POSITIVE_INFINITY || lineCount(text, this.lines + 1) <= this.lines) return;
    const expected = this.lines === 1 ? 'one line' : `at most ${this.lines} lines`;
    yield boundProblem('text.lines', expected, 'more', this.lines === 1 ? 'remove line breaks' : `use ${expected}`);
  }
}

/** Code points; a lone surrogate counts as one. */
function lengthOf(text: string): number {
  return text.length - (text.match(PAIR)?.length ?? 0);
}

/** Lines, counted up to `most`. */
function lineCount(text: string, most: number): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1 && count < most; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** A character of no script of these; what all scripts share has the scripts `Common` and `Inherited`. */
function otherThan(scripts: readonly string[]): RegExp {
  const classes = scripts.map((name) => String.raw`\p{Script_Extensions=${name}}`);
  return new RegExp(String.raw`[^${classes.join('')}\p{Script=Common}\p{Script=Inherited}\p{C}]`, 'u');
}
