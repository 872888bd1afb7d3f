import type { PolicyRuntime } from '../compile/server-runtime.ts';
import { TextSearcher } from '../compare/text-search.ts';
import { decide } from '../decide/decide.ts';
import type { Decision, Effect } from '../decision.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import { changesBetween, withChanges, type PlacedChange } from './changes.ts';
import { fixesFor } from './fixes.ts';
import type { Situation } from './situation.ts';

/** Changes after which a call passes, and what it then comes to. */
export interface FoundWay {
  readonly changes: readonly PlacedChange[];
  readonly situation: Situation;
  readonly decision: Decision;
}

const MAX_WAYS = 4;
const MAX_STEPS = 10;
const MAX_TRIED = 96;
const MAX_OPEN = 256;
/** Decisions for the whole search, so that explaining takes milliseconds and never seconds. */
const MAX_DECISIONS = 4_096;
/** Of so many changes every part is tried; of more, only what is left without each. */
const MAX_EXHAUSTIVE = 10;

const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };

/** What enforcement would do. */
export function enforcedEffect({ would, effect }: Decision): Effect {
  return would ?? effect;
}

/**
 * The smallest changes found after which a call is allowed, or held where it is denied; fewest first, at most 4. Each is decided by
 * `decide` before it is told, and of up to 10 changes no part does as well.
 */
export function findWays(policy: PolicyRuntime, original: Situation, decision: Decision): readonly FoundWay[] {
  return new WaySearch(policy, original, enforcedEffect(decision)).run(decision);
}

interface Open {
  readonly situation: Situation;
  readonly decision: Decision;
  readonly steps: number;
  readonly size: number;
}

class WaySearch {
  readonly #policy: PolicyRuntime;
  readonly #original: Situation;
  readonly #effect: Effect;
  readonly #texts = new TextSearcher();
  readonly #seen = new Set<string>();
  readonly #found = new Map<string, FoundWay>();
  #decisions = 0;

  constructor(policy: PolicyRuntime, original: Situation, effect: Effect) {
    this.#policy = policy;
    this.#original = original;
    this.#effect = effect;
  }

