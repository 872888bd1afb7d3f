import type { Direction } from '../call.ts';
import type { Entry } from '../compile/entry.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import { targetOf } from '../decide/judge-rules.ts';
import type { ObjectCheck, ValueCheck } from '../envelope/value-check.ts';
import type { Rule, RuleTarget } from '../rules/rule.ts';
import { checkOf, type Doubt } from './entry-strictness.ts';
import type { Comparison, EntrySide, ServerSide } from './sides.ts';

/** Doubts about both ways. */
export interface Doubts {
  readonly widening: Doubt;
  readonly narrowing: Doubt;
}

const NO_DOUBT: Doubts = { widening: undefined, narrowing: undefined };

/** A name, or a pattern of names, whose calls rules may be about. */
export interface RuledName {
  readonly direction: Direction;
  readonly method: string;
  /** Undefined for what is no tool call. */
  readonly tool: string | undefined;
  readonly isPattern: boolean;
}

/**
 * Whether rules may say something else of calls because of what changed in the entries: rules match on ring, effect, labels and on
 * what arguments name.
 */
export function doubtRuled(
  name: RuledName,
  comparison: Comparison,
  [beforeSide, afterSide]: readonly [ServerSide, ServerSide],
  [before, after]: readonly [readonly EntrySide[], readonly EntrySide[]],
): Doubts {
  const rules = [effective(comparison.before), effective(comparison.after)] as const;
  if (rules.every((list) => list.length === 0)) return NO_DOUBT;
  const seen = [seenBy(name, beforeSide, before), seenBy(name, afterSide, after)] as const;
  const areSame = JSON.stringify(seen[0]) === JSON.stringify(seen[1]);
  const haveSameEnvelope = before.map(envelopeText).join('\n') === after.map(envelopeText).join('\n');
  if (areSame && haveSameEnvelope) return NO_DOUBT;
  const unsaid = { ...seen[0], ring: undefined, effect: undefined, labels: undefined };
  const relevant = [...rules[0], ...rules[1]].filter((rule) => name.isPattern || rule.fits(unsaid));
  const haveEnvelopes = hasEnvelope(before) === hasEnvelope(after);
  const hasKinds = [...before, ...after].some(({ entry }) => namesKind(checkOf(entry.envelope)));
  const delicate = relevant.find(
    (rule) =>
      (rule.outcome === 'raise' && !(areSame && haveEnvelopes)) ||
      (!haveSameEnvelope && hasKinds && rule.resources !== undefined) ||
      (!areSame && (name.isPattern || rule.condition?.readsTool === true)),
  );
  if (delicate !== undefined) {
    const doubt = `rule \`${delicate.id}\` may judge otherwise what changed here`;
    return { widening: doubt, narrowing: doubt };
  }
  return { widening: loses(rules[0], seen[0], seen[1]), narrowing: loses(rules[1], seen[1], seen[0]) };
}

/** Rules that can stop a call. */
export function effective({ rules }: PolicyRuntime): readonly Rule[] {
  return rules.filter((rule) => rule.stage === 'enforce' && rule.outcome !== 'observe');
}

/** A rule that is about calls of the one target and not of the other. */
function loses(rules: readonly Rule[], from: RuleTarget, to: RuleTarget): Doubt {
  const lost = rules.find((rule) => rule.fits(from) && !rule.fits(to));
  return lost === undefined ? undefined : `rule \`${lost.id}\` is no longer about these calls`;
}

function seenBy({ direction, method, tool }: RuledName, side: ServerSide, entries: readonly EntrySide[]): RuleTarget {
  const list: readonly Entry[] = entries.map(({ entry }) => entry);
  return targetOf({
    server: { name: side.parts.name } as Parameters<typeof targetOf>[0]['server'],
    direction,
    method,
    tool,
    entries: list,
  });
}

/** What a rule that raises the ring asks of entries of ring 0. */
function hasEnvelope(entries: readonly EntrySide[]): boolean {
  return entries.every(({ entry }) => entry.hasEnvelope);
}

function envelopeText({ document, entry }: EntrySide): string {
  return JSON.stringify([document['arguments'] ?? document['params'] ?? null, entry.hasEnvelope]);
}

function namesKind(check: ObjectCheck | undefined): boolean {
  if (check === undefined) return false;
  const isOrHasKind = (value: ValueCheck): boolean =>
    value.kind !== undefined || (value.items !== undefined && isOrHasKind(value.items)) || namesKind(value.object);
  const { additional } = check;
  return (
    check.properties.some(({ value }) => isOrHasKind(value)) ||
    (typeof additional === 'object' && isOrHasKind(additional))
  );
}
