import type { OutcomeEntry } from '@callgate/audit';
import { isJsonObject, type JsonObject } from '@callgate/canonical';
import type { Finding, Inspection, InspectionContext, Surface } from '@callgate/inspector';
import type { Obligations, Stage } from '@callgate/policy';

import type { GateCore } from '../core.ts';
import type { QuarantinedFinding } from '../quarantine/quarantined-item.ts';
import type { Refusal } from '../verdicts.ts';

/** From how many bytes on an inspection lets the host work in between. */
const IN_TURNS_FROM = 65_536;

/** How many ids of rules one record names. */
export const RECORDED_RULES = 32;

type InspectionRecord = NonNullable<OutcomeEntry['inspection']>;

/** What became of something a server sent: what goes on, or why it is withheld. */
export type Inspected<Content extends JsonObject = JsonObject> =
  | { readonly content: Content; readonly record: InspectionRecord }
  | Withheld;

/** Something that is withheld. */
export interface Withheld {
  readonly refusal: Refusal;
  readonly record: InspectionRecord;
  /** What was found, by rule: the first 32 of them. */
  readonly found: readonly QuarantinedFinding[];
}

/** What an inspection goes by. */
export interface InspectedAs {
  readonly rules: Obligations['result'];
  /** Below `enforce` everything is looked for, recorded, and passed on. */
  readonly stage: Stage;
  readonly surface: Surface;
  readonly bytes: number;
  /** Set for the result of a tool: what the server listed of it. */
  readonly tool?: InspectionContext['tool'];
}

/** The record of what was not inspected, or held nothing. */
export const NOT_FOUND: InspectionRecord = Object.freeze({
  verdict: 'pass',
  would: null,
  redactions: 0,
  rules: Object.freeze([]),
});

/** Inspects something that a server sent. Large messages are read in turns, and those that take too long are withheld. */
export function inspectInbound<Content extends JsonObject>(
  gate: GateCore,
  content: Content,
  { rules, stage, surface, bytes, tool }: InspectedAs,
): Inspected<Content> | Promise<Inspected<Content>> {
  if (rules === 'off' || stage === 'off') return { content, record: NOT_FOUND };
  const inspector = gate.inspectors.of(rules);
  const next = (inspection: Inspection): Inspected<Content> => concluded(content, inspection, stage);
  const context: InspectionContext = tool === undefined ? { surface } : { surface, tool };
  if (bytes < IN_TURNS_FROM) return next(inspector.inspect(content, context));
  const options = { turn: nextTurn, elapsedMs: gate.elapsedMs, maxMs: gate.maxInspectionMs };
  return inspector.inspectInTurns(content, context, options).then(next);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function concluded<Content extends JsonObject>(
  content: Content,
  inspection: Inspection,
  stage: Stage,
): Inspected<Content> {
  const { verdict, value, findings, redactions } = inspection;
  if (findings.length === 0 && verdict === 'pass') return { content, record: NOT_FOUND };
  const rules = [...new Set(findings.map(({ rule }) => rule))].toSorted().slice(0, RECORDED_RULES);
  if (stage !== 'enforce') {
    return { content, record: { verdict: 'pass', would: verdict === 'pass' ? null : verdict, redactions: 0, rules } };
  }
  const isWhole = value !== undefined && isJsonObject(value);
  // What is left of a message that is withheld is nobody's.
  const record = { verdict, would: null, redactions: isWhole ? redactions : 0, rules };
  if (isWhole) return { content: value as Content, record };
  return { refusal: refusalOf(inspection), record, found: countedFindings(findings) };
}

/** Findings by rule, with how many there are of each; the first 32 rules. */
export function countedFindings(findings: readonly Finding[]): readonly QuarantinedFinding[] {
  const byRule = new Map<string, QuarantinedFinding>();
  for (const { rule, severity } of findings) {
    const before = byRule.get(rule);
    if (before === undefined && byRule.size >= RECORDED_RULES) continue;
    byRule.set(rule, { rule, severity, count: (before?.count ?? 0) + 1 });
  }
  return [...byRule.values()];
}

/** Says what kind of thing was found and never what: the model reads it. */
function refusalOf({ determining, verdict }: Inspection): Refusal {
  const what = determining.length === 0 ? 'something that must not pass' : determining.slice(0, 4).join(', ');
  return {
    code: 'response.quarantined',
    message: `the answer is withheld: inspection found ${what}`,
    hints: [
      verdict === 'reject'
        ? 'do without this answer; asking again gives the same'
        : 'ask for less, or for other parts; a person can look at what was withheld',
    ],
    next: 'use_other_tool',
  };
}

/** The surface that the answer of a method is. */
export function surfaceOf(method: string): Surface {
  switch (method) {
    case 'prompts/get':
      return 'prompt';
    case 'resources/read':
      return 'resource';
    case 'initialize':
    case 'server/discover':
      return 'instructions';
    case 'tools/list':
    case 'prompts/list':
    case 'resources/list':
    case 'resources/templates/list':
      return 'definition';
    default:
      return 'result';
  }
}