  run(decision: Decision): readonly FoundWay[] {
    if (this.#effect === 'allow') return [];
    let open: Open[] = [{ situation: this.#original, decision, steps: 0, size: 0 }];
    for (let tried = 0; tried < MAX_TRIED && open.length > 0 && this.#allowed() < MAX_WAYS; tried += 1) {
      const [next, ...rest] = open.toSorted((left, right) => left.size - right.size || left.steps - right.steps);
      open = next === undefined ? [] : [...rest, ...this.#expand(next)].slice(0, MAX_OPEN);
    }
    return [...this.#found.values()]
      .filter((way, _, all) => !all.some((other) => isBetter(other, way)))
      .toSorted(compareWays)
      .slice(0, MAX_WAYS);
  }

  #allowed(): number {
    return [...this.#found.values()].filter((way) => enforcedEffect(way.decision) === 'allow').length;
  }

  #expand({ situation, decision, steps }: Open): readonly Open[] {
    if (steps >= MAX_STEPS) return [];
    return fixesFor(this.#policy, situation, decision, this.#texts).flatMap((fixed): readonly Open[] => {
      const changes = changesBetween(this.#original, fixed);
      const key = JSON.stringify(changes.map(({ path, to }) => [path, to ?? null]));
      if (this.#seen.has(key)) return [];
      this.#seen.add(key);
      const then = this.#decide(fixed);
      if (then === undefined) return [];
      const effect = enforcedEffect(then);
      if (RANK[effect] < RANK[this.#effect]) this.#note(changes, effect);
      return effect === 'allow' ? [] : [{ situation: fixed, decision: then, steps: steps + 1, size: changes.length }];
    });
  }

  /** Keeps a way, without what it does not need. */
  #note(all: readonly PlacedChange[], effect: Effect): void {
    const changes = this.#smallest(all, effect);
    const situation = withChanges(this.#original, changes ?? []);
    const decision = changes === undefined ? undefined : this.#decide(situation);
    if (changes === undefined || decision === undefined || RANK[enforcedEffect(decision)] > RANK[effect]) return;
    this.#found.set(JSON.stringify(changes.map(({ path, to }) => [path, to ?? null])), {
      changes,
      situation,
      decision,
    });
  }

  /** Undefined where there were not enough decisions left to be sure. */
  #smallest(all: readonly PlacedChange[], effect: Effect): readonly PlacedChange[] | undefined {
    let kept = all;
    for (let isSmaller = true; isSmaller;) {
      isSmaller = false;
      for (const change of kept) {
        const rest = kept.filter((other) => other !== change);
        if (rest.length === kept.length || !this.#reaches(rest, effect)) continue;
        kept = rest;
        isSmaller = true;
      }
    }
    if (kept.length > MAX_EXHAUSTIVE) return kept;
    const parts = partsOf(kept);
    if (this.#decisions + parts.length > MAX_DECISIONS) return undefined;
    const smallest = parts.find((part) => this.#reaches(part, effect)) ?? kept;
    return this.#decisions >= MAX_DECISIONS ? undefined : smallest;
  }

  #reaches(changes: readonly PlacedChange[], effect: Effect): boolean {
    const decision = this.#decide(withChanges(this.#original, changes));
    return decision !== undefined && RANK[enforcedEffect(decision)] <= RANK[effect];
  }

  #decide({ call, now }: Situation): Decision | undefined {
    if (this.#decisions >= MAX_DECISIONS) return undefined;
    this.#decisions += 1;
    return decide(this.#policy, call, { now, history: IGNORED_HISTORY });
  }
}

/** The proper parts of a list that are not empty and lack more than one, fewest first. */
function partsOf(changes: readonly PlacedChange[]): readonly (readonly PlacedChange[])[] {
  let parts: readonly (readonly PlacedChange[])[] = [[]];
  for (const change of changes) parts = parts.flatMap((part) => [part, [...part, change]]);
  return parts
    .filter((part) => part.length > 0 && part.length < changes.length - 1)
    .toSorted((left, right) => left.length - right.length);
}

/** Whether a way does as well by changing nothing that another does not change, and less or nearer. */
function isBetter(way: FoundWay, than: FoundWay): boolean {
  if (way === than || RANK[enforcedEffect(way.decision)] > RANK[enforcedEffect(than.decision)]) return false;
  const places = new Set(than.changes.map(({ path }) => JSON.stringify(path)));
  if (!way.changes.every(({ path }) => places.has(JSON.stringify(path)))) return false;
  if (way.changes.length < than.changes.length) return true;
  return enforcedEffect(way.decision) === enforcedEffect(than.decision) && distanceOf(way) < distanceOf(than);
}

/** How far the values move that are numbers, relative to what they are: only for telling which of two ways at one place is nearer. */
function distanceOf({ changes }: FoundWay): number {
  return changes.reduce(
    (sum, { from, to }) =>
      typeof from === 'number' && typeof to === 'number' ? sum + Math.abs(to - from) / (Math.abs(from) + 1) : sum,
    0,
  );
}

/** What the caller can change itself comes first. */
const ORDER: readonly string[] = [
  'arguments',
  'params',
  'tool',
  'prompt',
  'run',
  'now',
  'principal',
  'server',
  'identity',
];

function costOf({ changes }: FoundWay): number {
  return Math.max(...changes.map(({ path: [first = ''] }) => ORDER.indexOf(first)));
}

function compareWays(left: FoundWay, right: FoundWay): number {
  return (
    left.changes.length - right.changes.length ||
    RANK[enforcedEffect(left.decision)] - RANK[enforcedEffect(right.decision)] ||
    costOf(left) - costOf(right) ||
    distanceOf(left) - distanceOf(right)
  );
}
