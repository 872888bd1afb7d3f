import type { Digest, Instant, JsonObject } from '@callgate/canonical';

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
  /** The runs around it, innermost first. */
  readonly parents?: readonly string[];
}

/** How an earlier call ended, as suites write it. */
export type GivenOutcomeWord =
  | 'ok'
  | 'tool_error'
  | 'error'
  | 'timeout'
  | 'cancelled'
  | 'quarantined'
  | 'unknown'
  | 'denied';

/** A call before the one that a case is about: one, or several alike. */
export interface GivenDocument {
  readonly call: string | SuiteCallDocument;
  /** Default: who makes the call that the case is about. */
  readonly principal?: string;
  /** Default 1, at most 1,000. */
  readonly times?: number;
  /** How long before the case's own time; default: at that time. */
  readonly ago?: string;
  /** Default `ok`. `denied`: it was refused. */
  readonly outcome?: GivenOutcomeWord;
  /** The class of the failure; default: the outcome. */
  readonly error?: string;
  /** How long it took; default: no time. */
  readonly took?: string;
  /** Its structured result. */
  readonly result?: JsonObject;
  readonly rows?: number;
  readonly tokens?: number;
  /** Labels that inspection found in it. */
  readonly labels?: readonly string[];
}

/** One test: every call by every principal, each with its expectation. */
export interface SuiteTestDocument {
  readonly name: string;
  readonly principals?: OneOrMore<string>;
  readonly calls?: OneOrMore<string | SuiteCallDocument>;
  readonly now?: string;
  /** What happened before each call of the test, in this order. */
  readonly given?: readonly GivenDocument[];
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

/** How an earlier call ended. The outcome of a call as `@callgate/breaker` has it. */
export interface GivenOutcome {
  readonly outcome: Exclude<GivenOutcomeWord, 'denied'>;
  readonly errorClass?: string;
  readonly durationMs: number;
  readonly bytes: number;
  readonly resultDigest?: Digest;
  readonly rows?: number;
  readonly tokens?: number;
  readonly result?: JsonObject;
  readonly labels?: readonly string[];
}

/** An earlier call of a case. */
export interface GivenCall {
  /** In words: ``call `read` ``. */
  readonly name: string;
  readonly call: Call;
  readonly at: Instant;
  readonly outcome: GivenOutcome | 'denied';
}

/** One call with what is expected of it. */
export interface SuiteCase {
  /** The test's name, and where it has several, the principal and the call. */
  readonly name: string;
  readonly call: Call;
  readonly now: Instant | undefined;
  /** What happened before, in order. */
  readonly given: readonly GivenCall[];
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
