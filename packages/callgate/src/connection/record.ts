import type { AuditEntry, DecisionEntry, OutcomeEntry } from '@callgate/audit';
import { canonicalize, deepFreeze, digest, digestJson, type Digest, type JsonObject } from '@callgate/canonical';
import type { Direction } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import type { Verdict } from '../codes.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';
import { argumentsOf, nameOf, targetOf, type Link } from './link.ts';

/** What a decision record is made from. */
export interface DecidedMessage {
  readonly request: string;
  readonly direction: Direction;
  readonly message: 'request' | 'notification';
  readonly method: string;
  readonly params: JsonObject;
  readonly actor: Actor;
  readonly trace: TraceContext | null;
  readonly verdict: Verdict;
  readonly interceptors: readonly string[];
}

/** The decision record of one message: digests, names and shapes. */
export function decisionEntry(link: Link, decided: DecidedMessage): DecisionEntry {
  const { verdict, params, method, actor } = decided;
  const digests = digestsOf(method, params);
  return {
    kind: 'decision',
    time: link.gate.clock.now(),
    request: decided.request,
    run: actor.run ?? null,
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
    params: digests.params,
    arguments: digests.arguments,
    summary: verdict.summary,
    policy: link.gate.policyRecord,
    rules: rulesOf(verdict.determining),
    effect: verdict.effect,
    would: verdict.would ?? null,
    stage: verdict.stage,
    code: verdict.code,
    violations:
      verdict.violations.length === 0 ? NONE : verdict.violations.map(({ code, pointer }) => ({ code, pointer })),
    interceptors: decided.interceptors,
  };
}

const NONE: readonly never[] = Object.freeze([]);

/** Decisions share their frozen references, and the ledger remembers the text of frozen objects: so are these shared. */
const knownRules = new WeakMap<Verdict['determining'], DecisionEntry['rules']>();

function rulesOf(determining: Verdict['determining']): DecisionEntry['rules'] {
  if (determining.length === 0) return NONE;
  let rules = knownRules.get(determining);
  if (rules === undefined) {
    rules = deepFreeze(determining.map(({ rule, location }) => ({ rule, line: location?.line ?? null })));
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
  readonly response?: { readonly digest: Digest; readonly bytes: number };
  readonly inspection?: OutcomeEntry['inspection'];
  readonly summary?: JsonObject;
}

export function outcomeEntry(link: Link, request: string, durationMs: number, settlement: Settlement): OutcomeEntry {
  return {
    kind: 'outcome',
    time: link.gate.clock.now(),
    request,
    outcome: settlement.outcome,
    code: settlement.code ?? null,
    durationMs: Math.max(0, Math.round(durationMs * 1000) / 1000),
    response: settlement.response ?? null,
    inspection: settlement.inspection ?? null,
    summary: settlement.summary ?? {},
  };
}

/**
 * Appends an entry whose loss must not stop what already happened (outcomes, anomalies). The ledger counts what it
 * cannot keep and says so in a gap record; the host hears of it.
 */
export function appendOrAnnounce(link: Pick<Link, 'gate'>, entry: AuditEntry): void {
  try {
    link.gate.ledger.append(entry);
  } catch (error) {
    link.gate.events.emit('ledger-failed', { error });
  }
}

/**
 * Appends the record that a message needs before it may go ahead, and waits for it to be durable where the message's ring
 * demands that. False where it may not go ahead: reads may without a record if the host said so, nothing else does.
 */
export function recordFirst(link: Pick<Link, 'gate'>, entry: AuditEntry, verdict: Verdict): boolean | Promise<boolean> {
  const { ledger, events, whenLedgerFails } = link.gate;
  const { durable } = verdict.obligations;
  const onFailure = (error: unknown): boolean => {
    events.emit('ledger-failed', { error });
    return !durable && whenLedgerFails === 'allow-reads';
  };
  try {
    const sequence = ledger.append(entry);
    return durable && verdict.effect === 'allow' ? ledger.durable(sequence).then(() => true, onFailure) : true;
  } catch (error) {
    return onFailure(error);
  }
}
