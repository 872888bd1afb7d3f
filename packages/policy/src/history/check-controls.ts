import { isJsonObject, type JsonValue } from '@callgate/canonical';

import type { BreakerDocument, ControlDocument, FlowDocument, MeterDocument } from '../document/control-types.ts';
import type { EnvelopeDocument, PolicyDocument, ToolDocument } from '../document/types.ts';
import { pointerOfPath } from '../document/units.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { knownArguments } from '../rules/known-arguments.ts';
import { listOf } from '../rules/compile-rules.ts';
import type { RuleTarget } from '../rules/rule.ts';
import { argumentAt, canBeNumber } from './argument-at.ts';

type Fits = (target: RuleTarget) => boolean;

/** The label of what a stranger's server said, and of what reads like instructions. The gate brings it by itself. */
export const UNTRUSTED = 'untrusted';

/** What makes no sense in a control of any kind. */
export function checkShared(
  document: ControlDocument & { readonly carried?: string },
  pointer: string,
  context: CompileContext,
): void {
  if (document.by !== undefined && document.then !== 'hold' && document.carried !== 'hold')
    context.issues.add(`${pointer}/by`, '`by` only beside `then: hold`', 'it elsewhere');
}

/** What makes no sense in a meter, and what in it refers to nothing. */
export function checkMeter(
  meter: MeterDocument,
  fits: Fits,
  pointer: string,
  policy: PolicyDocument,
  context: CompileContext,
): void {
  const { count, sum, rate } = meter;
  const allow = (keys: readonly (keyof MeterDocument)[], isMeant: boolean, where: string): void => {
    for (const key of keys) if (!isMeant) refuseKey(meter, key, where, pointer, context);
  };
  allow(['burst'], rate !== undefined, 'beside `rate`');
  allow(['within', 'soft', 'max'], rate === undefined, 'beside `count` or `sum`');
  allow(['within'], count !== 'open', 'beside what a window can end: calls under way end by themselves');
  allow(['reserve'], isResultSum(sum), 'beside a `sum` of what results tell: `cost`, `bytes`, `rows`, `tokens`');
  allow(['queue', 'degrade'], count === 'open', 'beside `count: open`');
  if (rate === undefined && meter.max === undefined && !context.issues.has(pointer))
    context.issues.add(pointer, '`max`, the most that is allowed', 'none');
  if (count !== undefined && !Number.isInteger(meter.max ?? 0))
    context.issues.add(`${pointer}/max`, 'a whole number, as it bounds a count', 'a fraction');
  if (count !== undefined && !Number.isInteger(meter.soft ?? 0))
    context.issues.add(`${pointer}/soft`, 'a whole number, as it bounds a count', 'a fraction');
  if ((meter.reserve ?? 0) > (meter.max ?? Infinity))
    context.issues.add(`${pointer}/reserve`, 'at most `max`: else no call could go ahead', 'more');
  if (sum === 'cost' && !hasCosts(policy))
    context.issues.add(`${pointer}/sum`, 'a `cost` on a tool or a server', 'a policy without any');
  if (meter.degrade !== undefined && !hasCosts(policy))
    context.issues.add(`${pointer}/degrade`, 'a `cost` on a tool or a server', 'a policy without any');
  checkKeys(meter, fits, pointer, policy, context);
  const distinct = count?.startsWith('distinct ') === true ? count.slice('distinct '.length) : undefined;
  checkArgument(distinct, `${pointer}/count`, meter, fits, policy, context);
  checkArgument(sum, `${pointer}/sum`, meter, fits, policy, context, true);
}

function isResultSum(sum: string | undefined): boolean {
  return sum !== undefined && !sum.startsWith('arguments');
}

const TRIP_KEYS: Readonly<Record<BreakerDocument['on'], readonly (keyof BreakerDocument)[]>> = {
  'identical failure': ['after'],
  'consecutive failure': ['after'],
  denial: ['after'],
  failure: ['rate', 'of'],
  latency: ['percentile', 'over', 'of'],
  cycle: ['length', 'after'],
  'same result': ['after'],
};

const ALL_TRIP_KEYS: readonly (keyof BreakerDocument)[] = [
  'after',
  'rate',
  'of',
  'within',
  'percentile',
  'over',
  'length',
];

/** What makes no sense in a breaker, and what in it refers to nothing. */
export function checkBreaker(
  breaker: BreakerDocument,
  fits: Fits,
  pointer: string,
  policy: PolicyDocument,
  context: CompileContext,
): void {
  const needed = TRIP_KEYS[breaker.on];
  for (const key of needed) {
    if (breaker[key] === undefined)
      context.issues.add(pointer, `\`${key}\` beside \`on: ${breaker.on}\``, 'none', {
        message: `missing key \`${key}\`: \`on: ${breaker.on}\` needs it`,
      });
  }
  for (const key of ALL_TRIP_KEYS) {
    if (needed.includes(key) || (key === 'within' && breaker.on === 'failure')) continue;
    const others = Object.entries(TRIP_KEYS).flatMap(([on, keys]) => (keys.includes(key) ? [`\`on: ${on}\``] : []));
    refuseKey(breaker, key, `beside ${others.length === 0 ? '`on: failure`' : others.join(' or ')}`, pointer, context);
  }
  if (!breaker.per.includes('arguments')) refuseKey(breaker, 'volatile', 'with `arguments` in `per`', pointer, context);
  checkKeys(breaker, fits, pointer, policy, context);
  const known = knownBy(breaker, fits, policy);
  for (const [index, name] of (breaker.volatile ?? []).entries()) {
    if (isNowhere(known, `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`))
      context.issues.add(`${pointer}/volatile/${index}`, DECLARED, 'one that is not');
  }
}

