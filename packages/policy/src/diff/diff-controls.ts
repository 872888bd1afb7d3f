import type { JsonValue } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { BreakerDocument, ControlDocument, FlowDocument, MeterDocument } from '../document/control-types.ts';
import { parseDuration, parsePercent, parseRate, parseWindow } from '../document/units.ts';
import type { ControlRule } from '../history/control-rule.ts';
import { byBound, byItems, byReach, byRequired, together } from './control-order.ts';
import { approversChange, wordsOf } from './entry-changes.ts';
import { isSameValue } from './same-value.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import type { ChangeDirection } from './policy-diff.ts';
import { isMatchWithin } from './rule-coverage.ts';
import type { Comparison } from './sides.ts';

type AnyControl = MeterDocument & BreakerDocument & FlowDocument;

/** A control as it is written and as it is compiled. */
interface ControlSide {
  readonly subject: 'meter' | 'breaker' | 'flow';
  readonly document: ControlDocument & Partial<AnyControl>;
  readonly rule: ControlRule;
}

/**
 * What may differ in the controls over many calls, one draft for each id. No single call shows it, so that what is written counts: a
 * bound that is higher or holds for less widens, one that is lower or holds for more narrows.
 */
export function diffControls({ before, after }: Pick<Comparison, 'before' | 'after'>): readonly ItemDraft[] {
  const [one, other] = [controlsOf(before), controlsOf(after)];
  return [...new Set([...one.keys(), ...other.keys()])].toSorted().map((id) => {
    const [was, is] = [one.get(id), other.get(id)];
    const changes = changesBetween(was, is);
    const opaque = changes.find(({ direction }) => direction === 'unknown')?.key;
    const doubt = opaque === undefined ? undefined : `\`${opaque}\` differs, and what it comes to cannot be compared`;
    return {
      subject: (is ?? was)?.subject ?? 'other',
      server: null,
      name: id,
      status: was === undefined ? 'added' : is === undefined ? 'removed' : 'modified',
      widening: doubt,
      narrowing: doubt,
      changes,
      calls: () => [],
      before: was?.rule.control.references ?? [],
      after: is?.rule.control.references ?? [],
    };
  });
}

function controlsOf({ document, controls }: PolicyRuntime): ReadonlyMap<string, ControlSide> {
  const documents = new Map<string, Pick<ControlSide, 'subject' | 'document'>>([
    ...(document.meters ?? []).map((one) => [one.id, { subject: 'meter', document: one }] as const),
    ...(document.breakers ?? []).map((one) => [one.id, { subject: 'breaker', document: one }] as const),
    ...(document.flows ?? []).map((one) => [one.id, { subject: 'flow', document: one }] as const),
  ]);
  return new Map(
    controls.flatMap((rule) => {
      const side = documents.get(rule.control.id);
      return side === undefined ? [] : [[rule.control.id, { ...side, rule }] as const];
    }),
  );
}

function changesBetween(was: ControlSide | undefined, is: ControlSide | undefined): readonly CountedChange[] {
  if (was === undefined || is === undefined) return wholeChange(was, is);
  if (was.subject !== is.subject) return [...wholeChange(was, undefined), ...wholeChange(undefined, is)];
  const keys = [...new Set([...Object.keys(was.document), ...Object.keys(is.document)])].toSorted();
  const stage = stageChange(was, is);
  const written = (keys as (keyof AnyControl)[])
    .filter((key) => key !== 'stage')
    .flatMap((key): readonly CountedChange[] => {
      const [one, other] = [was.document[key], is.document[key]] as readonly (JsonValue | undefined)[];
      if (isSameValue(one, other)) return [];
      const words = { before: wordsOf(one), after: wordsOf(other) };
      if (!isEnforced(was) && !isEnforced(is)) return [{ key, direction: 'changed', ...words, counts: false }];
      if (key === 'by') return [{ key, ...approversChange(was.document.by, is.document.by), ...words, counts: true }];
      return [{ key, direction: DIRECTIONS[key](was, is), ...words, counts: true }];
    });
  return [...stage, ...written];
}

/** Of a control that is added or taken out. */
function wholeChange(was: ControlSide | undefined, is: ControlSide | undefined): readonly CountedChange[] {
  const side = is ?? was;
  if (side === undefined) return [];
  const direction = !isEnforced(side) ? 'changed' : is === undefined ? 'widened' : 'narrowed';
  const words = {
    before: was === undefined ? null : measureWords(was),
    after: is === undefined ? null : measureWords(is),
  };
  return [{ key: side.subject, direction, ...words, counts: true }];
}

