import { canonicalize, clonePlain } from '@callgate/canonical';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { decide, diffPolicies, type Effect } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { anyCall, anyPolicyDocument, anyPolicyPair, tryPolicy } from './support/policy-arbitraries.ts';

const RANK: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };
const CASES = casesOr(600);
const TIMEOUT_MS = 60_000 + CASES * 20;

it(
  '[diff.witness] every witness comes to what is claimed, in both policies',
  () => {
    let witnesses = 0;
    fc.assert(
      fc.property(anyPolicyPair, ([one, other]) => {
        const [before, after] = [tryPolicy(one), tryPolicy(other)];
        if (before === undefined || after === undefined) return;
        for (const { flips } of diffPolicies(before, after).items) {
          for (const flip of flips) {
            witnesses += 1;
            const witness = { ...flip.witness, params: clonePlain(flip.witness.params) as typeof flip.witness.params };
            expect(decide(before, witness).effect).toBe(flip.from);
            expect(decide(after, witness).effect).toBe(flip.to);
            expect(flip.direction).toBe(RANK[flip.to] < RANK[flip.from] ? 'widened' : 'narrowed');
            expect(flip.kind).toBe(kindOf(flip.from, flip.to));
          }
        }
      }),
      { numRuns: CASES },
    );
    expect(witnesses).toBeGreaterThan(CASES / 10);
  },
  TIMEOUT_MS,
);

function kindOf(from: Effect, to: Effect): string {
  if (to === 'deny') return 'newly-denied';
  if (to === 'hold') return 'newly-held';
  return from === 'hold' ? 'newly-unheld' : 'newly-allowed';
}

it(
  '[diff.proof] where nothing is said to widen or to narrow, no call is found that does',
  () => {
    let proofs = 0;
    fc.assert(
      fc.property(anyPolicyPair, fc.array(anyCall, { minLength: 24, maxLength: 24 }), ([one, other], calls) => {
        const [before, after] = [tryPolicy(one), tryPolicy(other)];
        if (before === undefined || after === undefined) return;
        const { items } = diffPolicies(before, after);
        const mayWiden = items.some((item) => item.widens !== 'no');
        const mayNarrow = items.some((item) => item.narrows !== 'no');
        if (mayWiden && mayNarrow) return;
        proofs += 1;
        const others = diffPolicies(after, before).items.flatMap(({ flips }) => flips.map((flip) => flip.witness));
        for (const call of [...calls, ...others]) {
          const [was, is] = [decide(before, call).effect, decide(after, call).effect];
          const change = { call, was, is };
          if (!mayWiden) expect(RANK[is] < RANK[was] ? change : undefined).toBeUndefined();
          if (!mayNarrow) expect(RANK[is] > RANK[was] ? change : undefined).toBeUndefined();
        }
      }),
      { numRuns: CASES },
    );
    expect(proofs).toBeGreaterThan(CASES / 4);
  },
  TIMEOUT_MS,
);

it('a policy is the same as itself, and the diff of equal policies is equal', () => {
  fc.assert(
    fc.property(anyPolicyDocument, (document) => {
      const [policy, twin] = [tryPolicy(document), tryPolicy(structuredClone(document))];
      if (policy === undefined || twin === undefined) return;
      const diff = diffPolicies(policy, twin);
      expect(diff.items).toEqual([]);
      expect(diff.verdict).toBe('same');
    }),
    { numRuns: Math.min(CASES, 300) },
  );
});

it('the other way round, what widened narrowed', () => {
  fc.assert(
    fc.property(anyPolicyPair, ([one, other]) => {
      const [before, after] = [tryPolicy(one), tryPolicy(other)];
      if (before === undefined || after === undefined) return;
      const [there, back] = [diffPolicies(before, after), diffPolicies(after, before)];
      const proved = (items: typeof there.items, way: 'widens' | 'narrows'): boolean =>
        items.every((item) => item[way] === 'no');
      expect(proved(there.items, 'widens')).toBe(proved(back.items, 'narrows'));
      expect(canonicalize(JSON.parse(JSON.stringify(there)))).toBe(
        canonicalize(JSON.parse(JSON.stringify(diffPolicies(before, after)))),
      );
    }),
    { numRuns: Math.min(CASES, 300) },
  );
});
