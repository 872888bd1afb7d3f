import type { Instant, JsonObject } from '@callgate/canonical';

import type { Call, Principal } from '../call.ts';
import type { Decision, Effect, PolicyLocation } from '../decision.ts';
import type { OneOrMore } from '../document/types.ts';

/** What a test expects of a decision. `hint` and `message` are parts of the text; `rule` is an id or a pointer. */
export interface ExpectationDocument {
  readonly effect: Effect;
  readonly would?: Effect;
  readonly code?: string;
  readonly rule?: string;
  readonly hint?: string;
  readonly message?: string;
  readonly violation?: string;
  readonly exception?: string;
}

/** A call as suites write it. `server` may be left out where the suite names one. */
export interface SuiteCallDocument {
  readonly server?: string;
  readonly tool?: string;
  readonly arguments?: JsonObject;
  /** For messages that are no tool calls. */
  readonly method?: string;
  readonly params?: JsonObject;
  readonly direction?: Call['direction'];
  readonly run?: string;
}

/** One test: every call by every principal, each with its expectation. */
export interface SuiteTestDocument {
  readonly name: string;
  readonly principals?: OneOrMore<string>;
  readonly calls?: OneOrMore<string | SuiteCallDocument>;
  readonly now?: string;
  /** Of all calls of the test. */
  readonly expect?: Effect | ExpectationDocument;
  /** By principal, then by call; what is not listed is expected to be denied. */
  readonly matrix?: Readonly<Record<string, Readonly<Record<string, Effect | ExpectationDocument>>>>;
}

/** A file of tests beside a policy. */
export interface SuiteDocument {
  readonly callgate: 1;
  /** Relative to the suite's own file. */
  readonly policy?: string;
  readonly exceptions?: string;
  readonly now?: string;
  readonly server?: string;
  readonly principals?: Readonly<Record<string, Principal>>;
  readonly calls?: Readonly<Record<string, SuiteCallDocument>>;
  readonly tests: readonly SuiteTestDocument[];
}

/** One call with what is expected of it. */
export interface SuiteCase {
  /** The test's name, and where it has several, the principal and the call. */
  readonly name: string;
  readonly call: Call;
  readonly now: Instant | undefined;
  readonly expected: ExpectationDocument;
  readonly location: PolicyLocation | undefined;
}

/** A suite, read and unfolded. */
export interface Suite {
  readonly file: string | null;
  readonly policy: string | undefined;
  readonly exceptions: string | undefined;
  readonly cases: readonly SuiteCase[];
}

/** What became of a case. */
export interface CaseResult {
  readonly case: SuiteCase;
  readonly decision: Decision;
  /** In words, what differs from what was expected; empty: it passed. */
  readonly problems: readonly string[];
}
