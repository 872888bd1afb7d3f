import { clonePlain, type JsonObject } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compilePolicy, decide, parsePolicy, policyYaml, suggestPolicy, type Principal } from '../src/index.ts';
import { anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';
import { toolCall } from './support/policies.ts';
import { ScriptedHistory } from './support/scripted-history.ts';

const CASES = casesOr(60);
const RUNS = { numRuns: CASES };
const TIMEOUT_MS = 30_000 + CASES * 20;
/** To print and parse YAML costs more than all the rest. */
const YAML_RUNS = { numRuns: Math.min(CASES, 1000) };

const principal: fc.Arbitrary<Principal> = fc.record(
  {
    user: fc.constantFrom('', 'u-1', 'u-2'),
    agent: fc.constantFrom('', 'triage', 'a*'),
    roles: fc.array(fc.constantFrom('support', 'lead', '*', ''), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

const observed = fc
  .record({
    tool: fc.constantFrom('lookup', 'delete_all', 'send', 'constructor'),
    args: fc.dictionary(
      fc.constantFrom('a', 'b', 'token', 'constructor', 'x y', '__proto__', '12', 'null', '<<', '? a', '#', ''),
      anyValue,
      {
        maxKeys: 3,
      },
    ),
    principal,
    run: fc.constantFrom(undefined, 'r-1', 'r-2', 'r-3'),
    at: fc.constantFrom(undefined, 0, 1_700_000_000_000),
  })
  .map(({ tool, args, principal: who, run, at }) => ({
    call: toolCall(clonePlain(args) as JsonObject, { tool, principal: who, ...(run === undefined ? {} : { run }) }),
    at,
  }));

describe('a suggested policy', () => {
  it(
    'lets pass every call that it was learned from',
    () => {
      fc.assert(
        fc.property(fc.array(observed, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (calls, leastSupport) => {
          const suggestion = suggestPolicy(calls, { holdout: 0, leastSupport });
          const policy = compilePolicy(suggestion.document);
          expect(
            calls.filter(
              ({ call, at }) =>
                decide(policy, call, { now: at ?? 0, history: new ScriptedHistory() }).effect !== 'allow',
            ),
          ).toEqual([]);
          expect(suggestion.calls).toBe(calls.length);
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  it('says the same as YAML', () => {
    fc.assert(
      fc.property(fc.array(observed, { maxLength: 12 }), (calls) => {
        const suggestion = suggestPolicy(calls, { holdout: 0 });
        const { digest } = parsePolicy(policyYaml(suggestion, ['a policy']));
        expect(digest).toBe(compilePolicy(suggestion.document).digest);
      }),
      YAML_RUNS,
    );
  });

  it(
    'is the same for the same calls',
    () => {
      fc.assert(
        fc.property(fc.array(observed, { maxLength: 12 }), (calls) => {
          expect(JSON.stringify(suggestPolicy(calls))).toBe(JSON.stringify(suggestPolicy(calls)));
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'counts every call once: learned from, held out or skipped',
    () => {
      fc.assert(
        fc.property(fc.array(observed, { maxLength: 30 }), (calls) => {
          const { calls: learned, heldOut, skipped } = suggestPolicy(calls, { holdout: 0.4 });
          const sumOf = (groups: readonly { readonly calls: number }[]): number =>
            groups.reduce((sum, group) => sum + group.calls, 0);
          expect(heldOut.checked).toBe(heldOut.calls);
          expect(heldOut.allowed + sumOf(heldOut.refused)).toBe(heldOut.checked);
          expect(learned + heldOut.calls + sumOf(skipped)).toBe(calls.length);
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );
});
