import type { EvaluationError, Violation } from '../decision.ts';

/** The most violations a decision holds; one more says that there were others. */
const MAX_VIOLATIONS = 64;
const MAX_ERRORS = 16;
const MAX_HINTS = 8;

const TRUNCATED: Violation = Object.freeze({
  code: 'truncated',
  pointer: '',
  expected: `at most ${MAX_VIOLATIONS} violations`,
  got: 'more',
  hint: 'fix what is listed first',
});

/** What is found wrong with one call, bounded. */
export class Findings {
  // lists, not maps: most calls have one or two, and there are never more than the bounds above
  readonly #violations: Violation[] = [];
  readonly #errors: EvaluationError[] = [];
  #isTruncated = false;

  /** Whether nothing more can be added: callers may stop looking. */
  get isFull(): boolean {
    return this.#isTruncated;
  }

  get hasErrors(): boolean {
    return this.#errors.length > 0;
  }

  get count(): number {
    return this.#violations.length;
  }

  add(violation: Violation): void {
    for (const other of this.#violations) if (isSameViolation(violation, other)) return;
    if (this.#violations.length >= MAX_VIOLATIONS) this.#isTruncated = true;
    else this.#violations.push(Object.freeze(violation));
  }

  addError(error: EvaluationError): void {
    for (const other of this.#errors) if (isSameError(error, other)) return;
    if (this.#errors.length < MAX_ERRORS) this.#errors.push(Object.freeze(error));
  }

  /** The violations by pointer, then code, whatever order they were found in. Frozen. */
  violations(): readonly Violation[] {
    const sorted = this.#violations.toSorted(
      (left, right) =>
        compare(left.pointer, right.pointer) ||
        compare(left.code, right.code) ||
        compare(left.expected, right.expected),
    );
    return Object.freeze(this.#isTruncated ? [...sorted, TRUNCATED] : sorted);
  }

  errors(): readonly EvaluationError[] {
    if (this.#errors.length === 0) return NONE;
    return Object.freeze(
      this.#errors.toSorted(
        (left, right) =>
          compare(left.pointer, right.pointer) ||
          compare(left.code, right.code) ||
          compare(left.message, right.message),
      ),
    );
  }

  /** The distinct hints of the violations, at most 8. Frozen. */
  static hints(violations: readonly Violation[], others: readonly string[] = []): readonly string[] {
    const hints: string[] = [];
    for (const { hint } of violations) addHint(hints, hint);
    for (const hint of others) addHint(hints, hint);
    return Object.freeze(hints);
  }
}

const NONE: readonly never[] = Object.freeze([]);

function addHint(hints: string[], hint: string): void {
  if (hint !== '' && hints.length < MAX_HINTS && !hints.includes(hint)) hints.push(hint);
}

function isSameViolation(one: Violation, other: Violation): boolean {
  return (
    one.pointer === other.pointer && one.code === other.code && one.expected === other.expected && one.got === other.got
  );
}

function isSameError(one: EvaluationError, other: EvaluationError): boolean {
  return one.pointer === other.pointer && one.code === other.code && one.message === other.message;
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
