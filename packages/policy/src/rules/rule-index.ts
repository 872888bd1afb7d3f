import type { Ring } from '../decision.ts';
import type { ByRing, Rule, RuleSet, RuleTarget } from './rule.ts';

const RINGS: readonly Ring[] = [0, 1, 2, 3];

/** Sorts out the rules that can apply to calls of a target; undefined where none can. */
export function ruleSetOf(rules: readonly Rule[], target: RuleTarget): RuleSet | undefined {
  const raises = rules.filter((rule) => rule.outcome === 'raise' && rule.fits(target));
  const others = rules.filter((rule) => rule.outcome !== 'raise');
  const byRing = sortedByRing(others, target, (rule, at) => rule.fits(at));
  return raises.length === 0 && byRing.every((list) => list.length === 0) ? undefined : { raises, byRing };
}

/** What is about calls of a target, by the ring that they come to count as of. */
export function sortedByRing<Item>(
  items: readonly Item[],
  target: RuleTarget,
  fits: (item: Item, target: RuleTarget) => boolean,
): ByRing<Item> {
  return RINGS.map((ring) => {
    // a ring that the policy does not say stays unsaid, and fits every rule
    const at = target.ring === undefined ? target : { ...target, ring: highest(target.ring, ring) };
    return items.filter((item) => fits(item, at));
  }) as unknown as ByRing<Item>;
}

function highest(left: Ring, right: Ring): Ring {
  return left > right ? left : right;
}
