import type { JsonValue } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { RuleDocument } from '../document/types.ts';
import { approversChange, wordsOf } from './entry-changes.ts';
import { isSameValue, type Doubt } from './entry-strictness.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { ruleCalls } from './rule-calls.ts';
import { covers, type RuleSide } from './rule-coverage.ts';
import type { Comparison } from './sides.ts';

/** What may differ in the rules across servers and tools, one draft for each id. Their order says nothing. */
export function diffRules(comparison: Comparison): readonly ItemDraft[] {
  const [before, after] = [rulesOf(comparison.before), rulesOf(comparison.after)];
  const ids = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return ids.map((id) => draftRule(id, comparison, before, after));
}

/** The rules of a policy with what its author wrote, by id. */
export function rulesOf(policy: PolicyRuntime): ReadonlyMap<string, RuleSide> {
  const documents = new Map((policy.document.rules ?? []).map((document) => [document.id, document]));
  return new Map(
    policy.rules.flatMap((rule) => {
      const document = documents.get(rule.id);
      return document === undefined ? [] : [[rule.id, { document, rule }] as const];
    }),
  );
}

function draftRule(
  id: string,
  comparison: Comparison,
  before: ReadonlyMap<string, RuleSide>,
  after: ReadonlyMap<string, RuleSide>,
): ItemDraft {
  const [one, other] = [before.get(id), after.get(id)];
  return {
    subject: 'rule',
    server: null,
    name: id,
    status: one === undefined ? 'added' : other === undefined ? 'removed' : 'modified',
    widening: doubtLost(one, [...after.values()]),
    narrowing: doubtLost(other, [...before.values()]),
    changes: ruleChanges(one, other),
    calls: () =>
      ruleCalls(
        [one, other].filter((side) => side !== undefined),
        comparison,
      ),
    before: one === undefined ? [] : one.rule.references,
    after: other === undefined ? [] : other.rule.references,
  };
}

/** Proves that whatever a rule stops is stopped, as firmly, by one of other rules. */
function doubtLost(lost: RuleSide | undefined, others: readonly RuleSide[]): Doubt {
  if (lost === undefined || lost.rule.stage !== 'enforce' || lost.rule.outcome === 'observe') return undefined;
  const sameId = others.find((other) => other.rule.id === lost.rule.id);
  if ([...(sameId === undefined ? [] : [sameId]), ...others].some((other) => covers(other, lost))) return undefined;
  return lost.rule.condition === undefined
    ? 'no other rule is proved to stop what it stopped, and no call was found that it alone stopped'
    : 'its condition cannot be compared with another';
}

function ruleChanges(one: RuleSide | undefined, other: RuleSide | undefined): readonly CountedChange[] {
  const [before, after] = [one?.document, other?.document];
  if (before === undefined || after === undefined) {
    return [
      { key: 'rule', direction: 'changed', before: outcomeWords(before), after: outcomeWords(after), counts: false },
    ];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as ReadonlySet<keyof RuleDocument>;
  return [...keys].toSorted().flatMap((key): readonly CountedChange[] => {
    const [was, is] = [before[key], after[key]] as readonly (JsonValue | undefined)[];
    if (isSameValue(was, is)) return [];
    const words = { before: wordsOf(was), after: wordsOf(is) };
    if (key === 'by') return [{ key, ...approversChange(before.by, after.by), ...words, counts: true }];
    return [{ key, direction: OPAQUE.has(key) ? 'unknown' : 'changed', ...words, counts: false }];
  });
}

const OPAQUE: ReadonlySet<string> = new Set(['deny', 'hold', 'raise', 'observe']);

function outcomeWords(document: RuleDocument | undefined): string | null {
  if (document === undefined) return null;
  for (const key of ['deny', 'hold', 'raise', 'observe'] as const) {
    const value = document[key];
    if (value !== undefined) return value === true ? key : `${key}: ${wordsOf(value) ?? ''}`;
  }
  return '';
}
