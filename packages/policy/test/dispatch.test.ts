import type { JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { compilePolicy, decide, type Decision } from '../src/index.ts';
import { SOMEBODY, policyOf, toolCall } from './support/policies.ts';

const ONE = policyOf({
  tools: {
    call_tool: { ring: 1, arguments: 'any', dispatch: { tool: '/name', arguments: '/parameters' } },
    lookup: { ring: 1, arguments: { limit: { type: 'integer', maximum: 25 } } },
    refund: { ring: 3, arguments: 'any' },
  },
});

function dispatch(args: JsonValue): Decision {
  return decide(ONE, toolCall(args, { tool: 'call_tool' }));
}

describe('a dispatcher', () => {
  it('is judged by the call it carries', () => {
    expect(dispatch({ name: 'lookup', parameters: { limit: 5 } })).toMatchObject({
      effect: 'allow',
      dispatched: [{ server: 'inventory', tool: 'lookup', effect: 'allow' }],
    });
    const denied = dispatch({ name: 'lookup', parameters: { limit: 50 } });
    expect(denied).toMatchObject({
      effect: 'deny',
      code: 'arguments.envelope',
      dispatched: [{ tool: 'lookup', effect: 'deny' }],
    });
    expect(denied.violations[0]).toMatchObject({
      pointer: '/parameters/limit',
      hint: 'set `parameters.limit` to an integer of at most 25',
    });
    expect(dispatch({ name: 'refund', parameters: {} })).toMatchObject({
      effect: 'hold',
      ring: 3,
      obligations: { durable: true },
    });
    expect(dispatch({ name: 'delete_all', parameters: {} }).code).toBe('tool.not_allowed');
  });

  it.each<[string, JsonValue]>([
    ['nothing', {}],
    ['no arguments', { name: 'lookup' }],
    ['a name that is not text', { name: ['lookup'], parameters: {} }],
    ['arguments as text', { name: 'lookup', parameters: '{"limit":1}' }],
    ['no name', { parameters: {} }],
  ])('that carries %s is denied', (_, args) => {
    expect(dispatch(args)).toMatchObject({ effect: 'deny', code: 'dispatch.unresolved' });
  });

  it('inside a dispatcher is followed three deep and no deeper', () => {
    const nest = (depth: number): JsonValue =>
      depth === 0 ? { name: 'lookup', parameters: { limit: 1 } } : { name: 'call_tool', parameters: nest(depth - 1) };
    expect(dispatch(nest(2)).effect).toBe('allow');
    expect(dispatch(nest(3))).toMatchObject({ effect: 'deny', code: 'dispatch.unresolved' });
  });

  it('with a list of calls has each judged, and a bounded number', () => {
    const policy = policyOf({
      tools: {
        batch: { ring: 1, arguments: 'any', dispatch: { each: '/calls', tool: '/tool', arguments: '/args' } },
        lookup: { ring: 0 },
        refund: { ring: 3, arguments: 'any' },
      },
    });
    const batch = (calls: JsonValue): Decision => decide(policy, toolCall({ calls }, { tool: 'batch' }));
    const call = (tool: string): JsonValue => ({ tool, args: {} });
    expect(batch([call('lookup'), call('lookup')]).effect).toBe('allow');
    expect(batch([call('lookup'), call('refund')]).effect).toBe('hold');
    expect(batch([call('lookup'), call('other')]).effect).toBe('deny');
    expect(batch(Array.from({ length: 65 }, () => call('lookup'))).code).toBe('dispatch.unresolved');
    expect(batch('x').code).toBe('dispatch.unresolved');
  });

  it('to another server has that server’s rules applied, as the same principal', () => {
    const policy = compilePolicy({
      callgate: 1,
      name: 'test',
      version: '1',
      servers: {
        inventory: { tools: { route: { ring: 0, dispatch: { server: '/s', tool: '/t', arguments: '/a' } } } },
        support: { tools: { search: { ring: 0, who: { users: ['u-17'] } } } },
        guarded: { identity: { url: 'https://x.example/' }, tools: { search: { ring: 0 } } },
      },
    });
    const route = (s: JsonValue, principal = SOMEBODY): Decision =>
      decide(policy, toolCall({ s, t: 'search', a: {} }, { tool: 'route', principal }));
    expect(route('support').effect).toBe('allow');
    expect(route('support', { user: 'u-1' }).code).toBe('principal.not_allowed');
    expect(route('nowhere').code).toBe('server.unregistered');
    expect(route('guarded').code).toBe('server.identity_mismatch');
    expect(route(5).code).toBe('dispatch.unresolved');
  });
});
