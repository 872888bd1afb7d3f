import { canonicalize, type JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  decide,
  reachable,
  type Call,
  type CompiledPolicy,
  type Principal,
  type ToolDocument,
} from '../src/index.ts';
import { SOMEBODY, codesOf, policyOf, toolCall, toolPolicy } from './support/policies.ts';

const LOOKUP: ToolDocument = {
  ring: 1,
  arguments: {
    region: { enum: ['us-east', 'us-west'], message: 'wildcard region is forbidden' },
    limit: { type: 'integer', minimum: 1, maximum: 25 },
    fields: { type: 'array', items: { type: 'string' }, optional: true },
  },
};

describe('a tool call', () => {
  const policy = toolPolicy(LOOKUP);

  it('inside its envelope is allowed', () => {
    expect(decide(policy, toolCall({ region: 'us-east', limit: 25 }))).toMatchObject({
      effect: 'allow',
      code: 'allowed',
      stage: 'enforce',
      ring: 1,
      toolEffect: 'read',
      determining: [{ rule: '/servers/inventory/tools/lookup' }],
      obligations: { timeoutMs: 30_000, maxResultBytes: 4_194_304, durable: false },
      summary: { fields: { limit: 'number 11-100', region: 'string 1-10' }, undeclared: 0 },
    });
  });

  it('outside it is denied with every violation, what would pass, and the author’s words', () => {
    const decision = decide(policy, toolCall({ region: '*', limit: 10_000, field: ['x'] }));
    expect(decision).toMatchObject({
      effect: 'deny',
      code: 'arguments.envelope',
      message: 'wildcard region is forbidden',
      next: 'fix_arguments',
    });
    expect(decision.violations.map(({ code, pointer }) => [pointer, code])).toEqual([
      ['/field', 'additional'],
      ['/limit', 'maximum'],
      ['/region', 'enum'],
    ]);
    expect(decision.hints).toEqual([
      'remove `field`; did you mean `fields`?',
      'set `limit` to an integer from 1 to 25',
      'set `region` to one of `us-east`, `us-west`',
    ]);
    expect(decision.summary).toMatchObject({ wildcards: ['region'], undeclared: 1 });
  });

  it('with an argument missing says so, and not what its author says about values that fail', () => {
    const decision = decide(policy, toolCall({ limit: 25 }));
    expect(decision.violations[0]).not.toHaveProperty('message');
    expect(decision.message).toBe(
      'the arguments of tool `lookup` are not as permitted: add `region`: one of `us-east`, `us-west`',
    );
  });

  it.each<[string, JsonValue | undefined]>([
    ['null', null],
    ['a list', []],
    ['text', 'region=us-east'],
    ['nothing', undefined],
  ])('with %s for arguments is denied', (_, args) => {
    expect(decide(policy, toolCall(args)).effect).toBe('deny');
  });

  it('of an unknown tool is denied, with a hint only at tools that this principal can use', () => {
    const two = policyOf({ tools: { lookup: LOOKUP, 'lookup.secret': { ...LOOKUP, who: { tenants: ['other'] } } } });
    expect(decide(two, toolCall({}, { tool: 'lookip' }))).toMatchObject({
      code: 'tool.not_allowed',
      hints: ['use `lookup`'],
    });
    expect(decide(two, toolCall({}, { tool: 'lookup.secred' })).hints).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('of a tool called %j is denied', (tool) => {
    expect(decide(policy, toolCall({}, { tool })).code).toBe('tool.not_allowed');
  });

  it('of an unregistered server is denied', () => {
    expect(decide(policy, toolCall({}, { server: 'other' })).code).toBe('server.unregistered');
    expect(decide(policy, toolCall({}, { server: '__proto__' })).code).toBe('server.unregistered');
  });

  it('with members beside its arguments is denied: nothing passes beside the envelope', () => {
    const call = toolCall({ region: 'us-east', limit: 1 });
    const smuggled = { ...call, params: { ...call.params, options: { region: '*' } } };
    expect(decide(policy, smuggled)).toMatchObject({ effect: 'deny', code: 'arguments.envelope' });
    expect(decide(policy, { ...call, params: { ...call.params, _meta: { progressToken: 1 } } }).effect).toBe('allow');
  });

  it('is judged by the same rules whatever the direction says', () => {
    const call = toolCall({ region: 'us-east', limit: 1 }, { direction: 'server-to-client' });
    expect(decide(policy, call).code).toBe('method.not_allowed');
  });
});

describe('rings', () => {
  const args = { x: 1 };
  const decideRing = (tool: ToolDocument, principal: Principal = SOMEBODY): unknown => {
    const { effect, code, obligations } = decide(toolPolicy(tool), toolCall(args, { principal }));
    return [effect, code, obligations.durable];
  };

  it('0 is allowed without an envelope', () => {
    expect(decideRing({ ring: 0 }, {})).toEqual(['allow', 'allowed', false]);
  });
  it('1 needs an envelope, for which `any` is explicit', () => {
    expect(decideRing({ ring: 1 })).toEqual(['deny', 'ring.envelope_missing', false]);
    expect(decideRing({ ring: 1, arguments: 'any' }, {})).toEqual(['allow', 'allowed', false]);
  });
  it('2 also needs an identified principal, and a durable record', () => {
    expect(decideRing({ ring: 2 })).toEqual(['deny', 'ring.envelope_missing', true]);
    for (const principal of [{}, { tenant: 'acme', roles: ['support'] }, { user: '' }]) {
      expect(decideRing({ ring: 2, arguments: 'any' }, principal)).toEqual(['deny', 'principal.missing', true]);
    }
    expect(decideRing({ ring: 2, arguments: 'any' }, { workload: 'w' })).toEqual(['allow', 'allowed', true]);
  });
  it('3 is always held', () => {
    expect(decideRing({ ring: 3, arguments: 'any' })).toEqual(['hold', 'approval.required', true]);
    expect(decideRing({ ring: 3, arguments: 'any' }, {})).toEqual(['deny', 'principal.missing', true]);
    expect(decideRing({ ring: 3, arguments: {} })).toEqual(['deny', 'arguments.envelope', true]);
  });
  it('give the effect where the entry does not', () => {
    const effects = ([0, 1, 2, 3] as const).map(
      (ring) => decide(toolPolicy({ ring, arguments: 'any' }), toolCall({})).toolEffect,
    );
    expect(effects).toEqual(['read', 'read', 'write', 'destructive']);
  });
});

describe('who', () => {
  const policy = toolPolicy({ ring: 0, who: { agents: ['agent:*'], roles: ['support', 'lead'], tenants: ['acme'] } });
  const effectOf = (principal: unknown): string =>
    decide(policy, toolCall({}, { principal: principal as Principal })).effect;

  it('needs every dimension, each by one of its values', () => {
    expect(effectOf({ agent: 'agent:triage', roles: ['other', 'lead'], tenant: 'acme' })).toBe('allow');
    expect(effectOf({ agent: 'agent:triage', roles: ['other'], tenant: 'acme' })).toBe('deny');
    expect(effectOf({ agent: 'agent:triage', roles: ['lead'] })).toBe('deny');
  });

  it('is not satisfied by what is absent, empty or of another type', () => {
    expect(effectOf({})).toBe('deny');
    expect(effectOf({ agent: '', roles: [], tenant: '' })).toBe('deny');
    expect(effectOf({ agent: 'agent:x', roles: 'lead', tenant: 'acme' })).toBe('deny');
    expect(effectOf({ agent: 'agent:x', roles: ['lead'], tenant: ['acme'] })).toBe('deny');
    expect(effectOf({ agent: 'agent:x', roles: ['lead', 5], tenant: 'acme' })).toBe('deny');
  });

  it('reports what cannot be judged as an error, not as a failure', () => {
    const decision = decide(
      policy,
      toolCall({}, { principal: { agent: 5, roles: ['lead'], tenant: 'acme' } as never }),
    );
    expect(decision).toMatchObject({ code: 'evaluation.error', errors: [{ code: 'who.agents' }] });
  });

  it('tells a principal that is left out neither who is let in nor what the envelope is', () => {
    const secret = toolPolicy({
      ring: 1,
      who: { tenants: ['tenant-b'] },
      arguments: { project: { enum: ['apollo'] } },
    });
    const decision = decide(secret, toolCall({ project: 'x' }));
    expect(decision.code).toBe('principal.not_allowed');
    expect(JSON.stringify(decision)).not.toMatch(/tenant-b|apollo/u);
  });

  it('compares names exactly', () => {
    expect(effectOf({ agent: 'agent:triage', roles: ['leаd'], tenant: 'acme' })).toBe('deny');
    expect(effectOf({ agent: 'Agent:triage', roles: ['lead'], tenant: 'acme' })).toBe('deny');
  });
});

describe('patterns of tool names', () => {
  const policy = policyOf({
    tools: {
      'delete_*': { ring: 3, arguments: 'any' },
      '*': { ring: 0 },
      '*_user': { ring: 1, arguments: { id: { type: 'integer' } } },
      get_user: { ring: 0 },
    },
  });
  const decideTool = (tool: string, args: JsonValue): string => decide(policy, toolCall(args, { tool })).effect;

  it('all have to be satisfied, deny over hold over allow', () => {
    expect(decideTool('list', {})).toBe('allow');
    expect(decideTool('delete_file', {})).toBe('hold');
    expect(decideTool('delete_user', { id: 'x' })).toBe('deny');
    expect(decideTool('delete_user', { id: 1 })).toBe('hold');
  });
  it('give way to an exact entry', () => {
    expect(decideTool('get_user', { id: 'x' })).toBe('allow');
  });
  it('have the highest ring and the severest effect of those that match', () => {
    const tools = {
      '*': { ring: 2, effect: 'read', arguments: 'any' },
      'delete.*': { ring: 2, effect: 'destructive', arguments: 'any' },
      '*.one': { ring: 3, effect: 'write', arguments: 'any' },
    } as const;
    expect(decide(policyOf({ tools }), toolCall({}, { tool: 'delete.one' }))).toMatchObject({
      ring: 3,
      toolEffect: 'destructive',
    });
  });
  it('take the strictest obligations of those that match', () => {
    const strict = policyOf({ tools: { 'a*': { ring: 0, timeout: '1s' }, '*b': { ring: 0, maxResultBytes: '1KiB' } } });
    expect(decide(strict, toolCall({}, { tool: 'ab' })).obligations).toMatchObject({
      timeoutMs: 1000,
      maxResultBytes: 1024,
    });
  });
});

describe('stages', () => {
  const deny: ToolDocument = { ring: 1, arguments: {} };
  it('observe allows, and says what enforcement would do', () => {
    const decision = decide(toolPolicy({ ...deny, stage: 'observe' }), toolCall({ x: 1 }));
    expect(decision).toMatchObject({
      effect: 'allow',
      code: 'allowed',
      would: 'deny',
      wouldCode: 'arguments.envelope',
      stage: 'observe',
    });
    expect(codesOf(decision)).toEqual(['additional']);
  });
  it('observe leaves out `would` where enforcement agrees', () => {
    expect(decide(toolPolicy({ ...deny, stage: 'observe' }), toolCall({}))).not.toHaveProperty('would');
  });
  it('off allows without looking', () => {
    const decision = decide(toolPolicy({ ...deny, stage: 'off' }), toolCall({ x: 1 }));
    expect(decision).toMatchObject({ effect: 'allow', stage: 'off', violations: [] });
    expect(decision).not.toHaveProperty('would');
  });
  it('off judges nothing: no server, tool, identity or method', () => {
    const policy = policyOf({
      stage: 'off',
      identity: { command: 'x', args: [] },
      resources: { allow: ['docs://**'] },
    });
    for (const call of [toolCall({}), toolCall({}, { method: 'acme/x' }), toolCall({}, { method: 'resources/read' })]) {
      const decision = decide(policy, call);
      expect(decision).toMatchObject({ effect: 'allow', code: 'allowed', stage: 'off', violations: [], hints: [] });
      expect(decision).not.toHaveProperty('would');
    }
  });
  it('the innermost that is set wins, and what no entry covers has the next outer one', () => {
    const policy = compilePolicy({
      callgate: 1,
      name: 'test',
      version: '1',
      stage: 'observe',
      servers: {
        inventory: { stage: 'enforce', tools: { lookup: { ...deny, stage: 'observe' }, other: deny } },
        quiet: {},
      },
    });
    expect(decide(policy, toolCall({ x: 1 }))).toMatchObject({ effect: 'allow', would: 'deny' });
    expect(decide(policy, toolCall({ x: 1 }, { tool: 'other' })).effect).toBe('deny');
    expect(decide(policy, toolCall({}, { tool: 'unknown' })).effect).toBe('deny');
    expect(decide(policy, toolCall({}, { server: 'quiet' }))).toMatchObject({
      effect: 'allow',
      would: 'deny',
      wouldCode: 'tool.not_allowed',
    });
    expect(decide(policy, toolCall({}, { server: 'nobody' }))).toMatchObject({ effect: 'allow', would: 'deny' });
  });
  it('[decide.three-valued] what an enforced tool says holds whatever else is wrong with the call of its observed server', () => {
    const policy = policyOf({
      stage: 'observe',
      identity: { url: 'https://mcp.example/' },
      tools: { lookup: { ring: 1, arguments: { n: { maximum: 1 } }, stage: 'enforce' }, other: deny },
    });
    const impostor = { identity: { url: 'https://evil.example/' } };
    expect(decide(policy, toolCall({ n: 5 }, impostor)).effect).toBe('deny');
    expect(decide(policy, toolCall({ n: 1 }, impostor)).code).toBe('server.identity_mismatch');
    expect(decide(policy, toolCall({ n: 5 }, { ...impostor, tool: 'other' }))).toMatchObject({
      effect: 'allow',
      wouldCode: 'server.identity_mismatch',
    });
  });
  it('[decide.three-valued] a call that cannot be evaluated is denied if anything in the policy is enforced', () => {
    const stagePolicy = (stage: 'observe' | 'enforce', tool: 'observe' | 'enforce'): CompiledPolicy =>
      compilePolicy({
        callgate: 1,
        name: 'test',
        version: '1',
        stage: 'observe',
        servers: {
          inventory: {
            stage,
            tools: { lookup: { ring: 1, arguments: { n: { enum: [1, [2]] } }, who: { users: ['a'] }, stage: tool } },
          },
        },
      });
    const nobody = toolCall({ n: 1 }, { principal: null as unknown as Principal });
    const deep = { n: Array.from({ length: 80 }).reduce<JsonValue>((inner) => [inner], 1) };
    for (const policy of [stagePolicy('enforce', 'enforce'), stagePolicy('observe', 'enforce')]) {
      expect(decide(policy, nobody)).toMatchObject({ effect: 'deny', code: 'evaluation.error' });
      const call = toolCall(deep, { principal: { user: 'a' } });
      expect(decide(policy, call)).toMatchObject({ effect: 'deny', code: 'evaluation.error' });
    }
    expect(decide(stagePolicy('observe', 'observe'), nobody)).toMatchObject({ effect: 'allow', would: 'deny' });
  });
  it('an observed pattern does not soften an enforced one', () => {
    const policy = policyOf({ tools: { 'a*': { ...deny, stage: 'observe' }, '*b': { ring: 3, arguments: 'any' } } });
    expect(decide(policy, toolCall({ x: 1 }, { tool: 'ab' }))).toMatchObject({ effect: 'hold', would: 'deny' });
  });
});

describe('a declared identity', () => {
  const byCommand = policyOf({ identity: { command: 'npx', args: ['-y', 'x@1'] }, tools: { lookup: { ring: 0 } } });
  const byUrl = policyOf({ identity: { url: 'https://mcp.example/v1' }, tools: { lookup: { ring: 0 } } });
  const codeOf = (policy: typeof byUrl, identity?: Call['identity']): string =>
    decide(policy, toolCall({}, identity === undefined ? {} : { identity })).code;

  it('must be observed and equal', () => {
    expect(codeOf(byCommand, { command: 'npx', args: ['-y', 'x@1'] })).toBe('allowed');
    for (const args of [['-y'], ['-y', 'x@2'], ['x@1', '-y'], ['-y', 'x@1', '']]) {
      expect(codeOf(byCommand, { command: 'npx', args })).toBe('server.identity_mismatch');
    }
    expect(codeOf(byCommand)).toBe('server.identity_mismatch');
    expect(codeOf(byCommand, { url: 'https://mcp.example/v1' })).toBe('server.identity_mismatch');
  });
  it('by URL compares origin and path', () => {
    for (const url of [
      'https://mcp.example/v1',
      'HTTPS://MCP.example:443/v1',
      'https://mcp.example/a/../v1?session=1',
    ]) {
      expect(codeOf(byUrl, { url })).toBe('allowed');
    }
    for (const url of [
      'http://mcp.example/v1',
      'https://mcp.example/v1/',
      'https://mcp.example.evil/v1',
      'https://u:p@mcp.example/v1',
      'x',
    ]) {
      expect(codeOf(byUrl, { url })).toBe('server.identity_mismatch');
    }
  });
});

describe('approval', () => {
  it('holds what otherwise passes, and names who may approve', () => {
    const policy = toolPolicy({ ...LOOKUP, approval: { by: ['role:refund-lead', 'role:admin'] } });
    expect(decide(policy, toolCall({ region: 'us-east', limit: 1 }))).toMatchObject({
      effect: 'hold',
      code: 'approval.required',
      approvers: ['role:admin', 'role:refund-lead'],
      retryable: true,
      next: 'request_approval',
    });
  });
  it('does not save a call outside the envelope', () => {
    const policy = toolPolicy({ ...LOOKUP, approval: 'required' });
    expect(decide(policy, toolCall({ region: '*', limit: 1 }))).toMatchObject({
      effect: 'deny',
      code: 'arguments.envelope',
    });
  });
});

describe('reachable', () => {
  const policy = policyOf({
    tools: {
      open: { ring: 0 },
      held: { ring: 3, arguments: 'any' },
      none: { ring: 1 },
      other: { ring: 0, who: { users: ['u-1'] } },
      seen: { ring: 1, stage: 'observe' },
    },
  });
  it.each([
    ['open', 'allow'],
    ['held', 'hold'],
    ['none', 'deny'],
    ['other', 'deny'],
    ['seen', 'allow'],
    ['unknown', 'deny'],
  ])('%s is %s', (tool, effect) => {
    expect(reachable(policy, { server: 'inventory', tool, principal: SOMEBODY })).toBe(effect);
  });
  it('held tools need somebody', () => {
    expect(reachable(policy, { server: 'inventory', tool: 'held', principal: {} })).toBe('deny');
  });
});

describe('a decision', () => {
  it('reports 64 violations and that there were more', () => {
    const args = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`name${String(index).padStart(3, '0')}`, index]),
    );
    const decision = decide(toolPolicy({ ring: 1, arguments: {} }), toolCall(args));
    expect(decision.violations).toHaveLength(65);
    expect(decision.violations.at(-1)?.code).toBe('truncated');
    expect(decision.violations[0]?.pointer).toBe('/name000');
    expect(decision.hints).toHaveLength(8);
  });
  it('is plain data, frozen to the bottom', () => {
    const decisions = [
      toolCall({ region: 'us-east', limit: 1 }),
      toolCall({ region: 'x' }),
      toolCall({}, { tool: 'no' }),
    ].map((call) => decide(toolPolicy(LOOKUP), call));
    for (const decision of decisions) {
      expect(JSON.parse(canonicalize(decision as never))).toEqual(decision);
      expectFrozen(decision);
    }
  });
  it('needs a policy that was compiled here', () => {
    expect(() => decide({} as never, toolCall({}))).toThrow(TypeError);
  });
});

function expectFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const item of Object.values(value)) expectFrozen(item);
}