function measureWords({ document }: ControlSide): string {
  const { count, sum, rate, on, max, seen, sink } = document;
  if (seen !== undefined) return `${seen.join(' and ')} to ${sink ?? ''}`;
  if (on !== undefined) return `on ${on}`;
  return rate ?? `at most ${max ?? 0} of ${count ?? sum ?? ''}`;
}

function isEnforced({ rule }: ControlSide): boolean {
  return rule.control.stage === 'enforce';
}

/** The stage that holds for it, whoever says so. */
function stageChange(was: ControlSide, is: ControlSide): readonly CountedChange[] {
  const [one, other] = [was.rule.control.stage, is.rule.control.stage];
  if (one === other) return [];
  const direction = byReach(Number(isEnforced(was)), Number(isEnforced(is)));
  return [{ key: 'stage', direction, before: one, after: other, counts: true }];
}

type Direction = (was: ControlSide, is: ControlSide) => ChangeDirection;

/** What one of the numbers of a control comes to. */
function numberOf(
  key: keyof AnyControl,
  read: (text: string) => number | undefined = Number,
): (side: ControlSide) => number | undefined {
  return ({ document }) => {
    const value = document[key];
    return typeof value === 'string' ? read(value) : typeof value === 'number' ? value : undefined;
  };
}

const wider =
  (of: (side: ControlSide) => number | undefined): Direction =>
  (was, is) =>
    byBound(of(was), of(is));
const narrower =
  (of: (side: ControlSide) => number | undefined): Direction =>
  (was, is) =>
    byReach(of(was), of(is));
const unknown: Direction = () => 'unknown';
const nothing: Direction = () => 'changed';
const FIRM = { hold: 0, deny: 1 } as const;

/** Which way it goes when one key of a control changes and all else stays. */
const DIRECTIONS: Readonly<Record<Exclude<keyof AnyControl, 'by' | 'stage'>, Direction>> = {
  id: nothing,
  message: nothing,
  owner: nothing,
  soft: nothing,
  match: (was, is) => {
    const [one, other] = [was.document.match ?? {}, is.document.match ?? {}];
    const [isInside, isAround] = [isMatchWithin(other, one), isMatchWithin(one, other)];
    if (isInside) return isAround ? 'changed' : 'widened';
    return isAround ? 'narrowed' : 'unknown';
  },
  then: narrower(({ rule }) => FIRM[rule.control.then]),
  carried: narrower(({ rule: { control } }) => (control.kind === 'flow' ? FIRM[control.carried] : 0)),
  // another measure, key or window of another thing cannot be compared
  count: unknown,
  sum: unknown,
  per: (was, is) =>
    isSameValue(was.document.per?.toSorted() ?? [], is.document.per?.toSorted() ?? []) ? 'changed' : 'unknown',
  on: unknown,
  of: unknown,
  sink: unknown,
  rate: (was, is) =>
    was.document.on === undefined ? narrower(intervalOf)(was, is) : wider(numberOf('rate', parsePercent))(was, is),
  burst: wider(({ document }) => document.burst ?? 1),
  within: (was, is) => (was.document.on === undefined ? narrower(numberOf('within', parseWindow))(was, is) : 'unknown'),
  max: wider(numberOf('max')),
  reserve: narrower(({ document }) => document.reserve ?? 0),
  queue: (was, is) =>
    together([
      byBound(was.document.queue?.depth ?? 0, is.document.queue?.depth ?? 0),
      byBound(parseDuration(was.document.queue?.wait ?? '') ?? 0, parseDuration(is.document.queue?.wait ?? '') ?? 0),
    ]),
  degrade: (was, is) =>
    together([
      byBound(parsePercent(was.document.degrade?.from ?? ''), parsePercent(is.document.degrade?.from ?? '')),
      byBound(was.document.degrade?.cost, is.document.degrade?.cost),
    ]),
  volatile: (was, is) => byRequired(was.document.volatile, is.document.volatile),
  after: wider(numberOf('after')),
  // the higher the share, the longer the duration that is looked at
  percentile: narrower(numberOf('percentile', parsePercent)),
  over: wider(numberOf('over', parseDuration)),
  length: narrower(numberOf('length')),
  open: narrower(numberOf('open', parseWindow)),
  // more calls are tried at once, and more must succeed
  halfOpen: unknown,
  seen: (was, is) => byItems(was.document.seen, is.document.seen),
};

/** Milliseconds between two calls of a rate: the more, the narrower. */
function intervalOf({ document }: ControlSide): number | undefined {
  const rate = parseRate(document.rate ?? '');
  return rate === undefined ? undefined : rate.withinMs / rate.max;
}
