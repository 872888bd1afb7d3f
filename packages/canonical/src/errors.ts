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

  /** Whether `value` is an error of any copy of callgate. Never throws, whatever `value` is. */
  static is(value: unknown): value is CallgateError {
    if (typeof value !== 'object' || value === null) return false;
    try {
      return (value as Record<symbol, unknown>)[BRAND] === true;
    } catch {
      // A proxy that throws on being read is nobody's error.
      return false;
    }
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
  /** What would have passed, in words. */
  readonly expected: string;
  /** The shape of what came, in words. */
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

/** What most names are written in; it is fit as it is. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/u;

/**
 * Foreign text made fit for one line of a message or a terminal, cut at `maxLength` UTF-16 code units (default 80).
 *
 * Control and format characters (line breaks, escapes, bidirectional overrides, invisible tags) and lone surrogates
 * become spaces; the result is always well-formed.
 */
export function excerpt(text: string, maxLength = 80): string {
  if (text.length <= maxLength && PRINTABLE_ASCII.test(text)) return text;
  const cut = text.slice(0, maxLength).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
  return text.length > maxLength ? `${cut}…` : cut;
}
