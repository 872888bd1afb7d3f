import type { OutcomeEntry } from '@callgate/audit';
import { digest, type Instant, type JsonObject } from '@callgate/canonical';
import type { Decision } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import type { Verdict } from '../codes.ts';
import type { Asked } from '../connection/ask-policy.ts';
import { digestDecision } from './decision-digest.ts';
import type { TraceBegin, TracedCall, TracedDecision, TracedOutcome } from './trace-records.ts';
import type { TraceStatus, TraceWriter } from './trace-writer.ts';

/** A message that was decided on. */
export interface DecidedCall {
  readonly request: string;
  readonly server: string;
  readonly direction: TracedCall['direction'];
  readonly message: TracedCall['message'];
  readonly method: string;
  readonly params: JsonObject;
  readonly actor: Actor;
  /** When it was decided, as its record says. */
  readonly now: Instant;
  /** What policy was asked; undefined where the gate refused the message without asking. */
  readonly asked: Asked | undefined;
  readonly verdict: Verdict;
}

/** A request that has its outcome. */
export interface SettledCall {
  readonly request: string;
  readonly time: Instant;
  readonly outcome: OutcomeEntry['outcome'];
  readonly code: string | null;
  readonly durationMs: number;
  /** The answer's RFC 8785 text, as it came. */
  readonly response: { readonly text: string; readonly bytes: number } | undefined;
  /** Labels that inspection found. */
  readonly found: readonly string[];
  /** What the client is given. */
  readonly answer: { readonly result: JsonObject } | { readonly error: JsonObject } | undefined;
}

/** Makes the records of a gate's trace: calls exactly as they were decided on, and what came of them. */
export class CallTracer {
  readonly #writer: TraceWriter;
  readonly #results: boolean;

  constructor(writer: TraceWriter, options: { readonly results: boolean }) {
    this.#writer = writer;
    this.#results = options.results;
  }

  get status(): TraceStatus {
    return this.#writer.status;
  }

  /** From here on, this policy decides. */
  begin(at: Instant, policy: TraceBegin['policy']): void {
    const text = JSON.stringify({ kind: 'begin', at, policy } satisfies TraceBegin);
    this.#writer.append({ kind: 'begin', text: () => text, shortText: () => text });
  }

  decided(decided: DecidedCall): void {
    const { asked } = decided;
    const make = (params: JsonObject | null): string => JSON.stringify(callRecord(decided, params));
    const params = asked?.call.params ?? decided.params;
    // What a server sends is handed to the host unfrozen: later it may be something else.
    const text = decided.direction === 'server-to-client' ? made(() => make(params)) : () => make(params);
    this.#writer.append({ kind: 'call', text, shortText: () => make(null) });
  }

  settled({ request, time, outcome, code, durationMs, response: came, found, answer }: SettledCall): void {
    const response = came === undefined ? null : { digest: digest(came.text), bytes: came.bytes };
    const base = { kind: 'outcome', at: time, request, outcome, code, durationMs, response, found } as const;
    const short = (omitted: TracedOutcome['omitted']): string =>
      JSON.stringify({ ...base, answer: null, omitted } satisfies TracedOutcome);
    if (answer === undefined || !this.#results) {
      const text = short(answer === undefined ? null : 'option');
      this.#writer.append({ kind: 'outcome', text: () => text, shortText: () => text });
      return;
    }
    // The client may do with it what it likes from here on.
    const text = made(() => JSON.stringify({ ...base, answer, omitted: null } satisfies TracedOutcome));
    this.#writer.append({ kind: 'outcome', text, shortText: () => short('size') });
  }

  /** See {@link TraceWriter.flush}. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /** See {@link TraceWriter.close}. */
  close(): Promise<void> {
    return this.#writer.close();
  }
}

/** What `make` makes now, failures included: a call must not fail because a trace of it cannot be made. */
function made(make: () => string): () => string {
  try {
    const text = make();
    return () => text;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function callRecord(decided: DecidedCall, params: JsonObject | null): TracedCall {
  const { asked, actor, verdict } = decided;
  return {
    kind: 'call',
    at: decided.now,
    request: decided.request,
    run: actor.run ?? null,
    parents: actor.parents,
    carries: asked?.carries ?? [],
    principal: actor.principal,
    server: decided.server,
    identity: asked?.call.identity ?? null,
    direction: decided.direction,
    message: decided.message,
    method: decided.method,
    params,
    decision: asked === undefined ? null : shortDecision(asked.decision),
    verdict: { effect: verdict.effect, code: verdict.code },
  };
}

function shortDecision(decision: Decision): TracedDecision {
  const { effect, would, wouldCode, stage, code } = decision;
  return {
    effect,
    would: would ?? null,
    wouldCode: wouldCode ?? null,
    stage,
    code,
    digest: digestDecision(decision),
  };
}
