import { CallgateError } from '@callgate/canonical';

import type { FoundCall } from './properties/find-call.ts';

/** Codes of {@link PolicyAssertionError}. The code is the contract; class and message are help. */
export type TestingErrorCode =
  /** A call is decided otherwise than expected. */
  | 'CALLGATE_TESTING_DECISION'
  /** There is a call that a property says there is not. */
  | 'CALLGATE_TESTING_COUNTEREXAMPLE'
  /** No call was tried that a property is about, so that nothing was tested. */
  | 'CALLGATE_TESTING_VACUOUS';

/** What an assertion compared, as test runners show it. */
export interface ComparedValues {
  readonly expected: string;
  readonly actual: string;
  /** The assertion: `assertNever`. */
  readonly operator: string;
}

/** A policy that does not decide as a test expects. Has what test runners look for in an `AssertionError`. */
export class PolicyAssertionError extends CallgateError implements ComparedValues {
  readonly code: TestingErrorCode;
  readonly expected: string;
  readonly actual: string;
  readonly operator: string;
  /** The call that shows that a property does not hold. */
  readonly found: FoundCall | undefined;

  constructor(
    code: TestingErrorCode,
    message: string,
    { expected, actual, operator }: ComparedValues,
    options: ErrorOptions & { readonly found?: FoundCall } = {},
  ) {
    const { found, ...rest } = options;
    super(message, rest);
    this.code = code;
    this.expected = expected;
    this.actual = actual;
    this.operator = operator;
    this.found = found;
  }
}
