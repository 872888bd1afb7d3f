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
import { toolHistory, toolLabels } from '@callgate/policy';

import type { Exchange } from '../connection/exchange.ts';
import { nameOf, type Link } from '../connection/link.ts';
import type { Settlement } from '../connection/record.ts';
import { stringsOf } from './strings-of.ts';
import { historyNeeds } from './history-needs.ts';

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

/** What is computed of an answer is no more than the controls in force look at. */
export function countOutcome(
  link: Link,
  exchange: Exchange,
  settlement: Settlement,
  durationMs: number,
): CountedOutcome {
  const kind = KINDS[settlement.outcome];
  if (kind === undefined) return NOTHING;
  const { policy } = link.gate;
  const needs = historyNeeds(policy);
  const tool = exchange.method === 'tools/call' ? nameOf(exchange.method, exchange.params) : undefined;
  const named = tool === undefined ? undefined : { server: link.serverName, tool };
  const rule = named === undefined ? undefined : toolHistory(policy, named).cost;
  if (!needs.any && rule === undefined) return NOTHING;
  const answer =
    settlement.answer !== undefined && 'result' in settlement.answer ? settlement.answer.result : undefined;
  const structured = needs.result && answer !== undefined ? structuredOf(answer) : undefined;
  const found = needs.flows ? foundLabels(settlement) : NONE;
  const brought = needs.flows && answer !== undefined ? broughtLabels(link, named, found) : NONE;
  const outcome: CallOutcome = {
    outcome: kind,
    durationMs,
    bytes: settlement.response?.bytes ?? 0,
    ...(settlement.code === undefined ? {} : { errorClass: settlement.code }),
    ...(needs.digest && settlement.response !== undefined ? { resultDigest: digest(settlement.response.text) } : {}),
    ...(structured === undefined ? {} : { result: structured }),
    ...(needs.rows && answer !== undefined ? rowsOf(exchange, answer) : {}),
    ...(needs.tokens && answer !== undefined ? { tokens: tokensOf(answer, Number.MAX_SAFE_INTEGER) } : {}),
    ...(found.length === 0 ? {} : { labels: found }),
    ...(brought.length === 0 || answer === undefined ? {} : { fingerprints: fingerprintsOf(stringsOf(answer)) }),
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
function foundLabels({ inspection }: Settlement): readonly string[] {
  return inspection?.rules.some((rule) => rule.startsWith('instructions.')) === true ? UNTRUSTED : NONE;
}

const UNTRUSTED: readonly string[] = Object.freeze(['untrusted']);

function broughtLabels(
  link: Link,
  named: { readonly server: string; readonly tool: string } | undefined,
  found: readonly string[],
): readonly string[] {
  const declared = named === undefined ? NONE : toolLabels(link.gate.policy, named);
  const trusted = link.server?.trust === 'external' ? UNTRUSTED : NONE;
  return [...new Set([...declared, ...trusted, ...found])].toSorted();
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
