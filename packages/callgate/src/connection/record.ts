import type { AuditEntry, DecisionEntry, OutcomeEntry } from '@callgate/audit';
import { digest, digestJson, type Digest, type JsonObject } from '@callgate/canonical';
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

const EMPTY_DIGEST: Digest = digest('{}');

/** The decision record of one message: digests, names and shapes. */
export function decisionEntry(link: Link, decided: DecidedMessage): DecisionEntry {
  const { verdict, params, method, actor } = decided;
  const { policy, clock } = link.gate;
  const target = targetOf(method, params);
  const callArguments = argumentsOf(method, params);
  return {
    kind: 'decision',
    time: clock.now(),
    request: decided.request,
    run: actor.run ?? null,
    trace: decided.trace,
    principal: actor.principal,
    server: {
      name: link.serverName,
      trust: link.server?.trust ?? null,
      identity: link.server?.identity ?? null,
      manifest: link.definitions.manifest,
    },
    direction: decided.direction,
    message: decided.message,
    method,
    target,
    definition: method === 'tools/call' ? link.definitions.digestOf(nameOf(method, params) ?? '') : null,
    ring: verdict.ring ?? null,
    toolEffect: verdict.toolEffect ?? null,
    params: Object.keys(params).length === 0 ? EMPTY_DIGEST : digestJson(params),
    arguments: callArguments === undefined ? null : digestJson(callArguments),
    summary: verdict.summary,
    policy: { name: policy.name, version: policy.version, digest: policy.digest },
    rules: verdict.determining.map(({ rule, location }) => ({ rule, line: location?.line ?? null })),
    effect: verdict.effect,
    would: verdict.would ?? null,
    stage: verdict.stage,
    code: verdict.code,
    violations: verdict.violations.map(({ code, pointer }) => ({ code, pointer })),
    interceptors: decided.interceptors,
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
