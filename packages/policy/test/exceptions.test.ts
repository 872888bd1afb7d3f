import type { JsonObject } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  compileExceptions,
  compilePolicy,
  decide,
  isInForce,
  parseExceptions,
  withExceptions,
  type Call,
  type CompiledPolicy,
  type Decision,
  type ExceptionDocument,
} from '../src/index.ts';

const DAY_MS = 86_400_000;
const CREATED = 1_793_491_200_000; // 2026-11-01T00:00:00Z

const POLICY = compilePolicy({
  callgate: 1,
  name: 'x',
  version: '1',
  servers: {
    shop: {
      tools: {
        refund: { ring: 2, arguments: { amount: { type: 'number', maximum: 100 } }, approval: { by: ['role:lead'] } },
        search: { ring: 1, who: { roles: ['support'] }, arguments: { limit: { type: 'integer', maximum: 25 } } },
        export: { ring: 1 },
        wipe: { ring: 3, arguments: {} },
      },
    },
  },
  rules: [
    { id: 'frozen', match: { tool: 'search' }, deny: true },
    { id: 'costly', match: { tool: 'refund' }, raise: { ring: 3 } },
  ],
});

const BASE: ExceptionDocument = {
  id: 'EX-1',
  owner: 'support',
  reason: 'the quarterly audit',
  server: 'shop',
  tool: 'search',
  approver: 'jane',
  created: '2026-11-01',
  expires: '2026-12-01T00:00:00Z',
  waives: { rules: ['frozen'] },
};

function policyWith(...exceptions: readonly Partial<ExceptionDocument>[]): CompiledPolicy {
  const documents = exceptions.map((one) => Object.assign({}, BASE, one));
  return withExceptions(POLICY, compileExceptions({ callgate: 1, exceptions: documents }));
}

function decideOn(
  policy: CompiledPolicy,
  tool: string,
  args: JsonObject,
  more: Partial<Call> = {},
  now?: number,
): Decision {
  const call: Call = {
    server: 'shop',
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: tool, arguments: args },
    principal: { user: 'ada', roles: ['support'] },
    ...more,
  };
  return decide(policy, call, { now: now ?? CREATED + DAY_MS });
}

