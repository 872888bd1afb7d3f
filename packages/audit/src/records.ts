import type { Digest, Instant, JsonObject, JsonValue } from '@callgate/canonical';

/** The version of every record's shape. A change of a field's meaning raises it. */
export const RECORD_VERSION = 1;

/** What the ledger adds to an entry. `prev` is the digest of the line before, or `null` in record 0. */
export interface RecordHeader {
  readonly v: typeof RECORD_VERSION;
  /** The ledger's id, the same in each of its records. */
  readonly ledger: string;
  /** 0, 1, 2, … without a gap. */
  readonly seq: number;
  readonly prev: Digest | null;
}

interface EntryBase {
  /** When the gate made the entry, milliseconds since the Unix epoch. */
  readonly time: Instant;
}

/** One decision on one message. Holds digests and summaries; never arguments, results or credentials. */
export interface DecisionEntry extends EntryBase {
  readonly kind: 'decision';
  /** The gate's id for this message; the outcome entry repeats it. */
  readonly request: string;
  readonly run: string | null;
  /** The runs that the run is part of, innermost first; there where there are some. */
  readonly parents?: readonly string[];
  /** W3C trace context of the caller, where there was one. */
  readonly trace: { readonly traceId: string; readonly spanId: string } | null;
  readonly principal: {
    readonly user?: string;
    readonly agent?: string;
    readonly workload?: string;
    readonly team?: string;
    readonly tenant?: string;
    readonly roles?: readonly string[];
  };
  readonly server: {
    readonly name: string;
    readonly trust: 'internal' | 'external' | null;
    /** The registered identity that was verified, or null where none was declared. */
    readonly identity: JsonObject | null;
    /** Digest of the tool definitions that the server has listed so far; null before the first complete list. */
    readonly manifest: Digest | null;
  };
  readonly direction: 'client-to-server' | 'server-to-client';
  /** A request expects an outcome entry; a notification has none. */
  readonly message: 'request' | 'notification';
  readonly method: string;
  /** Tool, prompt name or resource category; null where the method has none. */
  readonly target: string | null;
  /** Digest of the tool's listed definition; null where it was not listed. */
  readonly definition: Digest | null;
  readonly ring: 0 | 1 | 2 | 3 | null;
  readonly toolEffect: 'read' | 'write' | 'destructive' | null;
  /** Digest of the RFC 8785 bytes of the exact `params` that were decided on and sent. */
  readonly params: Digest;
  /** Digest of the tool's or prompt's `arguments`; null for methods without. */
  readonly arguments: Digest | null;
  readonly summary: JsonObject;
  readonly policy: { readonly name: string; readonly version: string; readonly digest: Digest };
  /** What decided: a place in the policy, or `/rules/` and the id of a rule across servers and tools. */
  readonly rules: readonly { readonly rule: string; readonly line: number | null }[];
  /** Ids of the observing rules that applied. */
  readonly observed: readonly string[];
  /** Ids of the exceptions without which the call would have been denied or held. */
  readonly exceptions: readonly string[];
  /** Ids of the controls whose soft limits the call goes over; absent where there are none. */
  readonly notices?: readonly string[];
  readonly effect: 'allow' | 'deny' | 'hold';
  /** What enforcement would have done, where the stage changed it. */
  readonly would: 'allow' | 'deny' | 'hold' | null;
  /** The code enforcement would have given, where the stage changed the effect. */
  readonly wouldCode: string | null;
  readonly stage: 'off' | 'observe' | 'enforce';
  readonly code: string;
  /** The failed conditions: code and place, without values. */
  readonly violations: readonly { readonly code: string; readonly pointer: string }[];
  /** Interceptors that changed or refused the message, by name. */
  readonly interceptors: readonly string[];
}

/** What became of a request. A decision that allowed and has no outcome reads as *in doubt*. */
export interface OutcomeEntry extends EntryBase {
  readonly kind: 'outcome';
  readonly request: string;
  /**
   * `ok`, `tool_error` (a result with isError), `protocol_error` (a JSON-RPC error), `denied` (answered here),
   * `cancelled`, `timeout`, `quarantined` (the answer was withheld), `unknown` (the connection ended first),
   * `not_sent` (allowed, but sending failed before a byte could have left).
   */
  readonly outcome:
    | 'ok'
    | 'tool_error'
    | 'protocol_error'
    | 'denied'
    | 'cancelled'
    | 'timeout'
    | 'quarantined'
    | 'unknown'
    | 'not_sent';
  readonly code: string | null;
  readonly durationMs: number;
  readonly response: { readonly digest: Digest; readonly bytes: number } | null;
  readonly inspection: {
    /** What happened to the answer. */
    readonly verdict: 'pass' | 'redact' | 'quarantine' | 'reject';
    /** What would have happened, where the stage let it pass. */
    readonly would: 'redact' | 'quarantine' | 'reject' | null;
    readonly redactions: number;
    /** Ids of what was found, sorted, the first 32. */
    readonly rules: readonly string[];
  } | null;
  readonly summary: JsonObject;
  /** What it cost, in units of the policy; there where the policy says what it costs. */
  readonly cost?: number;
  /** The labels that the answer brought to the run, sorted; there where it brought some. */
  readonly labels?: readonly string[];
}

/** Something that a server advertises otherwise than the lock has it. */
export interface RecordedDrift {
  /** `tool`, `prompt`, `resource`, `resource-template`, `handshake`, or `server` for the server itself. */
  readonly kind: string;
  /** The server's text, cut at 128 characters. */
  readonly name: string;
  /** Digest of what was seen; null where nothing was. */
  readonly digest: Digest | null;
  /** Sorted; docs/reference/lock.md has them all. */
  readonly classes: readonly string[];
  /** What the policy does about it; enforced or not, as the stage says. */
  readonly then: 'allow' | 'hold' | 'deny' | 'withhold';
}

/** The definitions a server listed, or a change in them. */
export interface DefinitionEntry extends EntryBase {
  readonly kind: 'definition';
  readonly server: string;
  readonly event: 'listed' | 'changed' | 'rejected';
  readonly manifest: Digest | null;
  readonly tools: readonly { readonly name: string; readonly digest: Digest }[];
  readonly code: string | null;
  /** How what the server advertises differs from the lock: there in the record of a comparison with it, and in no other. */
  readonly drifts?: readonly RecordedDrift[];
}

/** Something on the wire that the protocol or the gate does not accept: a forged, late or duplicate answer, an unknown id, a malformed message. */
export interface AnomalyEntry extends EntryBase {
  readonly kind: 'anomaly';
  readonly server: string;
  readonly code: string;
  /** The gate's request id where the anomaly concerns one. */
  readonly request: string | null;
  readonly detail: JsonObject;
}

/**
 * Start, close and recovery of a gate or its ledger; changes of the policy in force; what left the quarantine, and who let it; breakers
 * that opened or closed, and labels that a person lifted from a run.
 */
export interface LifecycleEntry extends EntryBase {
  readonly kind: 'lifecycle';
  readonly event: 'opened' | 'closed' | 'recovered' | 'policy' | 'quarantine' | 'history';
  readonly detail: { readonly [key: string]: JsonValue };
}

/** Records that could not be kept. `count` says how many, `code` why. */
export interface GapEntry extends EntryBase {
  readonly kind: 'gap';
  readonly count: number;
  readonly code: string;
}

/** Everything that goes into a ledger. */
export type AuditEntry = DecisionEntry | OutcomeEntry | DefinitionEntry | AnomalyEntry | LifecycleEntry | GapEntry;

/** One line of a ledger. */
export type AuditRecord = RecordHeader & AuditEntry;
