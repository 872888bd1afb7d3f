import { appendPointer, parsePointer } from '@callgate/canonical';

import type { Entry } from '../compile/entry.ts';
import { referenceTo } from '../compile/reference-to.ts';
import type { Stage } from '../decision.ts';
import type { CostDocument } from '../document/control-types.ts';
import type { PolicyDocument, ToolDocument } from '../document/types.ts';
import { parseDuration, parseWindow, pointerOfPath } from '../document/units.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { argumentAt } from './argument-at.ts';
import { UNTRUSTED, labelsOf, refuseName, toolsOf } from './check-controls.ts';
import type { Control, CostRule, PlanMatch } from './control.ts';
import type { ControlRule } from './control-rule.ts';

const NONE: readonly never[] = Object.freeze([]);
const DEFAULT_KEY_WINDOW_MS = 24 * 3_600_000;
const DEFAULT_BACKOFF_MS = 200;

/** What the controls of tools take from the policy around them. */
export interface ToolScope {
  readonly document: PolicyDocument;
  /** What is kept of each plan, by its name. */
  readonly kept: ReadonlyMap<string, readonly PlanMatch['plan'][]>;
  /** The tools that make each plan, by its name. */
  readonly planners: ReadonlyMap<string, readonly ToolDocument[]>;
  /** Every label that a result can bring. */
  readonly labels: ReadonlySet<string>;
  readonly context: CompileContext;
}

/** What is the same for all tools of a policy. */
export function toolScopeOf(document: PolicyDocument, context: CompileContext): ToolScope {
  const kept = new Map<string, Map<string, PlanMatch['plan']>>();
  for (const { apply } of toolsOf(document)) {
    if (apply === undefined) continue;
    const places = kept.get(apply.plan) ?? new Map<string, PlanMatch['plan']>();
    for (const path of Object.values(apply.same ?? {})) places.set(path, planPlace(path));
    kept.set(apply.plan, places);
  }
  const sorted = (places: ReadonlyMap<string, PlanMatch['plan']>): readonly PlanMatch['plan'][] => {
    const distinct = new Map([...places.values()].map((place) => [`${place.in}${place.pointer}`, place]));
    return Object.freeze(
      [...distinct].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, place]) => place),
    );
  };
  const planners = new Map<string, ToolDocument[]>();
  for (const tool of toolsOf(document)) {
    if (tool.plan === undefined) continue;
    const known = planners.get(tool.plan.name);
    if (known === undefined) planners.set(tool.plan.name, [tool]);
    else known.push(tool);
  }
  return {
    document,
    context,
    kept: new Map([...kept].map(([name, places]) => [name, sorted(places)])),
    planners,
    labels: labelsOf(document),
  };
}

function planPlace(path: string): PlanMatch['plan'] {
  return Object.freeze({ in: path.startsWith('result') ? 'result' : 'arguments', pointer: pointerOfPath(path) });
}

/** Gives the entry of a tool what its own document asks for over many calls. What is wrong goes to the context's issues. */
export function controlTool(
  entry: Entry,
  tool: ToolDocument,
  server: { readonly trust: 'internal' | 'external'; readonly cost: CostDocument | undefined },
  pointer: string,
  scope: ToolScope,
): void {
  entry.sinks = tool.sink === undefined ? NONE : Object.freeze([tool.sink]);
  entry.cost = costOf(tool.cost ?? server.cost);
  checkDeclassified(tool, pointer, scope);
  entry.ownControls = Object.freeze([
    ...labelControl(entry, server.trust, tool.declassifies ?? NONE, pointer, scope),
    ...idempotencyControl(entry, tool, pointer, scope),
    ...planControl(entry, tool, pointer, scope),
    ...applyControl(entry, tool, pointer, scope),
  ]);
}

/**
 * What the result of an entry's calls does to the labels of its run: there is something to know wherever the policy has flows, as
 * what a result holds can bring labels too.
 */
export function labelControl(
  entry: Entry,
  trust: 'internal' | 'external',
  declassifies: readonly string[],
  pointer: string,
  { document, context }: Pick<ToolScope, 'document' | 'context'>,
): readonly ControlRule[] {
  if ((document.flows ?? NONE).length === 0) return NONE;
  const labels = new Set([...entry.labels, ...(trust === 'external' ? [UNTRUSTED] : [])]);
  const make = (base: Base): Control => ({
    ...base,
    kind: 'labels',
    labels: Object.freeze([...labels].toSorted()),
    declassifies: Object.freeze([...new Set(declassifies)].toSorted()),
  });
  return ownControl(entry, `${pointer}/labels`, pointer, context, make, noted(entry.stage));
}

function checkDeclassified(
  { declassifies = NONE }: ToolDocument,
  pointer: string,
  { labels, context }: ToolScope,
): void {
  for (const [index, label] of declassifies.entries()) {
    if (!labels.has(label))
      refuseName(
        `${pointer}/declassifies/${index}`,
        'a label that a tool brings, or `untrusted`',
        label,
        labels,
        context,
      );
  }
}

