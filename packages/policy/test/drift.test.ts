import { describe, expect, test } from 'vitest';

import {
  DEFAULT_DRIFT_RULES,
  DRIFT_CHOICES,
  DRIFT_RULES,
  compilePolicy,
  diffPolicies,
  type CompiledPolicy,
  type DriftDocument,
} from '../src/index.ts';

const policyOf = (server?: DriftDocument, policy?: DriftDocument): CompiledPolicy =>
  compilePolicy({
    callgate: 1,
    name: 'drift',
    version: '1',
    ...(policy === undefined ? {} : { drift: policy }),
    servers: { s: { tools: { t: { ring: 0 } }, ...(server === undefined ? {} : { drift: server }) } },
  });

describe('what is done about drift', () => {
  test('is the standard where policy says nothing', () => {
    expect(policyOf().servers.get('s')?.drift).toStrictEqual(DEFAULT_DRIFT_RULES);
  });

  test('is said class by class: server over policy', () => {
    const drift = policyOf({ wording: 'hold' }, { wording: 'deny', added: 'hold' }).servers.get('s')?.drift;
    expect(drift).toStrictEqual({ ...DEFAULT_DRIFT_RULES, wording: 'hold', added: 'hold' });
    expect(Object.isFrozen(drift)).toBe(true);
  });

  test.each(['revoked', 'duplicate', 'colour'])('is no choice about `%s`', (name) => {
    expect(() => policyOf({ [name]: 'allow' } as DriftDocument)).toThrow(name);
  });

  test('says something where it is there', () => {
    expect(() => policyOf({})).toThrow('at least one class');
  });
});

describe('a policy that differs in drift', () => {
  test.each(DRIFT_RULES)('in %s is wider or narrower than the default, as it is looser or stricter', (name) => {
    for (const choice of DRIFT_CHOICES) {
      const strictness = DRIFT_CHOICES.indexOf(choice) - DRIFT_CHOICES.indexOf(DEFAULT_DRIFT_RULES[name]);
      const verdict = strictness === 0 ? 'same' : strictness < 0 ? 'widened' : 'narrowed';
      expect(diffPolicies(policyOf(), policyOf({ [name]: choice })).verdict).toBe(verdict);
      expect(diffPolicies(policyOf(), policyOf(undefined, { [name]: choice })).verdict).toBe(verdict);
    }
  });

  test('is wider where one class is looser, however strict the others are', () => {
    const after = policyOf({ wording: 'allow', removed: 'withhold' });
    const { verdict, items } = diffPolicies(policyOf(), after);
    expect(verdict).toBe('widened');
    expect(JSON.stringify(items)).toContain('drift');
  });
});
