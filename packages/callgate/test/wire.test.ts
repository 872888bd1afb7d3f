import { describe, expect, it } from 'vitest';

import { classify, isModern } from '../src/wire.ts';

describe('classify', () => {
  it.each([
    ['request', { jsonrpc: '2.0', id: 1, method: 'ping' }],
    ['request', { jsonrpc: '2.0', id: 'a', method: 'ping', params: {} }],
    ['notification', { jsonrpc: '2.0', method: 'n' }],
    ['result', { jsonrpc: '2.0', id: 0, result: {} }],
    ['error', { jsonrpc: '2.0', id: 1, error: { code: -1, message: 'x', data: null } }],
  ])('tells a %s', (kind, message) => {
    expect(classify(message).kind).toBe(kind);
  });

  it.each([
    null,
    [],
    'x',
    {},
    { jsonrpc: '1.0', method: 'x' },
    { jsonrpc: '2.0', method: '' },
    { jsonrpc: '2.0', method: 'x'.repeat(257) },
    { jsonrpc: '2.0', id: null, method: 'x' },
    { jsonrpc: '2.0', id: 1.5, method: 'x' },
    { jsonrpc: '2.0', id: 2 ** 53, method: 'x' },
    { jsonrpc: '2.0', id: 1, method: 'x', params: [] },
    { jsonrpc: '2.0', id: 1, method: 'x', result: {} },
    { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } },
    { jsonrpc: '2.0', id: 1, result: 'x' },
    { jsonrpc: '2.0', id: 1, error: { code: 'x', message: 'x' } },
    { jsonrpc: '2.0', id: 1, error: { code: 1 } },
    { jsonrpc: '2.0', id: 1 },
    { jsonrpc: '2.0', result: {} },
    { jsonrpc: '2.0', method: 'x', extra: 1 },
  ])('refuses %j', (message) => {
    expect(classify(message as never).kind).toBe('invalid');
  });

  it('tells the era of a message by its envelope', () => {
    expect(isModern(undefined)).toBe(false);
    expect(isModern({ _meta: {} })).toBe(false);
    expect(isModern({ _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } })).toBe(true);
  });
});
