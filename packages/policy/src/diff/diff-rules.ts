import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { areNamesWithin, freshText, instanceOf } from '../compare/name-patterns.ts';
import { isWhoWithin, principalsFor } from '../compare/who-within.ts';
import { variedObjects, withMember } from '../compare/value-samples.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { OneOrMore, ResourceMatchDocument, RuleDocument } from '../document/types.ts';
import type { Rule } from '../rules/rule.ts';
import { meetingObject } from './candidate-arguments.ts';
import { conditionArguments } from './condition-values.ts';
import { byContainment, wordsOf } from './entry-changes.ts';
import { checkOf, differingKey, isSameValue, type Doubt } from './entry-strictness.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { entriesOf, type Comparison, type EntrySide } from './sides.ts';

const MAX_TOOLS = 24;
const MAX_PRINCIPALS = 16;
const MAX_ARGUMENTS = 48;

/** A rule as it is written and as it is compiled. */
interface RuleSide {
  readonly document: RuleDocument;
  readonly rule: Rule;
}

/** What may differ in the rules across servers and tools, one draft for each id. Their order says nothing. */
export function diffRules(comparison: Comparison): readonly ItemDraft[] {
  const [before, after] = [rulesOf(comparison.before), rulesOf(comparison.after)];
  const ids = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return ids.map((id) => draftRule(id, comparison, before, after));
}

function rulesOf(policy: PolicyRuntime): ReadonlyMap<string, RuleSide> {
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

function covers(outer: RuleSide, inner: RuleSide): boolean {
  if (outer.rule.stage !== 'enforce' || !isAsFirm(outer.rule, inner.rule)) return false;
  const [wide, narrow] = [outer.document.match ?? {}, inner.document.match ?? {}];
  if (differingKey(wide, narrow, MATCH_KEYS) !== undefined) return false;
  return (
    areTargetsWithin(inner, outer) &&
    coversWho(outer, inner) &&
    areResourcesWithin(narrow.resources, wide.resources) &&
    coversCondition(outer, inner)
  );
}

const MATCH_KEYS: ReadonlySet<string> = new Set([
  'server',
  'tool',
  'method',
  'ring',
  'effect',
  'labels',
  'who',
  'resources',
]);

function isAsFirm(outer: Rule, inner: Rule): boolean {
  if (inner.outcome === 'raise') return outer.outcome === 'raise' && outer.ring >= inner.ring;
  return outer.outcome === 'deny' || outer.outcome === inner.outcome;
}

function areTargetsWithin(inner: RuleSide, outer: RuleSide): boolean {
  const [narrow, wide] = [inner.document.match ?? {}, outer.document.match ?? {}];
  if (isAboutTools(outer) && !isAboutTools(inner)) return false;
  return (
    areNamesWithin(listOf(narrow.server), listOf(wide.server)) &&
    areNamesWithin(listOf(narrow.tool), listOf(wide.tool)) &&
    areMethodsWithin(inner, outer) &&
    isSubset(listOf(narrow.ring), listOf(wide.ring)) &&
    isSubset(listOf(narrow.effect), listOf(wide.effect)) &&
    isSubset(listOf(narrow.labels), listOf(wide.labels))
  );
}

function isAboutTools({ document: { match }, rule }: RuleSide): boolean {
  return match?.tool !== undefined || match?.labels !== undefined || rule.condition?.readsTool === true;
}

/** Without a method a rule is about what the client asks for, which is more than tool calls and less than everything. */
function areMethodsWithin(inner: RuleSide, outer: RuleSide): boolean {
  const [narrow, wide] = [listOf(inner.document.match?.method), listOf(outer.document.match?.method)];
  if (isAboutTools(inner)) return areNamesWithin(['tools/call'], wide);
  if (wide === undefined) return narrow === undefined;
  return areNamesWithin(narrow, wide);
}

function listOf<Item>(value: OneOrMore<Item> | undefined): readonly Item[] | undefined {
  return value === undefined ? undefined : ([value].flat() as readonly Item[]);
}

function isSubset<Item>(inner: readonly Item[] | undefined, outer: readonly Item[] | undefined): boolean {
  return outer === undefined || (inner !== undefined && inner.every((item) => outer.includes(item)));
}

/** A principal that cannot be judged is denied by a rule that asks about it; a rule that only holds must ask the same. */
function coversWho(outer: RuleSide, inner: RuleSide): boolean {
  const [wide, narrow] = [outer.document.match?.who, inner.document.match?.who];
  if (!isWhoWithin(narrow, wide)) return false;
  return (
    outer.rule.outcome === 'deny' ||
    isSameValue(Object.keys(wide ?? {}).toSorted(), Object.keys(narrow ?? {}).toSorted())
  );
}

function areResourcesWithin(
  inner: ResourceMatchDocument | undefined,
  outer: ResourceMatchDocument | undefined,
): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return (
    RESOURCE_KEYS.every((key) => (inner[key] ?? []).every((pattern) => outer[key]?.includes(pattern) === true)) &&
    differingKey(inner, outer, new Set(RESOURCE_KEYS)) === undefined
  );
}

