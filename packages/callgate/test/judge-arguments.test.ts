import { compilePolicy, decide } from '@callgate/policy';
import { describe, expect, test } from 'vitest';

import type { Verdict } from '../src/codes.ts';
import { judgeArguments } from '../src/connection/judge-arguments.ts';

const TOKEN = `ghp_${'A1b2C3d4E5'.repeat(4).slice(0, 36)}`;

const policy = compilePolicy({
  callgate: 1,
  name: 'outgoing',
  version: '1',
  outgoing: { secrets: 'deny' },
  servers: { s: { tools: { post: { ring: 0 } } } },
});

function judged(args: object, withheld: readonly string[] = []): Verdict {
  const params = { name: 'post', arguments: args } as never;
  const direction = 'client-to-server';
  const decision = decide(policy, { server: 's', direction, method: 'tools/call', params, principal: {} });
  return judgeArguments('tools/call', params, decision, withheld);
}

describe('what is told of a secret that would be sent', () => {
  test('is only the place where it is content from quarantine', () => {
    const verdict = judged({ note: { a: [TOKEN] }, other: TOKEN }, ['/note']);
    expect(verdict.violations).toMatchObject([
      { code: 'secrets', pointer: '/note' },
      { code: 'secrets.github-token', pointer: '/other' },
    ]);
    expect(verdict.message).toBe(
      'what is to be sent holds 2 secrets: secrets at `/note`, secrets.github-token at `/other`',
    );
  });

  test('is bounded: 8 places, each told once, none longer than 256 characters', () => {
    const many = judged({ list: Array.from({ length: 100 }, () => TOKEN), twice: `${TOKEN} ${TOKEN}` });
    expect(many.violations).toHaveLength(8);
    expect(new Set(many.hints).size).toBe(8);
    const long = judged({ a: { ['b'.repeat(300)]: { c: TOKEN } }, twice: `${TOKEN} ${TOKEN}` });
    expect(long.violations.map(({ pointer }) => pointer)).toEqual(['/a', '/twice']);
  });

  test('is that what cannot be searched within bounds is not sent', () => {
    const nested = JSON.parse(`${'{"a":'.repeat(10_001)}1${'}'.repeat(10_001)}`) as object;
    expect(judged(nested)).toMatchObject({ effect: 'deny', code: 'arguments.secret' });
  });
});
