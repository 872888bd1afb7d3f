import { costOf, fingerprintsOf, type CallOutcome, type OutcomeKind } from '@callgate/breaker';
import type { OutcomeEntry } from '@callgate/audit';
import {
  digest,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type Digest,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import { tokensOf } from '@callgate/inspector';
import { toolHistory, toolLabels, type CompiledPolicy, type Decision } from '@callgate/policy';

import type { Exchange } from '../connection/exchange.ts';
import { nameOf, type Link } from '../connection/link.ts';
import type { Settlement } from '../connection/record.ts';
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

/** A call that ended, with all that its outcome is counted from. */
export interface EndedCall {
  /** The policy that it was decided by. */
  readonly policy: CompiledPolicy;
  readonly server: string;
  /** The tool, or undefined for other methods. */
  readonly tool: string | undefined;
  /** How its results are inspected, as its decision says. */
  readonly rules: Decision['obligations']['result'] | undefined;
  readonly outcome: OutcomeEntry['outcome'];
  readonly code: string | null;
  /** From sending to the answer: what a call waits here says nothing of the server. */
  readonly durationMs: number;
  /** The answer as it came; null where there was none. */
  readonly response: { readonly bytes: number; readonly digest: Digest } | null;
  /** Labels that policy says it brings besides those of the tool: of calls inside it (`Attempt.labels`), or of the call that a task runs. */
  readonly labels: readonly string[];
  /** Labels that inspection found; see {@link foundLabels}. */
  readonly found: readonly string[];
  /** The result as the client gets it. */
  readonly result: JsonObject | undefined;
  /** The error as the client gets it. */
  readonly error: JsonObject | undefined;
}

/** What of a call that ended is counted. What is computed is no more than the controls in force look at. */
export function countOutcome(
  link: Link,
  exchange: Exchange,
  settlement: Settlement,
  durationMs: number,
): CountedOutcome {
  const { outcome, code = null, response, answer } = settlement;
  const { method, params, verdict } = exchange;
  return countEnded({
    policy: policyOf(link, exchange),
    server: link.serverName,
    tool: method === 'tools/call' ? nameOf(method, params) : undefined,
    rules: verdict?.obligations.result,
    outcome,
    code,
    durationMs,
    response:
      response === undefined
        ? null
        : {
            bytes: response.bytes,
            get digest() {
              return digest(response.text);
            },
          },
    labels: declaredLabels(link, exchange),
    found: foundLabels(settlement),
    result: answer !== undefined && 'result' in answer ? answer.result : undefined,
    error: answer !== undefined && 'error' in answer ? answer.error : undefined,
  });
}

/** The same of a call that is known from a trace: a replay counts what the gate counted. */
export function countEnded(ended: EndedCall): CountedOutcome {
  const { policy, server, tool, found, durationMs, code } = ended;
  const kind = KINDS[ended.outcome];
  if (kind === undefined) return NOTHING;
  const needs = historyNeeds(policy);
  if (!needs.any && !needs.costs) return NOTHING;
  const named = tool === undefined ? undefined : { server, tool };
  const rule = named === undefined ? undefined : toolHistory(policy, named).cost;
  const { response, result, error } = ended;
  const said = result ?? error;
  const structured = needs.result && result !== undefined ? structuredOf(result) : undefined;
  const brought = needs.flows && said !== undefined ? broughtLabels(ended, named) : NONE;
  const outcome: CallOutcome = {
    outcome: kind,
    ...(tool === undefined || result === undefined ? {} : { goesOn: goesOn(result) }),
    durationMs,
    bytes: response?.bytes ?? 0,
    ...(code === null ? {} : { errorClass: code }),
    ...(needs.digest && response !== null ? { resultDigest: response.digest } : {}),
    ...(structured === undefined ? {} : { result: structured }),
    ...(needs.rows && result !== undefined ? rowsOf(ended.rules, result) : {}),
    ...(needs.tokens && result !== undefined ? { tokens: tokensOf(result, Number.MAX_SAFE_INTEGER) } : {}),
    ...(needs.flows && found.length > 0 ? { labels: found } : {}),
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
export function goesOn(result: JsonObject): CallOutcome['goesOn'] {
  const resultType = own(result, 'resultType');
  if (resultType === 'input_required') return 'asked';
  return resultType === 'task' || (resultType === undefined && own(result, 'task') !== undefined) ? 'begun' : undefined;
}

function broughtLabels(
  { policy, server, labels, found }: EndedCall,
  named: { readonly server: string; readonly tool: string } | undefined,
): readonly string[] {
  const declared = named === undefined ? NONE : toolLabels(policy, named);
  const trusted = policy.servers.get(server)?.trust === 'external' ? FOUND : NONE;
  return [...new Set([...declared, ...trusted, ...labels, ...found])].toSorted();
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
function rowsOf(rules: EndedCall['rules'], result: JsonObject): Pick<CallOutcome, 'rows'> {
  const limits = rules === undefined || rules === 'off' ? [] : (rules.rows ?? []);
  const structured = structuredOf(result);
  if (structured === undefined) return {};
  const counts = limits.flatMap(({ at }) => {
    const rows = resolvePointer(structured, parsePointer(at));
    return Array.isArray(rows) ? [(rows as readonly JsonValue[]).length] : [];
  });
  return counts.length === 0 ? {} : { rows: Math.max(...counts) };
}
