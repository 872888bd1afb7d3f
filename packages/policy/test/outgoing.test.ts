import { describe, expect, test } from 'vitest';

import {
  compilePolicy,
  decide,
  diffPolicies,
  parsePolicy,
  type CompiledPolicy,
  type OutgoingChoice,
  type PolicyDocument,
} from '../src/index.ts';

interface Choices {
  readonly policy?: OutgoingChoice;
  readonly server?: OutgoingChoice;
  readonly tool?: OutgoingChoice;
  /** Of a pattern that judges besides. */
  readonly pattern?: OutgoingChoice;
}

const said = (secrets: OutgoingChoice | undefined): Pick<PolicyDocument, 'outgoing'> =>
  secrets === undefined ? {} : { outgoing: { secrets } };

const policyOf = ({ policy, server, tool, pattern }: Choices): CompiledPolicy =>
  compilePolicy({
    callgate: 1,
    name: 'outgoing',
    version: '1',
    ...said(policy),
    servers: {
      s: {
        ...said(server),
        tools: {
          'get_*': { ring: 0, ...said(tool) },
          ...(pattern === undefined ? {} : { '*_all': { ring: 0, ...said(pattern) } }),
        },
      },
    },
  });

const call = (method: string, params: PolicyDocument | object) =>
  ({ direction: 'client-to-server', method, server: 's', params: params as never, principal: {} }) as const;

const chosen = (
  choices: Choices,
  method = 'tools/call',
  params: object = { name: 'get_all', arguments: {} },
): unknown => decide(policyOf(choices), call(method, params)).obligations.outgoing?.secrets ?? 'standard';

describe('what is done about secrets that are sent', () => {
  test('is the standard where policy says nothing, or says the same', () => {
    expect(chosen({})).toBe('standard');
    expect(chosen({ server: 'observe' })).toBe('standard');
  });

  test('is said by the tool over the server over the policy', () => {
    expect(chosen({ policy: 'deny' })).toBe('deny');
    expect(chosen({ policy: 'deny', server: 'hold' })).toBe('hold');
    expect(chosen({ policy: 'deny', server: 'hold', tool: 'pass' })).toBe('pass');
    expect(chosen({ policy: 'deny', tool: 'observe' })).toBe('standard');
  });

  test('is the strictest where several entries judge a call', () => {
    expect(chosen({ tool: 'hold', pattern: 'deny' })).toBe('deny');
    expect(chosen({ tool: 'pass', pattern: 'observe' })).toBe('standard');
    expect(chosen({ tool: 'pass', pattern: 'pass' })).toBe('pass');
  });

  test('holds for other methods by what the server says', () => {
    expect(chosen({ server: 'deny', tool: 'pass' }, 'tools/list', {})).toBe('deny');
  });

  test('is one of four words', () => {
    const text = (outgoing: string): string =>
      `{ callgate: 1, name: x, version: "1", servers: { s: { outgoing: ${outgoing}, tools: { t: { ring: 0 } } } } }`;
    expect(() => parsePolicy(text('{ secrets: redact }'))).toThrow(
      /expected one of `pass`, `observe`, `hold`, `deny`/u,
    );
    expect(() => parsePolicy(text('{}'))).toThrow(/secrets/u);
    expect(() => parsePolicy(text('{ secrets: deny, pii: deny }'))).toThrow(/pii/u);
    expect(parsePolicy(text('{ secrets: pass }')).servers.size).toBe(1);
  });
});

describe('a change of it', () => {
  const verdict = (before: Choices, after: Choices): unknown => diffPolicies(policyOf(before), policyOf(after)).verdict;
  const items = (before: Choices, after: Choices): unknown =>
    diffPolicies(policyOf(before), policyOf(after)).items.map(({ subject, changes }) => [
      subject,
      changes.map((change) => [change.key, change.direction, change.before, change.after]),
    ]);

  test('widens or narrows by itself, for a tool', () => {
    expect(verdict({ tool: 'deny' }, { tool: 'hold' })).toBe('widened');
    expect(verdict({ tool: 'hold' }, { tool: 'deny' })).toBe('narrowed');
    expect(verdict({}, { tool: 'observe' })).toBe('same');
    expect(items({}, { tool: 'deny' })).toStrictEqual([
      ['tool', [['outgoing.secrets', 'narrowed', 'observe', 'deny']]],
    ]);
  });

  test('of a server, or of the policy, is told of the servers that it holds for', () => {
    expect(verdict({ server: 'deny' }, {})).toBe('widened');
    expect(verdict({ policy: 'deny' }, {})).toBe('widened');
    expect(verdict({}, { policy: 'hold' })).toBe('narrowed');
    expect(items({ policy: 'deny' }, {})).toStrictEqual([
      ['limits', [['outgoing.secrets', 'widened', 'deny', 'observe']]],
    ]);
  });
});
