import type { DecisionEntry, OutcomeEntry } from '@callgate/audit';
import {
  canonicalize,
  deepFreeze,
  digest,
  digestJson,
  type Digest,
  type Instant,
  type JsonObject,
} from '@callgate/canonical';
import type { Direction } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import { foundLabels } from '../history/call-outcome.ts';
import type { Verdict } from '../codes.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';
import type { SettledCall } from '../trace/call-tracer.ts';
import type { Asked } from './ask-policy.ts';
import { argumentsOf, nameOf, targetOf, type Link } from './link.ts';

/** What a decision record is made from. */
export interface DecidedMessage {
  /** When it was decided, which is when the record says it was made: decided again at that time, it gives the same. */
  readonly now: Instant;
  readonly request: string;
  readonly direction: Direction;
  readonly message: 'request' | 'notification';
  readonly method: string;
  readonly params: JsonObject;
  readonly actor: Actor;
  readonly trace: TraceContext | null;
  /** What policy was asked; undefined where the gate refused the message without asking. */
  readonly asked: Asked | undefined;
  readonly verdict: Verdict;
  readonly interceptors: readonly string[];
}

/** A decision record whose digests are still to be computed: everything in it is fixed, the params included. */
export interface PendingDecision {
  readonly facts: Omit<DecisionEntry, 'params' | 'arguments'>;
  /** Frozen in what the client sends. */
  readonly params: JsonObject;
}

/** Captures the decision on one message: names, shapes and codes, as they are now. Traces the whole of it, if there is a trace. */
export function captureDecision(link: Link, decided: DecidedMessage): PendingDecision {
  const { verdict, params, method, actor } = decided;
  const facts: PendingDecision['facts'] = {
    kind: 'decision',
    time: decided.now,
    request: decided.request,
    run: actor.run ?? null,
    ...(actor.parents.length === 0 ? undefined : { parents: actor.parents }),
    trace: decided.trace,
    principal: actor.principal,
    server: link.serverRecord(),
    direction: decided.direction,
    message: decided.message,
    method,
    target: targetOf(method, params),
    definition: method === 'tools/call' ? link.definitions.digestOf(nameOf(method, params) ?? '') : null,
    ring: verdict.ring ?? null,
    toolEffect: verdict.toolEffect ?? null,
    summary: verdict.summary,
    policy: link.gate.policyRecord,
    rules: rulesOf(verdict.determining),
    observed: verdict.observed === undefined ? NONE : verdict.observed.map(({ id, rule }) => id ?? rule),
    exceptions: verdict.exceptions ?? NONE,
    ...(verdict.notices === undefined ? {} : { notices: verdict.notices.map(({ id }) => id) }),
    effect: verdict.effect,
    would: verdict.would ?? null,
    wouldCode: verdict.wouldCode ?? null,
    stage: verdict.stage,
    code: verdict.code,
    violations:
      verdict.violations.length === 0 ? NONE : verdict.violations.map(({ code, pointer }) => ({ code, pointer })),
    interceptors: decided.interceptors,
  };
  link.gate.trace?.decided({ ...decided, server: link.serverName });
  return { facts, params };
}

/** The record itself, digests and all. */
export function decisionEntry({ facts, params }: PendingDecision): DecisionEntry {
  return { ...facts, ...digestsOf(facts.method, params) };
}

const NONE: readonly never[] = Object.freeze([]);

/** Decisions share their frozen references, and the ledger remembers the text of frozen objects: so are these shared. */
const knownRules = new WeakMap<Verdict['determining'], DecisionEntry['rules']>();

function rulesOf(determining: Verdict['determining']): DecisionEntry['rules'] {
  if (determining.length === 0) return NONE;
  let rules = knownRules.get(determining);
  if (rules === undefined) {
    rules = deepFreeze(
      determining.map(({ rule, id, location }) => ({
        rule: id === undefined ? rule : `/rules/${id}`,
        line: location?.line ?? null,
      })),
    );
    knownRules.set(determining, rules);
  }
  return rules;
}

