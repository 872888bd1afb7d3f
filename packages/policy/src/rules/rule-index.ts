import type { Ring } from '../decision.ts';
import type { Rule, RuleSet, RuleTarget } from './rule.ts';

const RINGS: readonly Ring[] = [0, 1, 2, 3];

/** Sorts out the rules that can apply to calls of a target; undefined where none can. */
export function ruleSetOf(rules: readonly Rule[], target: RuleTarget): RuleSet | undefined {
  const raises = rules.filter((rule) => rule.outcome === 'raise' && rule.fits(target));
  const others = rules.filter((rule) => rule.outcome !== 'raise');
  const byRing = RINGS.map((ring) =>
    // a ring that the policy does not say stays unsaid, and fits every rule
    others.filter((rule) =>
      rule.fits(target.ring === undefined ? target : { ...target, ring: highest(target.ring, ring) }),
    ),
  ) as unknown as RuleSet['byRing'];
  return raises.length === 0 && byRing.every((list) => list.length === 0) ? undefined : { raises, byRing };
}

function highest(left: Ring, right: Ring): Ring {
  return left > right ? left : right;
}
