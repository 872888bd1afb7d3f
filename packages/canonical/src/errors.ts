const BRAND: unique symbol = Symbol.for('callgate.error');

/** Codes of the errors this package throws. The code is the contract; class and message are help. */
export type CanonicalErrorCode = 'CALLGATE_CANONICAL_NOT_PLAIN' | 'CALLGATE_CANONICAL_TOO_LARGE' | 'CALLGATE_INTERNAL';

/**
 * The base of every error callgate throws.
 *
 * Branded with `Symbol.for('callgate.error')`, so that two copies of the library in one process recognise each
 * other's errors: use `CallgateError.is(value)`, not `instanceof`.
 */
export abstract class CallgateError extends Error {
  /** Stable, documented code. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, BRAND, { value: true });
  }

  static is(value: unknown): value is CallgateError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
  }
}

/**
 * A value is not plain JSON data, or is larger than its bounds.
 *
 * Carries the place, what was expected there and the shape of what came; never the value itself.
 */
export class PlainDataError extends CallgateError {
  readonly code: 'CALLGATE_CANONICAL_NOT_PLAIN' | 'CALLGATE_CANONICAL_TOO_LARGE';
  /** JSON pointer (RFC 6901) to the place, `""` for the root. */
  readonly pointer: string;
  readonly expected: string;
  readonly got: string;

  constructor(
    code: 'CALLGATE_CANONICAL_NOT_PLAIN' | 'CALLGATE_CANONICAL_TOO_LARGE',
    place: { readonly pointer: string; readonly expected: string; readonly got: string },
  ) {
    super(`expected ${place.expected} at \`${excerpt(place.pointer)}\`, got ${place.got}`);
    this.code = code;
    this.pointer = place.pointer;
    this.expected = place.expected;
    this.got = place.got;
  }
}

/** A state that callgate's own code promises cannot occur: a defect to report. */
export class InternalError extends CallgateError {
  readonly code = 'CALLGATE_INTERNAL';
}

/**
 * Foreign text made fit for a message: control characters and line breaks become spaces, cut at 80 characters.
 */
export function excerpt(text: string, maxLength = 80): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this removes
  const oneLine = text.slice(0, maxLength + 1).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu, ' ');
  return oneLine.length > maxLength ? `${oneLine.slice(0, maxLength)}…` : oneLine;
}
