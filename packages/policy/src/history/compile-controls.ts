import { referenceTo } from '../compile/reference-to.ts';
import type { Stage } from '../decision.ts';
import type { BreakerDocument, ControlDocument, FlowDocument, MeterDocument } from '../document/control-types.ts';
import type { PolicyDocument, RuleMatchDocument } from '../document/types.ts';
import { parseDuration, parsePercent, parseRate, parseWindow } from '../document/units.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { compileWho } from '../match/who.ts';
import { compileResources } from '../resources/compile-resources.ts';
import { fitsOf } from '../rules/compile-rules.ts';
import type { BreakerControl, Control, FlowControl, KeyPart, MeterControl, RateControl, Trip } from './control.ts';
import type { ControlRule } from './control-rule.ts';
import { checkBreaker, checkFlow, checkMeter, checkShared } from './check-controls.ts';
import { keyPartOf } from './key-part-of.ts';
import { measureOf } from './measure-of.ts';

const NONE: readonly never[] = Object.freeze([]);

/**
 * Compiles the controls across servers and tools. What is wrong with them goes to the context's issues. Sorted by id: their order
 * says nothing.
 *
 * @param seen ids that are taken; theirs are added
 */
export function compileControls(
  document: PolicyDocument,
  seen: Set<string>,
  context: CompileContext,
): readonly ControlRule[] {
  const scope: Scope = { document, seen, context, stage: document.stage ?? 'enforce' };
  const rules = [
    ...compileList('meters', document.meters, compileMeter, scope),
    ...compileList('breakers', document.breakers, compileBreaker, scope),
    ...compileList('flows', document.flows, compileFlow, scope),
  ];
  return rules.toSorted((left, right) => (left.control.id < right.control.id ? -1 : 1));
}

interface Scope {
  readonly document: PolicyDocument;
  readonly seen: Set<string>;
  readonly context: CompileContext;
  readonly stage: Stage;
}

/** What every control has of its own document. */
type Base = Pick<Control, 'id' | 'stage' | 'then' | 'approvers' | 'message' | 'references'>;

function compileList<Document extends ControlDocument>(
  key: string,
  documents: readonly Document[] = NONE,
  compile: (document: Document, base: Base, rule: Omit<ControlRule, 'control'>, at: string, scope: Scope) => Control,
  scope: Scope,
): readonly ControlRule[] {
  const { context, seen } = scope;
  return documents.flatMap((document, index): ControlRule[] => {
    const pointer = `/${key}/${index}`;
    if (context.issues.has(pointer)) return [];
    if (seen.has(document.id)) {
      context.issues.add(
        `${pointer}/id`,
        'an id that no other rule, meter, breaker or flow has',
        'one that another has',
      );
      return [];
    }
    seen.add(document.id);
    checkShared(document, pointer, context);
    const rule = matchOf(document, pointer, scope);
    return [
      { ...rule, control: Object.freeze(compile(document, baseOf(document, pointer, scope), rule, pointer, scope)) },
    ];
  });
}

function baseOf(document: ControlDocument, pointer: string, { stage, context }: Scope): Base {
  return {
    id: document.id,
    stage: document.stage ?? stage,
    then: document.then ?? 'deny',
    approvers: document.by === undefined ? undefined : Object.freeze(document.by.toSorted()),
    message: document.message,
    references: Object.freeze([
      Object.freeze({ ...referenceTo(pointer, context), id: document.id }),
    ]) as Base['references'],
  };
}

function matchOf(document: ControlDocument, pointer: string, scope: Scope): Omit<ControlRule, 'control'> {
  const match: RuleMatchDocument = document.match ?? {};
  const { context } = scope;
  const { owners } = scope.document;
  return {
    fits: fitsOf(match, match.method === undefined || match.tool !== undefined || match.labels !== undefined),
    sink: 'sink' in document ? (document as FlowDocument).sink : undefined,
    who: compileWho(match.who),
    resources: compileResources(match.resources, `${pointer}/match/resources`, context.issues),
    owner: document.owner ?? owners?.rules ?? owners?.policy,
  };
}

function keysOf(per: readonly string[], volatile?: readonly string[]): readonly KeyPart[] {
  return Object.freeze(per.toSorted().map((text) => keyPartOf(text, volatile)));
}

function compileMeter(
  document: MeterDocument,
  base: Base,
  rule: Omit<ControlRule, 'control'>,
  pointer: string,
  { document: policy, context }: Scope,
): MeterControl | RateControl {
  checkMeter(document, rule.fits, pointer, policy, context);
  const per = keysOf(document.per);
  const rate = document.rate === undefined ? undefined : parseRate(document.rate);
  if (rate !== undefined) return { ...base, kind: 'rate', per, ...rate, burst: document.burst ?? 1 };
  const { queue, degrade } = document;
  return {
    ...base,
    kind: 'meter',
    measure: measureOf(document),
    per,
    withinMs: document.within === undefined ? undefined : parseWindow(document.within),
    soft: document.soft,
    max: document.max ?? 0,
    reserve: document.reserve ?? 0,
    overload: Object.freeze(
      queue === undefined
        ? { kind: 'fail' }
        : { kind: 'queue', depth: queue.depth, waitMs: parseDuration(queue.wait) ?? 0 },
    ),
    degrade:
      degrade === undefined ? undefined : Object.freeze({ from: parsePercent(degrade.from) ?? 0, cost: degrade.cost }),
  };
}

function compileBreaker(
  document: BreakerDocument,
  base: Base,
  rule: Omit<ControlRule, 'control'>,
  pointer: string,
  { document: policy, context }: Scope,
): BreakerControl {
  checkBreaker(document, rule.fits, pointer, policy, context);
  return {
    ...base,
    kind: 'breaker',
    trip: Object.freeze(tripOf(document)),
    per: keysOf(document.per, document.volatile),
    openMs: parseWindow(document.open) ?? 0,
    halfOpen: document.halfOpen ?? 1,
  };
}

function tripOf(document: BreakerDocument): Trip {
  const { on, after = 1, rate = '', of = 1, within, percentile = '', over = '', length = 1 } = document;
  switch (on) {
    case 'identical failure':
    case 'consecutive failure':
    case 'denial':
    case 'same result':
      return { on, after };
    case 'failure':
      return {
        on,
        rate: parsePercent(rate) ?? 1,
        of,
        withinMs: within === undefined ? undefined : parseWindow(within),
      };
    case 'latency':
      return { on, percentile: parsePercent(percentile) ?? 1, overMs: parseDuration(over) ?? 0, of };
    case 'cycle':
      return { on, length, after };
  }
}

function compileFlow(
  document: FlowDocument,
  base: Base,
  _rule: Omit<ControlRule, 'control'>,
  pointer: string,
  { document: policy, context }: Scope,
): FlowControl {
  checkFlow(document, pointer, policy, context);
  return {
    ...base,
    kind: 'flow',
    seen: Object.freeze([...new Set(document.seen)].toSorted()),
    sink: document.sink,
    carried: document.carried ?? base.then,
  };
}
