import { costOf, fingerprintsOf, type CallOutcome, type OutcomeKind } from '@callgate/breaker';
import type { OutcomeEntry } from '@callgate/audit';
import {
  digest,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import { tokensOf } from '@callgate/inspector';
import { toolHistory } from '@callgate/policy';

import type { Exchange } from '../connection/exchange.ts';
import { nameOf, type Link } from '../connection/link.ts';
import type { Settlement } from '../connection/record.ts';
import { shapeOf } from '../connection/result-shape.ts';
import { UNTRUSTED, declaredLabels } from './brought-labels.ts';
import { historyNeeds, policyOf } from './history-needs.ts';
import { stringsOf } from './strings-of.ts';

/** Text beyond this is not read as JSON for what a plan or a cost says. */
const MAX_JSON_UNITS = 256 * 1024;

const KINDS: Readonly<Record<OutcomeEntry['outcome'], OutcomeKind | undefined>> = {
  ok: 'ok',
  tool_error: 'tool_error',
  protocol_error: 'error',
  cancelled: 'cancelled',
  timeout: 'timeout',
  quarantined: 'quarantined',
  unknown: 'unknown',
  denied: undefined,
  not_sent: undefined,
};

/** What became of a call, as controls count it, and what its record says of that. */
export interface CountedOutcome {
  /** Undefined for what never left. */
  readonly outcome: CallOutcome | undefined;
  readonly cost?: number;
  readonly labels?: readonly string[];
}

/** Of what never left, nothing is counted. */
export const NOTHING: CountedOutcome = Object.freeze({ outcome: undefined });

/**
 * What is computed of an answer is no more than the controls look at that the call was decided by.
 *
 * @param durationMs from sending to the answer: what a call waits here says nothing of the server
 */
export function countOutcome(
  link: Link,
  exchange: Exchange,
  settlement: Settlement,
  durationMs: number,
): CountedOutcome {
  const kind = KINDS[settlement.outcome];
  if (kind === undefined) return NOTHING;
  const policy = policyOf(link, exchange);
  const needs = historyNeeds(policy);
  if (!needs.any && !needs.costs) return NOTHING;
  const tool = exchange.method === 'tools/call' ? nameOf(exchange.method, exchange.params) : undefined;
  const named = tool === undefined ? undefined : { server: link.serverName, tool };
  const rule = named === undefined ? undefined : toolHistory(policy, named).cost;
  const { answer: answered } = settlement;
  const answer = answered !== undefined && 'result' in answered ? answered.result : undefined;
  const said = answered !== undefined && 'error' in answered ? answered.error : answer;
  const structured = needs.result && answer !== undefined ? structuredOf(answer) : undefined;
  const found = needs.flows ? foundLabels(settlement) : NONE;
  const brought = needs.flows && said !== undefined ? labelsWith(declaredLabels(link, exchange), found) : NONE;
  const outcome: CallOutcome = {
    outcome: kind,
    ...(answer === undefined ? {} : { goesOn: goesOn(exchange, answer) }),
    durationMs,
    bytes: settlement.response?.bytes ?? 0,
    ...(settlement.code === undefined ? {} : { errorClass: settlement.code }),
    ...(needs.digest && settlement.response !== undefined ? { resultDigest: digest(settlement.response.text) } : {}),
    ...(structured === undefined ? {} : { result: structured }),
    ...(needs.rows && answer !== undefined ? rowsOf(exchange, answer) : {}),
    ...(needs.tokens && answer !== undefined ? { tokens: tokensOf(answer, Number.MAX_SAFE_INTEGER) } : {}),
    ...(found.length === 0 ? {} : { labels: found }),
    ...(brought.length === 0 || said === undefined ? {} : { fingerprints: fingerprintsOf(stringsOf(said)) }),
  };
  const cost = rule === undefined ? Number.NaN : costOf(rule, outcome, 0);
  return {
    outcome,
    ...(Number.isFinite(cost) ? { cost } : {}),
    ...(brought.length === 0 ? {} : { labels: brought }),
  };
}

const NONE: readonly string[] = Object.freeze([]);

/** What in the answer itself makes it something else than policy says: text that speaks to the model is nobody's own. */
export function foundLabels({ inspection }: Pick<Settlement, 'inspection'>): readonly string[] {
  return inspection?.rules.some((rule) => rule.startsWith('instructions.')) === true ? FOUND : NONE;
}

const FOUND: readonly string[] = Object.freeze([UNTRUSTED]);

/** What policy says that an answer is, and what inspection found in it. Sorted. */
export function labelsWith(declared: readonly string[], found: readonly string[]): readonly string[] {
  return found.length === 0 ? declared : [...new Set([...declared, ...found])].toSorted();
}

/** Whether a result is no end: it asks the client for something first (MCP 2026-07-28, multi round-trip requests), or began a task. */
export function goesOn(exchange: Exchange, result: JsonObject): CallOutcome['goesOn'] {
  const { kind } = shapeOf(exchange, result);
  return kind === 'input-required' ? 'asked' : kind === 'task' ? 'begun' : undefined;
}

/** The structured result; where a server sends its structure as text only, that. */
function structuredOf(result: JsonObject): JsonObject | undefined {
  const structured = own(result, 'structuredContent');
  if (structured !== undefined) return isJsonObject(structured) ? structured : undefined;
  const content = own(result, 'content');
  const [only, ...others] = Array.isArray(content) ? (content as readonly JsonValue[]) : [];
  const text = only !== undefined && others.length === 0 && isJsonObject(only) ? own(only, 'text') : undefined;
  if (typeof text !== 'string' || text.length > MAX_JSON_UNITS) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Rows where the policy says that they are; what it says nothing of is not known. */
function rowsOf({ verdict }: Exchange, result: JsonObject): Pick<CallOutcome, 'rows'> {
  const rules = verdict?.obligations.result;
  const limits = rules === undefined || rules === 'off' ? [] : (rules.rows ?? []);
  const structured = structuredOf(result);
  if (structured === undefined) return {};
  const counts = limits.flatMap(({ at }) => {
    const rows = resolvePointer(structured, parsePointer(at));
    return Array.isArray(rows) ? [(rows as readonly JsonValue[]).length] : [];
  });
  return counts.length === 0 ? {} : { rows: Math.max(...counts) };
}