/** The digests of a message's params, and of the arguments within them. */
function digestsOf(method: string, params: JsonObject): { readonly params: Digest; readonly arguments: Digest | null } {
  const callArguments = argumentsOf(method, params);
  if (callArguments === undefined) return { params: digestJson(params), arguments: null };
  const text = canonicalize(callArguments);
  const name = params['name'];
  // RFC 8785 §3.2.3 puts `arguments` before `name`: where there is nothing else, the text of one holds that of the other.
  const isPlainCall = typeof name === 'string' && Object.keys(params).length === 2;
  return {
    params: isPlainCall ? digest(`{"arguments":${text},"name":${canonicalize(name)}}`) : digestJson(params),
    arguments: digest(text),
  };
}

/** What an outcome record is made from. */
export interface Settlement {
  readonly outcome: OutcomeEntry['outcome'];
  readonly code?: string;
  /** The answer's RFC 8785 text, as it came. */
  readonly response?: { readonly text: string; readonly bytes: number };
  readonly inspection?: OutcomeEntry['inspection'];
  readonly summary?: JsonObject;
  /** What the client is given, for the trace. */
  readonly answer?: SettledCall['answer'];
}

/** What else is known of how a call ended. */
export interface CountedEnd extends Pick<OutcomeEntry, 'cost' | 'labels'> {
  /** When; default now. */
  readonly time?: Instant;
}

const NOT_COUNTED: CountedEnd = Object.freeze({});

/** A duration as records have it: whole microseconds, never less than nothing. */
export function roundedMs(durationMs: number): number {
  return Math.max(0, Math.round(durationMs * 1000) / 1000);
}

/** Captures an outcome now; its digest is computed when the returned function makes the record. */
export function captureOutcome(
  link: Link,
  request: string,
  durationMs: number,
  settlement: Settlement,
  { cost, labels, time = link.gate.clock.now() }: CountedEnd = NOT_COUNTED,
): () => OutcomeEntry {
  const { outcome, code, response, inspection, summary, answer } = settlement;
  const duration = roundedMs(durationMs);
  link.gate.trace?.settled({
    request,
    time,
    outcome,
    code: code ?? null,
    durationMs: duration,
    response,
    found: foundLabels(settlement),
    answer,
  });
  return () => ({
    kind: 'outcome',
    time,
    request,
    outcome,
    code: code ?? null,
    durationMs: duration,
    response: response === undefined ? null : { digest: digest(response.text), bytes: response.bytes },
    inspection: inspection ?? null,
    summary: summary ?? {},
    ...(cost === undefined ? {} : { cost }),
    ...(labels === undefined ? {} : { labels }),
  });
}

/**
 * Records a decision before its message may go ahead, and waits for the record to be durable where the message's ring
 * demands that. False where it may not go ahead: reads may without a record if the host said so, nothing else does.
 */
export function recordFirst(
  link: Pick<Link, 'gate'>,
  decision: PendingDecision,
  verdict: Verdict,
): boolean | Promise<boolean> {
  const { evidence, events, whenLedgerFails } = link.gate;
  const { durable, timeoutMs } = verdict.obligations;
  const isAllowed = verdict.effect === 'allow';
  // What a server sends is handed to the host unfrozen, so its digest cannot wait.
  const isFrozen = decision.facts.direction === 'client-to-server';
  if (isAllowed && !durable && isFrozen && evidence.isReliable) {
    evidence.later(() => decisionEntry(decision));
    return true;
  }
  const onFailure = (error: unknown): boolean => {
    events.emit('ledger-failed', { error });
    return !durable && whenLedgerFails === 'allow-reads';
  };
  try {
    const sequence = evidence.append(decisionEntry(decision));
    if (!isAllowed || !durable) return true;
    // A disk that hangs must not hang the call beyond its own deadline.
    return evidence.durable(sequence, AbortSignal.timeout(timeoutMs)).then(() => true, onFailure);
  } catch (error) {
    return onFailure(error);
  }
}
