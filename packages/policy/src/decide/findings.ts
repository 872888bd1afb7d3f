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
  readonly #violations = new Map<string, Violation>();
  readonly #errors = new Map<string, EvaluationError>();
  #isTruncated = false;

  /** Whether nothing more can be added: callers may stop looking. */
  get isFull(): boolean {
    return this.#isTruncated;
  }

  get hasErrors(): boolean {
    return this.#errors.size > 0;
  }

  get count(): number {
    return this.#violations.size;
  }

  add(violation: Violation): void {
    const key = `${violation.pointer}\n${violation.code}\n${violation.expected}\n${violation.got}`;
    if (this.#violations.has(key)) return;
    if (this.#violations.size >= MAX_VIOLATIONS) this.#isTruncated = true;
    else this.#violations.set(key, Object.freeze(violation));
  }

  addError(error: EvaluationError): void {
    const key = `${error.pointer}\n${error.code}\n${error.message}`;
    if (this.#errors.size < MAX_ERRORS && !this.#errors.has(key)) this.#errors.set(key, Object.freeze(error));
  }

  /** The violations by pointer, then code, whatever order they were found in. Frozen. */
  violations(): readonly Violation[] {
    const sorted = [...this.#violations.values()].toSorted(
      (left, right) =>
        compare(left.pointer, right.pointer) ||
        compare(left.code, right.code) ||
        compare(left.expected, right.expected),
    );
    return Object.freeze(this.#isTruncated ? [...sorted, TRUNCATED] : sorted);
  }

  errors(): readonly EvaluationError[] {
    return Object.freeze(
      [...this.#errors.values()].toSorted(
        (left, right) =>
          compare(left.pointer, right.pointer) ||
          compare(left.code, right.code) ||
          compare(left.message, right.message),
      ),
    );
  }

  /** The distinct hints of the violations, at most 8. Frozen. */
  static hints(violations: readonly Violation[], others: readonly string[] = []): readonly string[] {
    const distinct = new Set(
      [...violations.map((violation) => violation.hint), ...others].filter((hint) => hint !== ''),
    );
    return Object.freeze([...distinct].slice(0, MAX_HINTS));
  }
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
