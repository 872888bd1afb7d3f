import type { Instant } from '@callgate/canonical';

import type { Call, ServerIdentity } from '../call.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import { decide } from '../decide/decide.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import type { Decision, Effect } from '../decision.ts';
import type { Flip, FlipKind } from './policy-diff.ts';

/** Calls to try on both policies, most telling first. Their `identity` is filled in. */
export type CandidateCalls = Iterable<Call>;

/** What a search for flips goes by. */
export interface FlipSearch {
  readonly before: PolicyRuntime;
  readonly after: PolicyRuntime;
  /** The same policies where the server may be anybody: what a flip is about must show there too. */
  readonly anybody: { readonly before: PolicyRuntime; readonly after: PolicyRuntime } | undefined;
  readonly identities: readonly (ServerIdentity | undefined)[];
  /** The times to decide at; undefined: none, since nothing reads the time. */
  readonly times: readonly (Instant | undefined)[];
}

/** Which ways are still to be shown: what is proved not to be there is not looked for. */
export interface Wanted {
  readonly widening: boolean;
  readonly narrowing: boolean;
}

const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };
const MAX_CALLS = 500;
/** How much further to look once every way wanted is shown: for other pairs of effects. */
const MAX_CALLS_AFTER = 6;

/** Whether going from one effect to another lets more through. */
function directionOf(from: Effect, to: Effect): 'widened' | 'narrowed' | 'same' {
  if (from === to) return 'same';
  return RANK[to] < RANK[from] ? 'widened' : 'narrowed';
}

/** Decides the calls on both policies. At most one flip for each pair of effects; widening ones first. */
export function findFlips(search: FlipSearch, calls: CandidateCalls, wanted: Wanted): readonly Flip[] {
  const flips = new Map<string, Flip>();
  let tried = 0;
  let triedAfter = 0;
  if (!wanted.widening && !wanted.narrowing) return [];
  for (const call of calls) {
    tried += 1;
    if (isDone(flips, wanted)) triedAfter += 1;
    if (tried > MAX_CALLS || triedAfter > MAX_CALLS_AFTER) break;
    for (const at of search.times) {
      const flip = flipOf(search, call, at);
      if (flip === undefined || !isWanted(flip, wanted)) continue;
      const key = `${flip.from} ${flip.to}`;
      if (!flips.has(key)) flips.set(key, flip);
    }
  }
  return [...flips.values()].toSorted(
    (left, right) =>
      Number(left.direction === 'narrowed') - Number(right.direction === 'narrowed') ||
      RANK[left.to] - RANK[right.to] ||
      RANK[right.from] - RANK[left.from],
  );
}

/** What is proved not to come from here comes from something else that differs, and is told there. */
function isWanted({ direction }: Flip, { widening, narrowing }: Wanted): boolean {
  return direction === 'widened' ? widening : narrowing;
}

function isDone(flips: ReadonlyMap<string, Flip>, wanted: Wanted): boolean {
  const directions = new Set([...flips.values()].map((flip) => flip.direction));
  return (!wanted.widening || directions.has('widened')) && (!wanted.narrowing || directions.has('narrowed'));
}

function flipOf(search: FlipSearch, call: Call, at: Instant | undefined): Flip | undefined {
  const { anybody } = search;
  const shown =
    anybody === undefined
      ? undefined
      : directionOf(
          decide(anybody.before, call, { now: at, history: IGNORED_HISTORY }).effect,
          decide(anybody.after, call, { now: at, history: IGNORED_HISTORY }).effect,
        );
  if (shown === 'same') return undefined;
  for (const identity of search.identities) {
    const witness: Call = identity === undefined ? call : { ...call, identity };
    const before = decide(search.before, witness, { now: at, history: IGNORED_HISTORY });
    const after = decide(search.after, witness, { now: at, history: IGNORED_HISTORY });
    const direction = directionOf(before.effect, after.effect);
    if (direction === 'same' || (shown !== undefined && direction !== shown)) continue;
    return makeFlip(witness, at, before, after, direction);
  }
  return undefined;
}

function makeFlip(
  witness: Call,
  at: Instant | undefined,
  before: Decision,
  after: Decision,
  direction: 'widened' | 'narrowed',
): Flip {
  const [from, to] = [before.effect, after.effect];
  return { kind: kindOf(from, to), direction, from, to, witness, at: at ?? null, before, after };
}

function kindOf(from: Effect, to: Effect): FlipKind {
  if (to === 'deny') return 'newly-denied';
  if (to === 'hold') return 'newly-held';
  return from === 'hold' ? 'newly-unheld' : 'newly-allowed';
}
