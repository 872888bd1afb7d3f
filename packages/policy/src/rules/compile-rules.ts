import { appendPointer } from '@callgate/canonical';

import { compileConditionAt } from '../conditions/compile-condition-at.ts';
import type { ConditionTypes } from '../conditions/condition.ts';
import { referenceTo } from '../compile/reference-to.ts';
import type { Stage } from '../decision.ts';
import type { OneOrMore, RuleDocument, RuleMatchDocument } from '../document/types.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { compileNameSet } from '../match/glob.ts';
import { compileWho } from '../match/who.ts';
import { PROTOCOL_METHODS } from '../methods/protocol-methods.ts';
import { compileResources } from '../resources/compile-resources.ts';
import type { Rule, RuleOutcome, RuleTarget } from './rule.ts';

/** What rules take from the policy around them. */
export interface RuleScope {
  readonly stage: Stage;
  readonly owner: string | undefined;
  /** What is known of the arguments of the calls that a rule fits, which is about tools of these names and patterns. */
  typesOf(fits: (target: RuleTarget) => boolean, tools: readonly string[]): ConditionTypes;
}

/**
 * Compiles the rules of a policy. What is wrong with them goes to the context's issues. Sorted by id: their order says nothing.
 *
 * @param seen ids that are taken; theirs are added
 */
export function compileRules(
  documents: readonly RuleDocument[],
  seen: Set<string>,
  scope: RuleScope,
  context: CompileContext,
): readonly Rule[] {
  const rules = documents.flatMap((document, index): Rule[] => {
    const pointer = `/rules/${index}`;
    if (context.issues.has(pointer)) return [];
    if (seen.has(document.id)) {
      context.issues.add(`${pointer}/id`, 'an id that no other rule has', 'one that another rule has');
      return [];
    }
    seen.add(document.id);
    return [compileRule(document, pointer, scope, context)];
  });
  return rules.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

function compileRule(document: RuleDocument, pointer: string, scope: RuleScope, context: CompileContext): Rule {
  const { outcome, source, at } = outcomeOf(document, pointer);
  const match = document.match ?? {};
  const isAboutTools = match.tool !== undefined || match.labels !== undefined;
  const draft = fitsOf(match, isAboutTools);
  const tools = match.tool === undefined ? ['*'] : listOf(match.tool);
  const condition =
    source === undefined ? undefined : compileConditionAt(source, at, scope.typesOf(draft, tools), context);
  // what speaks of `tool` is about tool calls: elsewhere it could only err
  const fits = condition?.readsTool === true && !isAboutTools ? fitsOf(match, true) : draft;
  if (document.by !== undefined && outcome !== 'hold' && document.raise?.ring !== 3)
    context.issues.add(appendPointer(pointer, 'by'), '`by` only beside `hold`, or `raise` to ring 3', 'it elsewhere');
  return {
    id: document.id,
    outcome,
    ring: document.raise?.ring ?? 0,
    stage: document.stage ?? scope.stage,
    references: Object.freeze([
      Object.freeze({ ...referenceTo(pointer, context), id: document.id }),
    ]) as Rule['references'],
    fits,
    who: compileWho(match.who),
    resources: compileResources(match.resources, `${pointer}/match/resources`, context.issues),
    condition,
    conditionAt: at,
    approvers: document.by === undefined ? undefined : Object.freeze(document.by.toSorted()),
    message: document.message,
    owner: document.owner ?? scope.owner,
  };
}

function outcomeOf(
  document: RuleDocument,
  pointer: string,
): { readonly outcome: RuleOutcome; readonly source: string | undefined; readonly at: string } {
  for (const outcome of ['deny', 'hold', 'observe'] as const) {
    const value = document[outcome];
    if (value !== undefined)
      return { outcome, source: value === true ? undefined : value, at: `${pointer}/${outcome}` };
  }
  return { outcome: 'raise', source: document.raise?.when, at: `${pointer}/raise/when` };
}

/** What the client asks for by name or address, and so what rules are about unless they name methods. */
const ASKED_FOR: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'resources/subscribe',
  'subscriptions/listen',
  'completion/complete',
]);

/** Whether calls of a target can be what a match is about. */
export function fitsOf(match: RuleMatchDocument, isAboutTools: boolean): (target: RuleTarget) => boolean {
  const server = nameTest(match.server);
  const tool = nameTest(match.tool);
  const method = match.method === undefined ? undefined : compileNameSet(listOf(match.method));
  const rings = match.ring === undefined ? undefined : new Set(listOf(match.ring));
  const effects = match.effect === undefined ? undefined : new Set(listOf(match.effect));
  const labels = match.labels === undefined ? undefined : new Set(listOf(match.labels));
  return (target) =>
    server(target.server) &&
    (target.tool === undefined ? !isAboutTools : tool(target.tool)) &&
    (method === undefined ? isAskedFor(target) : method(target.method)) &&
    (rings === undefined || target.ring === undefined || rings.has(target.ring)) &&
    (effects === undefined || target.effect === undefined || effects.has(target.effect)) &&
    (labels === undefined || target.labels === undefined || target.labels.some((label) => labels.has(label)));
}

/** Without a method, a rule is about what the client asks for: by a name or an address, or by a method of its own. */
function isAskedFor({ direction, method }: RuleTarget): boolean {
  if (direction !== 'client-to-server') return false;
  return ASKED_FOR.has(method) || !PROTOCOL_METHODS[direction].has(method);
}

function nameTest(patterns: OneOrMore<string> | undefined): (name: string) => boolean {
  return patterns === undefined ? () => true : compileNameSet(listOf(patterns));
}

/** One of something as a list of it. */
export function listOf<Item>(value: OneOrMore<Item>): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}