const RESOURCE_KEYS: readonly (keyof ResourceMatchDocument)[] = ['paths', 'hosts', 'tables', 'programs', 'addresses'];

/** What a condition cannot be evaluated for is denied, which to hold everything does not do. */
function coversCondition(outer: RuleSide, inner: RuleSide): boolean {
  const [wide, narrow] = [outer.rule.condition?.source, inner.rule.condition?.source];
  return wide === narrow || (wide === undefined && outer.rule.outcome === 'deny');
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
    const direction = key === 'by' ? approversDirectionOf(before, after) : OPAQUE.has(key) ? 'unknown' : 'changed';
    return [{ key, direction, before: wordsOf(was), after: wordsOf(is), counts: key === 'by' }];
  });
}

const OPAQUE: ReadonlySet<string> = new Set(['deny', 'hold', 'raise', 'observe']);

function approversDirectionOf(before: RuleDocument, after: RuleDocument): CountedChange['direction'] {
  return byContainment(isSubset(after.by, before.by), isSubset(before.by, after.by)) === 'narrowed'
    ? 'narrowed'
    : 'widened';
}

function outcomeWords(document: RuleDocument | undefined): string | null {
  if (document === undefined) return null;
  for (const key of ['deny', 'hold', 'raise', 'observe'] as const) {
    const value = document[key];
    if (value !== undefined) return value === true ? key : `${key}: ${wordsOf(value) ?? ''}`;
  }
  return '';
}

/** Calls that the rules may be about: of tools that they match, with arguments that name their resources and constants. */
function* ruleCalls(rules: readonly RuleSide[], comparison: Comparison): Generator<Call> {
  const { texts } = comparison;
  const conditions = rules.flatMap(({ rule }) => rule.condition?.source ?? []);
  const named = rules.flatMap(({ document }) => resourceTexts(document.match?.resources));
  for (const target of targetsOf(rules, comparison)) {
    const lists = [...target.after, ...target.before];
    const checks = lists.flatMap(({ entry }) => checkOf(entry.envelope) ?? []);
    const whos = [...lists.map(({ who }) => who), ...rules.map(({ document }) => document.match?.who)];
    const principals = principalsFor(whos, MAX_PRINCIPALS);
    const base = meetingObject(checks, texts) ?? {};
    const varied = checks.flatMap((check) => Array.from(variedObjects(check, texts)));
    const names = new Set([...checks.flatMap((check) => Array.from(check.byName.keys())), 'value']);
    const naming = [...names].flatMap((name) => named.map((text) => withMember(base, name, text)));
    const all = [base, ...conditionArguments(conditions, [base]), ...naming, ...varied].slice(0, 4 * MAX_ARGUMENTS);
    for (const args of all) {
      for (const principal of principals.slice(0, args === base ? MAX_PRINCIPALS : 3))
        yield target.callOf(args, principal);
    }
  }
}

interface Target {
  readonly before: readonly EntrySide[];
  readonly after: readonly EntrySide[];
  callOf(args: JsonObject, principal: Call['principal']): Call;
}

function* targetsOf(rules: readonly RuleSide[], { before, after }: Comparison): Generator<Target> {
  const servers = [...new Set([...after.servers.keys(), ...before.servers.keys()])];
  const wanted = rules.flatMap(({ document }) => [document.match?.tool ?? []].flat());
  const fresh = freshText(wanted);
  let count = 0;
  for (const server of servers) {
    const listed = [after, before].flatMap((policy) => Object.keys(policy.document.servers[server]?.tools ?? {}));
    const tools = new Set([...listed, ...wanted].map((name) => instanceOf(name, fresh)));
    for (const tool of tools) {
      const fitsAny = rules.some(({ rule }) =>
        rule.fits({
          server,
          direction: 'client-to-server',
          method: 'tools/call',
          tool,
          ring: undefined,
          effect: undefined,
          labels: undefined,
        }),
      );
      if (!fitsAny) continue;
      count += 1;
      if (count > MAX_TOOLS) return;
      yield {
        before: judgedBy(before, server, tool),
        after: judgedBy(after, server, tool),
        callOf: (args, principal) => ({
          server,
          direction: 'client-to-server',
          method: 'tools/call',
          params: { name: tool, arguments: args },
          principal,
        }),
      };
    }
  }
}

function judgedBy(policy: PolicyRuntime, server: string, tool: string): readonly EntrySide[] {
  const runtime = policy.servers.get(server);
  return runtime === undefined ? [] : entriesOf(policy, runtime.parts.tools, tool);
}

/** Texts that name what the patterns match. */
function resourceTexts(match: ResourceMatchDocument | undefined): readonly string[] {
  return RESOURCE_KEYS.flatMap((key) =>
    (match?.[key] ?? []).map((pattern) =>
      pattern
        .replaceAll('**', 'x')
        .replaceAll('*', 'x')
        .replace(/^\.(?=[^/]+$)/u, key === 'hosts' ? 'x.' : '.'),
    ),
  );
}