describe('an exception', () => {
  it('widens exactly what it says, and the decision names it', () => {
    const policy = policyWith({ arguments: { limit: { type: 'integer', maximum: 100 } } });
    expect(decideOn(POLICY, 'search', { limit: 100 }).effect).toBe('deny');
    expect(decideOn(policy, 'search', { limit: 100 })).toMatchObject({
      effect: 'allow',
      exceptions: ['EX-1'],
      violations: [],
    });
    expect(decideOn(policy, 'search', { limit: 101 }).effect).toBe('deny');
    expect(decideOn(policy, 'search', { limit: 100, x: 1 }).effect).toBe('deny');
    expect(decideOn(policy, 'export', {}).effect).toBe('deny');
  });

  it('is in force from its creation on, before it expires, and never without a time', () => {
    const policy = policyWith({});
    const effectAt = (now: number): string => decideOn(policy, 'search', { limit: 5 }, {}, now).effect;
    const [exception] = policy.exceptions?.exceptions ?? [];
    expect(effectAt(CREATED - 1)).toBe('deny');
    expect(effectAt(CREATED)).toBe('allow');
    expect(effectAt(CREATED + 30 * DAY_MS - 1)).toBe('allow');
    expect(effectAt(CREATED + 30 * DAY_MS)).toBe('deny');
    expect(exception === undefined ? undefined : isInForce(exception, CREATED)).toBe(true);
    const call = {
      server: 'shop',
      direction: 'client-to-server',
      method: 'tools/call',
      principal: { roles: ['support'] },
    } as const;
    expect(decide(policy, { ...call, params: { name: 'search', arguments: { limit: 5 } } }).effect).toBe('deny');
  });

  it('is not named by calls that pass without it', () => {
    const policy = policyWith({
      tool: 'refund',
      waives: { rules: ['frozen'] },
      arguments: { amount: { maximum: 500 } },
    });
    expect(decideOn(policy, 'refund', { amount: 5 }).exceptions).toBeUndefined();
  });

  it('gives an envelope to a tool that has none', () => {
    const policy = policyWith({ tool: 'export', waives: { approval: true }, arguments: { day: { const: 'monday' } } });
    expect(decideOn(policy, 'export', { day: 'monday' })).toMatchObject({ effect: 'allow', exceptions: ['EX-1'] });
    expect(decideOn(policy, 'export', { day: 'friday' }).effect).toBe('deny');
  });

  it('waives an approval, but never that of ring 3, and no raise but one it names', () => {
    const waives = { approval: true, rules: ['costly'] } as const;
    expect(decideOn(policyWith({ tool: 'refund', waives }), 'refund', { amount: 5 })).toMatchObject({
      effect: 'allow',
    });
    expect(decideOn(policyWith({ tool: 'refund', waives: { approval: true } }), 'refund', { amount: 5 }).effect).toBe(
      'hold',
    );
    expect(decideOn(policyWith({ tool: 'wipe', waives }), 'wipe', {}).effect).toBe('hold');
  });

  it('does not widen who may call, and can be for fewer', () => {
    const outsider = { principal: { user: 'eve', roles: ['guest'] } };
    expect(decideOn(policyWith({ who: { users: ['eve'] } }), 'search', { limit: 5 }, outsider).code).toBe(
      'principal.not_allowed',
    );
    expect(decideOn(policyWith({ who: { users: ['bob'] } }), 'search', { limit: 5 }).effect).toBe('deny');
    expect(decideOn(policyWith({ who: { users: ['ada'] } }), 'search', { limit: 5 }).effect).toBe('allow');
  });

  it('waives for its own arguments only', () => {
    const policy = policyWith({ arguments: { limit: { const: 7 } } });
    expect(decideOn(policy, 'search', { limit: 7 }).effect).toBe('allow');
    expect(decideOn(policy, 'search', { limit: 8 }).effect).toBe('deny');
  });

  it('changes neither the policy nor its digest, and can be taken back', () => {
    const policy = policyWith({});
    expect(policy.digest).toBe(POLICY.digest);
    expect(withExceptions(policy, undefined).exceptions).toBeUndefined();
    expect(decideOn(withExceptions(policy, undefined), 'search', { limit: 5 }).effect).toBe('deny');
  });
});

describe('a register that is wrong', () => {
  const text = (more: string): string =>
    `callgate: 1\nexceptions:\n  - { id: a, owner: o, reason: r, server: s, tool: t, approver: p, created: 2026-01-01, ${more} }\n`;
  it.each([
    ['nothing that it widens', 'expires: 2026-02-01', /at least one of `arguments`, `waives`/u],
    ['no end', 'waives: { approval: true }', /missing key `expires`/u],
    ['an end before its start', 'waives: { approval: true }, expires: 2025-02-01', /a time after `created`/u],
    ['a day that does not exist', 'waives: { approval: true }, expires: 2026-02-30', /a date or RFC 3339/u],
    ['any arguments', 'arguments: any, expires: 2026-02-01', /an object of argument names/u],
    ['a slip', 'waivs: { approval: true }, expires: 2026-02-01', /did you mean `waives`/u],
    [
      'a bound that nothing satisfies',
      'arguments: { a: { minimum: 2, maximum: 1 } }, expires: 2026-02-01',
      /nothing satisfies/u,
    ],
  ])('does not load with %s', (_, more, message) => {
    expect(() => parseExceptions(text(more))).toThrow(message);
  });

  it('does not load with an id twice', () => {
    expect(() => compileExceptions({ callgate: 1, exceptions: [BASE, BASE] })).toThrow(/another exception has/u);
  });
});