/** What only notes what a call brought does so for tools that are not judged, too: other tools are judged by it. */
function noted(stage: Stage): Stage {
  return stage === 'off' ? 'observe' : stage;
}

type Base = Pick<Control, 'id' | 'stage' | 'then' | 'approvers' | 'message' | 'references'>;

/** A control of one entry, as a list. Its id is its place. */
function ownControl(
  entry: Entry,
  id: string,
  at: string,
  context: CompileContext,
  make: (base: Base) => Control,
  stage: Stage = entry.stage,
): readonly ControlRule[] {
  const { message, owner } = entry;
  const references = Object.freeze([referenceTo(at, context)] as const);
  const control = make({ id, stage, then: 'deny', approvers: undefined, message, references });
  return [
    { control: Object.freeze(control), fits: () => true, sink: undefined, who: NONE, resources: undefined, owner },
  ];
}

function idempotencyControl(
  entry: Entry,
  tool: ToolDocument,
  place: string,
  { context }: ToolScope,
): readonly ControlRule[] {
  const { idempotency } = tool;
  if (idempotency === undefined) return NONE;
  const at = `${place}/idempotency`;
  const { retries = 0, backoff } = idempotency;
  if (retries === 0 && backoff !== undefined)
    context.issues.add(`${at}/backoff`, '`backoff` only beside `retries`', 'it without');
  const pointer = declaredArgument(tool, idempotency.key, `${at}/key`, context);
  if (idempotency.inject === true && parsePointer(pointer).length > 1)
    context.issues.add(`${at}/inject`, '`inject` only for a key that is an argument of its own', 'one inside another');
  return ownControl(entry, at, at, context, (base) => ({
    ...base,
    kind: 'idempotency',
    pointer,
    inject: idempotency.inject === true,
    withinMs: (idempotency.within === undefined ? undefined : parseWindow(idempotency.within)) ?? DEFAULT_KEY_WINDOW_MS,
    retries,
    backoffMs: (backoff === undefined ? undefined : parseDuration(backoff)) ?? DEFAULT_BACKOFF_MS,
  }));
}

function planControl(
  entry: Entry,
  { plan, apply }: ToolDocument,
  pointer: string,
  { kept, context }: ToolScope,
): readonly ControlRule[] {
  if (plan === undefined) return NONE;
  const at = `${pointer}/plan`;
  if (apply !== undefined) context.issues.add(at, '`plan` or `apply`', 'both');
  const make = (base: Base): Control => ({
    ...base,
    kind: 'plan',
    plan: plan.name,
    pointer: plan.id,
    ttlMs: parseWindow(plan.ttl) ?? 0,
    keep: kept.get(plan.name) ?? NONE,
  });
  return ownControl(entry, at, at, context, make, noted(entry.stage));
}

function applyControl(
  entry: Entry,
  tool: ToolDocument,
  pointer: string,
  { planners: byName, context }: ToolScope,
): readonly ControlRule[] {
  const { apply } = tool;
  if (apply === undefined) return NONE;
  const at = `${pointer}/apply`;
  const planners = byName.get(apply.plan) ?? NONE;
  if (planners.length === 0)
    refuseName(`${at}/plan`, 'a plan that a tool makes', apply.plan, new Set(byName.keys()), context);
  const same = Object.entries(apply.same ?? {}).map(([path, of]): PlanMatch => {
    const place = appendPointer(`${at}/same`, path);
    const plan = planPlace(of);
    if (
      plan.in === 'arguments' &&
      planners.length > 0 &&
      planners.every((planner) => argumentAt(planner.arguments, plan.pointer) === 'absent')
    )
      context.issues.add(place, 'an argument that the tool of the plan declares', `\`${of}\`, which it does not`);
    return Object.freeze({ apply: declaredArgument(tool, path, place, context), plan });
  });
  return ownControl(entry, at, at, context, (base) => ({
    ...base,
    kind: 'apply',
    plan: apply.plan,
    pointer: declaredArgument(tool, apply.id, `${at}/id`, context),
    same: Object.freeze(same.toSorted((left, right) => (left.apply < right.apply ? -1 : 1))),
  }));
}

/** The JSON pointer of an argument that the tool must declare. */
function declaredArgument(tool: ToolDocument, path: string, at: string, context: CompileContext): string {
  const pointer = pointerOfPath(`arguments.${path}`);
  if (argumentAt(tool.arguments, pointer) === 'absent')
    context.issues.add(at, 'an argument that the tool declares', `\`${path}\`, which it does not`);
  return pointer;
}

/** What a call costs, by its parts. */
function costOf(cost: CostDocument | undefined): CostRule | undefined {
  if (cost === undefined) return undefined;
  if (typeof cost === 'number') return Object.freeze({ perCall: cost, perKiB: 0, at: undefined });
  return Object.freeze({ perCall: cost.perCall ?? 0, perKiB: cost.perKiB ?? 0, at: cost.at });
}
