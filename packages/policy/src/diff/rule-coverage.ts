import { areNamesWithin } from '../compare/name-patterns.ts';
import { isWhoWithin } from '../compare/who-within.ts';
import type { OneOrMore, ResourceMatchDocument, RuleDocument, RuleMatchDocument } from '../document/types.ts';
import type { Rule } from '../rules/rule.ts';
import { coversCondition } from './condition-coverage.ts';
import { differingKey } from './entry-strictness.ts';
import { isSameValue } from './same-value.ts';

/** A rule as it is written and as it is compiled. */
export interface RuleSide {
  readonly document: RuleDocument;
  readonly rule: Rule;
}

/** Proves that whatever a rule stops, another stops at least as firmly. */
export function covers(outer: RuleSide, inner: RuleSide): boolean {
  if (outer.rule.stage !== 'enforce' || !isAsFirm(outer.rule, inner.rule)) return false;
  const [wide, narrow] = [outer.document.match ?? {}, inner.document.match ?? {}];
  if (differingKey(wide, narrow, MATCH_KEYS) !== undefined) return false;
  return (
    areTargetsWithin(inner, outer) &&
    coversWho(outer, inner) &&
    areResourcesWithin(narrow.resources, wide.resources) &&
    coversCondition(outer.rule.condition, inner.rule.condition, outer.rule.outcome === 'deny')
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

/**
 * Proves that what controls over many calls match is within what others match. Without a method they are about tool calls. Who is to be
 * asked about in the same words: a principal that cannot be judged is denied.
 */
export function isMatchWithin(inner: RuleMatchDocument, outer: RuleMatchDocument): boolean {
  const methodsOf = ({ method, tool, labels }: RuleMatchDocument): readonly string[] =>
    tool === undefined && labels === undefined && method !== undefined ? [method].flat() : ['tools/call'];
  return (
    differingKey(inner, outer, MATCH_KEYS) === undefined &&
    areNamesWithin(methodsOf(inner), methodsOf(outer)) &&
    areFacetsWithin(inner, outer) &&
    isWhoWithin(inner.who, outer.who) &&
    isSameValue(Object.keys(outer.who ?? {}).toSorted(), Object.keys(inner.who ?? {}).toSorted()) &&
    areResourcesWithin(inner.resources, outer.resources)
  );
}

function areTargetsWithin(inner: RuleSide, outer: RuleSide): boolean {
  if (isAboutTools(outer) && !isAboutTools(inner)) return false;
  return areMethodsWithin(inner, outer) && areFacetsWithin(inner.document.match ?? {}, outer.document.match ?? {});
}

function areFacetsWithin(narrow: RuleMatchDocument, wide: RuleMatchDocument): boolean {
  return (
    areNamesWithin(listOf(narrow.server), listOf(wide.server)) &&
    areNamesWithin(listOf(narrow.tool), listOf(wide.tool)) &&
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

/** Whether a list is within another; an undefined one holds everything. */
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

/** What a rule can match by name. */
export const RESOURCE_KEYS: readonly (keyof ResourceMatchDocument)[] = [
  'paths',
  'hosts',
  'tables',
  'programs',
  'addresses',
];
