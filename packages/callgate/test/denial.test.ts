import { describe, expect, it } from 'vitest';

import type { Verdict } from '../src/codes.ts';
import { denialResult, readDenial } from '../src/denial.ts';
import { refuse } from '../src/verdicts.ts';

function textOf(verdict: Verdict): string {
  const { result } = denialResult(1, verdict, 'q1', false);
  return JSON.stringify((result as { readonly content: unknown }).content);
}

const RATE: Verdict = {
  ...refuse({
    code: 'rate.exceeded',
    message: '60 calls in 1 min used',
    hints: ['ask for more at once'],
    next: 'wait',
  }),
  retryAfterMs: 1200,
};

describe('a denial by a control over many calls', () => {
  it('tells the model when to come back, rounded up, and what else would help', () => {
    expect(textOf(RATE)).toContain(
      'Denied by policy (rate.exceeded): 60 calls in 1 min used. To pass: ask for more at once. Wait 2 seconds before calling again.',
    );
    expect(textOf({ ...RATE, retryAfterMs: 1 })).toContain('Wait 1 second before calling again.');
    expect(textOf({ ...RATE, effect: 'hold', next: 'request_approval' })).toContain(
      'A person has to approve this call first; do not repeat it unchanged. After 2 seconds the same call could pass.',
    );
  });

  it('tells programs in milliseconds, and nothing where waiting does not help', () => {
    const { result } = denialResult(1, RATE, 'q1', false);
    expect(readDenial(result)).toMatchObject({ code: 'rate.exceeded', retryAfterMs: 1200, next: 'wait' });
    const { retryAfterMs: _, ...forGood } = RATE;
    expect(readDenial(denialResult(1, forGood, 'q1', false).result)).not.toHaveProperty('retryAfterMs');
  });
});
