import { canonicalize, digest, isJsonObject, own, parsePointer, type JsonObject } from '@callgate/canonical';
import { toolHistory, type CompiledPolicy, type IdempotencyControl } from '@callgate/policy';

import { ownerOf } from '../actor.ts';
import type { Verdict } from '../codes.ts';
import type { Exchange } from '../connection/exchange.ts';
import { argumentsOf, nameOf, type Link } from '../connection/link.ts';
import { shapeOf } from '../connection/result-shape.ts';
import { META_NAMESPACE } from '../denial.ts';
import { joinSeen } from './brought-labels.ts';
import { goesOn } from './call-outcome.ts';
import { historyNeeds, policyOf } from './history-needs.ts';

/** The `_meta` key of an answer that was given before: the gate's id of the call that it was given to. */
export const REPEATED_META_KEY: string = `${META_NAMESPACE}repeated`;

/** How the call of an exchange is kept from happening twice; undefined where the policy does not ask for it. */
export function idempotencyOf(link: Link, exchange: Exchange): IdempotencyControl | undefined {
  return controlIn(policyOf(link, exchange), link, exchange);
}

function controlIn(policy: CompiledPolicy, link: Link, { method, params }: Exchange): IdempotencyControl | undefined {
  if (method !== 'tools/call' || !historyNeeds(policy).keys) return undefined;
  const tool = nameOf(method, params);
  return tool === undefined ? undefined : toolHistory(policy, { server: link.serverName, tool }).idempotency;
}

/**
 * The params with an idempotency key, where policy gives a call one that has none. Within a run the same call of the same principal gets
 * the same key, so that it happens once however often it is tried; without a run each call is one of its own.
 */
export function withIdempotencyKey(link: Link, exchange: Exchange): JsonObject {
  const { params } = exchange;
  const control = controlIn(link.gate.policy, link, exchange);
  if (control?.inject !== true) return params;
  const [name, ...deeper] = parsePointer(control.pointer);
  const args = argumentsOf(exchange.method, params) ?? NO_ARGUMENTS;
  if (name === undefined || deeper.length > 0 || own(args, name) !== undefined) return params;
  return Object.freeze({ ...params, arguments: Object.freeze({ ...args, [name]: keyOf(link, exchange, args) }) });
}

const NO_ARGUMENTS: JsonObject = Object.freeze({});
const KEY_DIGITS = 32;

function keyOf(link: Link, { actor, params, request }: Exchange, args: JsonObject): string {
  if (actor.run === undefined) return request;
  const call = [actor.run, ownerOf(actor), link.serverName, own(params, 'name') ?? null, args];
  return digest(canonicalize(call)).slice('sha256:'.length, 'sha256:'.length + KEY_DIGITS);
}

/** Keeps the answer of a call that happens once, for whoever repeats it. */
export function keepOutcome(link: Link, exchange: Exchange, result: JsonObject, labels: readonly string[]): void {
  const control = idempotencyOf(link, exchange);
  if (control === undefined || goesOn(result) === 'asked') return;
  link.gate.keptOutcomes.keep(exchange.request, { result, labels }, link.gate.clock.now() + control.withinMs);
}

/**
 * The answer that a repeated call gets: that of the first, marked, with its labels. Undefined where it is not kept, is none that the call
 * could have got, the call is no repetition, or its run cannot be told to have seen it.
 */
export function repeatedOutcome(link: Link, exchange: Exchange, verdict: Verdict): JsonObject | undefined {
  const [first] = verdict.sources ?? [];
  if (verdict.code !== 'idempotency.repeated' || first === undefined) return undefined;
  const kept = link.gate.keptOutcomes.get(first, link.gate.clock.now());
  if (kept === undefined) return undefined;
  const { result, labels } = kept;
  if (shapeOf(exchange, result).kind === 'malformed') return undefined;
  if (!joinSeen(link, exchange, { call: first, labels, content: result })) return undefined;
  const meta = own(result, '_meta');
  return {
    ...result,
    // MCP 2026-07-28: every result has one.
    ...(exchange.isModern && own(result, 'resultType') === undefined ? { resultType: 'complete' } : {}),
    _meta: { ...(meta !== undefined && isJsonObject(meta) ? meta : {}), [REPEATED_META_KEY]: first },
  };
}