const DECLARED = 'an argument that a tool it is about declares';

/** What makes no sense in a flow, and what in it refers to nothing. */
export function checkFlow(flow: FlowDocument, pointer: string, policy: PolicyDocument, context: CompileContext): void {
  if (flow.carried === 'hold' && flow.then !== 'hold')
    context.issues.add(`${pointer}/carried`, 'at least as strict as `then`', '`hold` beside `deny`');
  const sinks = new Set(toolsOf(policy).flatMap(({ sink }) => sink ?? []));
  if (!sinks.has(flow.sink)) refuseName(`${pointer}/sink`, 'a `sink` that a tool has', flow.sink, sinks, context);
  const labels = new Set([UNTRUSTED, ...toolsOf(policy).flatMap((tool) => tool.labels ?? [])]);
  for (const [index, label] of flow.seen.entries()) {
    if (!labels.has(label))
      refuseName(`${pointer}/seen/${index}`, 'a label that a tool brings, or `untrusted`', label, labels, context);
  }
}

/** Adds an issue for a name that nothing has, with the names there are. */
export function refuseName(
  pointer: string,
  expected: string,
  name: string,
  known: ReadonlySet<string>,
  context: CompileContext,
): void {
  const names = [...known].toSorted();
  const nearest = nearestName(name, names);
  const listed = names.length === 0 ? '' : `: ${names.map((one) => `\`${one}\``).join(', ')}`;
  context.issues.add(pointer, `${expected}${listed}`, `\`${name}\``, nearest === undefined ? {} : { nearest });
}

/** Every tool entry of a policy. */
export function toolsOf(policy: PolicyDocument): readonly ToolDocument[] {
  return Object.values(policy.servers).flatMap(({ tools = {} }) => Object.values(tools));
}

function hasCosts(policy: PolicyDocument): boolean {
  const servers = Object.values(policy.servers);
  return servers.some(({ cost }) => cost !== undefined) || toolsOf(policy).some(({ cost }) => cost !== undefined);
}

function refuseKey<Document extends object>(
  document: Document,
  key: keyof Document & string,
  where: string,
  pointer: string,
  context: CompileContext,
): void {
  if (document[key] !== undefined) context.issues.add(`${pointer}/${key}`, `\`${key}\` only ${where}`, 'it elsewhere');
}

function checkKeys(
  control: MeterDocument | BreakerDocument,
  fits: Fits,
  pointer: string,
  policy: PolicyDocument,
  context: CompileContext,
): void {
  for (const [index, key] of control.per.entries())
    checkArgument(key, `${pointer}/per/${index}`, control, fits, policy, context);
}

/** Refuses an argument that no envelope has of the tools that a control is about, or that is of no use where it stands. */
function checkArgument(
  path: string | undefined,
  at: string,
  control: ControlDocument,
  fits: Fits,
  policy: PolicyDocument,
  context: CompileContext,
  isSummed = false,
): void {
  if (path === undefined || !/^arguments[./]/u.test(path)) return;
  const pointer = pointerOfPath(path);
  const known = knownBy(control, fits, policy);
  if (isNowhere(known, pointer)) {
    context.issues.add(at, DECLARED, `\`${path}\`, which none does`);
    return;
  }
  if (!isSummed) return;
  for (const envelope of known) {
    const schema = argumentAt(envelope, pointer);
    if (typeof schema === 'string' || canBeNumber(schema, context.kinds)) continue;
    context.issues.add(at, 'an argument that is a number', `\`${path}\`, which is none in a tool that it is about`);
    return;
  }
}

/** The envelopes of the tools that a control is about. */
function knownBy(
  { match }: ControlDocument,
  fits: Fits,
  policy: PolicyDocument,
): readonly (EnvelopeDocument | undefined)[] {
  const schemas = knownArguments(policy, fits, match?.tool === undefined ? ['*'] : listOf(match.tool));
  return schemas.map((schema) =>
    isJsonObject(schema as JsonValue) ? (schema as { readonly properties: EnvelopeDocument }).properties : undefined,
  );
}

function isNowhere(envelopes: readonly (EnvelopeDocument | undefined)[], pointer: string): boolean {
  return envelopes.length > 0 && envelopes.every((envelope) => argumentAt(envelope, pointer) === 'absent');
}
