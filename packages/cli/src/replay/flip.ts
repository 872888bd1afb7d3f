import type { Decision, Effect } from '@callgate/policy';

import type { EarlierDecision } from './replay-call.ts';

/** A decision that comes out otherwise than before: `<before>-<after>`. Those that give more come first. */
export const FLIPS = ['deny-allow', 'hold-allow', 'deny-hold', 'allow-hold', 'hold-deny', 'allow-deny'] as const;

export type Flip = (typeof FLIPS)[number];

/** Flips that give more than before. */
export const WIDENING: ReadonlySet<Flip> = new Set(['deny-allow', 'hold-allow', 'deny-hold']);

/** Flips after which a call goes ahead that did not before. */
export const NEWLY_ALLOWED: ReadonlySet<Flip> = new Set(['deny-allow', 'hold-allow']);

/** What is compared of a decision. */
export interface Judged {
  readonly effect: Effect;
  readonly code: string | null;
}

/** What a decision does, or what it would do if it were enforced whatever its stage. */
export function judged(decision: Decision | EarlierDecision, asEnforced: boolean): Judged {
  const { effect, would, code, wouldCode } = decision;
  return asEnforced && would !== undefined && would !== null
    ? { effect: would, code: wouldCode ?? null }
    : { effect, code };
}

/** The flip between two effects; undefined where they are the same. */
export function flipOf(before: Effect, after: Effect): Flip | undefined {
  return before === after ? undefined : FLIPS.find((flip) => flip === `${before}-${after}`);
}

/** `DENY→ALLOW`. */
export function flipWord(flip: Flip): string {
  return flip.toUpperCase().replace('-', '→');
}
