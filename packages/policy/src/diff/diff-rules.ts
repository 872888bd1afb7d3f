import type { JsonValue } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { RuleDocument } from '../document/types.ts';
import { approversChange, wordsOf } from './entry-changes.ts';
import { type Doubt } from './entry-strictness.ts';
import { isSameValue } from './same-value.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { ruleCalls } from './rule-calls.ts';
import { covers, type RuleSide } from './rule-coverage.ts';
import { waivedIn, type Comparison } from './sides.ts';

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
    widening: doubtLost(one, [...after.values()], waivedIn(comparison.registers[1])),
    narrowing: doubtLost(other, [...before.values()], waivedIn(comparison.registers[0])),
    changes: [
      ...ruleChanges(one, other),
      ...approversChanges([one, other], [...before.values()], [...after.values()], comparison),
    ],
    calls: () =>
      ruleCalls(
        [one, other].filter((side) => side !== undefined),
        comparison,
      ),
    before: one === undefined ? [] : one.rule.references,
    after: other === undefined ? [] : other.rule.references,
  };
}

/** Proves that whatever a rule stops is stopped, as firmly, by one of other rules. One that may be waived stands only for itself. */
function doubtLost(lost: RuleSide | undefined, others: readonly RuleSide[], waived: ReadonlySet<string>): Doubt {
  if (lost === undefined || lost.rule.stage !== 'enforce' || lost.rule.outcome === 'observe') return undefined;
  const sameId = others.find((other) => other.rule.id === lost.rule.id);
  const firm = others.filter((other) => other === sameId || !waived.has(other.rule.id));
  if ([...(sameId === undefined ? [] : [sameId]), ...firm].some((other) => covers(other, lost))) return undefined;
  return lost.rule.condition === undefined
    ? 'no other rule is proved to stop what it stopped, and no call was found that it alone stopped'
    : 'its condition cannot be compared with another';
}

/**
 * Of a rule that is added or taken out: whose approval is enough is up to all rules and entries that hold a call, together. Beside
 * others, one more adds those whom it names; and where it alone named anybody, without it anybody may approve.
 */
function approversChanges(
  [one, other]: readonly [RuleSide | undefined, RuleSide | undefined],
  before: readonly RuleSide[],
  after: readonly RuleSide[],
  comparison: Comparison,
): readonly CountedChange[] {
  const by = one === undefined ? other?.rule.approvers : other === undefined ? one.rule.approvers : undefined;
  if (by === undefined) return [];
  const lists = one === undefined ? approverLists(before, comparison.before) : approverLists(after, comparison.after);
  const addsTo = lists.some((list) => list !== undefined && by.some((name) => !list.includes(name)));
  const [isWider, isNarrower] =
    one === undefined ? [addsTo, lists.includes(undefined)] : [lists.includes(undefined), addsTo];
  if (!isWider && !isNarrower) return [];
  const words = { before: wordsOf(one?.document.by), after: wordsOf(other?.document.by) };
  const direction = isWider ? 'widened' : 'narrowed';
  return [{ key: 'by', direction, narrows: isNarrower ? 'yes' : 'no', ...words, counts: true }];
}

/** The approvers whom each rule and entry that may hold calls names; undefined: none. */
function approverLists(
  rules: readonly RuleSide[],
  { servers }: PolicyRuntime,
): readonly (readonly string[] | undefined)[] {
  const holding = rules.filter(({ rule }) => rule.outcome === 'hold' || (rule.outcome === 'raise' && rule.ring === 3));
  const entries = [...servers.values()].flatMap(({ parts }) => parts.tools.all);
  return [
    ...holding.map(({ rule }) => rule.approvers),
    ...entries.flatMap((entry) => (entry.isHeld || entry.ownRules.length > 0 ? [entry.approvers] : [])),
  ];
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
