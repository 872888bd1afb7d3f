import { own, type JsonObject } from '@callgate/canonical';
import { checkDefinition, type ToolNames } from '@callgate/inspector';
import { DEFAULT_RESULT_RULES } from '@callgate/policy';

import type { GateCore } from '../core.ts';
import {
  RECORDED_RULES,
  countedFindings,
  inspectInbound,
  type Inspected,
  type InspectedAs,
} from './inspect-inbound.ts';

/** Whose definition it is. */
export interface DefinitionOf {
  readonly server: string;
  /** Whether it is a tool's: tools are told apart from those of other servers. */
  readonly isTool: boolean;
}

/**
 * Inspects one item of a listing: its texts as any other, and its form. What its form says is treated as instruction-like text is; since
 * there is nothing to mask in a form, `redact` withholds it.
 */
export function inspectDefinition(
  gate: GateCore,
  item: JsonObject,
  of: DefinitionOf,
  as: InspectedAs,
): Inspected | Promise<Inspected> {
  const inspected = inspectInbound(gate, item, as);
  const next = (texts: Inspected): Inspected => withForm(gate.toolNames, item, of, as, texts);
  return inspected instanceof Promise ? inspected.then(next) : next(inspected);
}

function withForm(
  names: ToolNames,
  item: JsonObject,
  { server, isTool }: DefinitionOf,
  { rules = DEFAULT_RESULT_RULES, stage }: InspectedAs,
  texts: Inspected,
): Inspected {
  if (rules === 'off' || stage === 'off' || rules.instructions === 'pass') return texts;
  const findings = checkDefinition(item, { server, ...(isTool ? { names } : {}) });
  if (findings.length === 0) return texts;
  const { record } = texts;
  const all = [...new Set([...record.rules, ...findings.map(({ rule }) => rule)])].toSorted().slice(0, RECORDED_RULES);
  const isBad = rules.instructions !== 'flag' && findings.some(({ severity }) => severity === 'high');
  const verdict = rules.instructions === 'reject' ? 'reject' : 'quarantine';
  if ('refusal' in texts || !isBad) return { ...texts, record: { ...record, rules: all } };
  if (stage !== 'enforce') return { ...texts, record: { ...record, would: record.would ?? verdict, rules: all } };
  return {
    refusal: { code: 'response.quarantined', message: 'the definition is withheld: inspection found something in it' },
    record: { ...record, verdict, redactions: 0, rules: all },
    found: countedFindings(findings),
  };
}

/** Remembers the tools that a page lists, before any of them is compared. */
export function noteToolNames(names: ToolNames, server: string, tools: readonly JsonObject[]): void {
  for (const tool of tools) {
    const name = own(tool, 'name');
    if (typeof name === 'string') names.add(server, name);
  }
}
