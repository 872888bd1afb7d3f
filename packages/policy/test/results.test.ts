import { describe, expect, test } from 'vitest';

import {
  DEFAULT_RESULT_RULES,
  compilePolicy,
  decide,
  diffPolicies,
  type CompiledPolicy,
  type PolicyDocument,
  type ResultDocument,
} from '../src/index.ts';

interface Results {
  readonly policy?: ResultDocument;
  readonly server?: ResultDocument;
  readonly tool?: ResultDocument;
  /** Of a pattern that judges besides. */
  readonly pattern?: ResultDocument;
}

const said = (result: ResultDocument | undefined): { readonly result?: ResultDocument } =>
  result === undefined ? {} : { result };

const documentOf = ({ policy, server, tool, pattern }: Results): PolicyDocument => ({
  callgate: 1,
  name: 'results',
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

const policyOf = (results: Results): CompiledPolicy => compilePolicy(documentOf(results));

const resultOf = (results: Results): unknown =>
  decide(policyOf(results), {
    direction: 'client-to-server',
    method: 'tools/call',
    server: 's',
    params: { name: 'get_all', arguments: {} },
    principal: {},
    run: 'r',
  }).obligations.result;

describe('how results are inspected', () => {
  test('is the standard way where policy says nothing', () => {
    expect(resultOf({})).toBeUndefined();
  });

  test('is said key by key: tool over server over policy', () => {
    expect(
      resultOf({
        policy: { redact: ['card'], maxTokens: 100 },
        server: { instructions: 'reject', flag: ['card'] },
        tool: { quarantine: ['email'], maxTokens: 50 },
      }),
    ).toStrictEqual({
      ...DEFAULT_RESULT_RULES,
      classes: { ...DEFAULT_RESULT_RULES.classes, card: 'flag', email: 'quarantine' },
      instructions: 'reject',
      maxTokens: 50,
    });
  });

  test('treats passwords as it treats secrets, until it says something of them', () => {
    const classes = (results: Results): unknown => {
      const rules = resultOf(results) as { readonly classes: { readonly secret: string; readonly password: string } };
      return [rules.classes.secret, rules.classes.password];
    };
    expect(classes({ tool: { reject: ['secret'] } })).toStrictEqual(['reject', 'reject']);
    expect(classes({ server: { reject: ['secret'] }, tool: { maxTokens: 5 } })).toStrictEqual(['reject', 'reject']);
    expect(classes({ tool: { pass: ['password'] } })).toStrictEqual(['redact', 'pass']);
    expect(classes({ server: { reject: ['secret'] }, tool: { pass: ['password'] } })).toStrictEqual(['reject', 'pass']);
    expect(classes({ server: { reject: ['password'] }, tool: { flag: ['secret'] } })).toStrictEqual(['flag', 'reject']);
  });

  test('says what becomes of more tokens, the strictest where several entries bound them', () => {
    const overOf = (results: Results): unknown =>
      (resultOf(results) as { readonly over?: string }).over ?? 'quarantine';
    expect(overOf({ tool: { maxTokens: 9 } })).toBe('quarantine');
    expect(overOf({ server: { over: 'truncate' }, tool: { maxTokens: 9 } })).toBe('truncate');
    expect(overOf({ tool: { maxTokens: 9, over: 'truncate' }, pattern: { maxTokens: 12, over: 'reject' } })).toBe(
      'reject',
    );
    expect(overOf({ tool: { maxTokens: 9, over: 'truncate' }, pattern: { maxTokens: 12 } })).toBe('quarantine');
    expect(overOf({ tool: { maxTokens: 9, over: 'truncate' }, pattern: { instructions: 'flag' } })).toBe('truncate');
  });

  test('is widened where more tokens are cut that were withheld, and narrowed the other way round', () => {
    const verdict = (before: ResultDocument, after: ResultDocument): unknown =>
      diffPolicies(policyOf({ tool: before }), policyOf({ tool: after })).verdict;
    expect(verdict({ maxTokens: 9 }, { maxTokens: 9, over: 'truncate' })).toBe('widened');
    expect(verdict({ maxTokens: 9, over: 'truncate' }, { maxTokens: 9, over: 'reject' })).toBe('narrowed');
    expect(verdict({ maxTokens: 9 }, { maxTokens: 9, over: 'quarantine' })).toBe('same');
  });

  test('is not at all where it is off, and again where a tool says so', () => {
    expect(resultOf({ server: 'off' })).toBe('off');
    expect(resultOf({ server: 'off', tool: { maxTokens: 5 } })).toStrictEqual({
      ...DEFAULT_RESULT_RULES,
      maxTokens: 5,
    });
  });

  test('is the strictest of what the entries say that judge a call', () => {
    expect(
      resultOf({
        tool: { pass: ['secret'], content: ['text', 'image'], maxTokens: 9, rows: { at: '/a', max: 3 } },
        pattern: { instructions: 'flag', content: ['text', 'audio'], schema: 'any', maxTokens: 7 },
      }),
    ).toStrictEqual({
      ...DEFAULT_RESULT_RULES,
      content: ['text'],
      rows: [{ at: '/a', max: 3, then: 'quarantine' }],
      maxTokens: 7,
    });
    expect(resultOf({ tool: 'off', pattern: { maxTokens: 7 } })).toStrictEqual({
      ...DEFAULT_RESULT_RULES,
      maxTokens: 7,
    });
    expect(resultOf({ tool: 'off', pattern: { instructions: 'quarantine' } })).toStrictEqual(DEFAULT_RESULT_RULES);
  });

  test('is a mistake where one class stands in two lists', () => {
    expect(() => policyOf({ server: { redact: ['card'], flag: ['card'] } })).toThrow(/each class in one list/u);
  });

  test.each([
    [{ redact: ['cards'] }, 'secret'],
    [{ instructions: 'deny' }, 'quarantine'],
    [{ rows: { at: 'a', max: 1 } }, 'JSON pointer'],
    [{ rows: { at: '/a', max: 0 } }, 'above 0'],
    [{ maxTokens: 1.5 }, 'above 0'],
    [{}, 'at least one key'],
  ])('is a mistake where it is %j', (result, expected) => {
    expect(() => policyOf({ tool: result as ResultDocument })).toThrow(expected);
  });
});

describe('a change to how results are inspected', () => {
  const change = (before: Results, after: Results): readonly string[] => {
    const { items } = diffPolicies(policyOf(before), policyOf(after));
    return items.flatMap(({ changes }) => changes.map(({ key, direction }) => `${key} ${direction}`));
  };

  test.each<readonly [string, Results, Results, string]>([
    ['a class passes', {}, { server: { pass: ['secret'] } }, 'result widened'],
    ['a class is masked', {}, { tool: { redact: ['card'] } }, 'result narrowed'],
    ['nothing is inspected', {}, { tool: 'off' }, 'result widened'],
    ['the policy inspects less', { policy: { maxTokens: 9 } }, { policy: { maxTokens: 10 } }, 'result widened'],
    ['some is stricter and some is not', { tool: { maxTokens: 9 } }, { tool: { redact: ['card'] } }, 'result widened'],
    [
      'fewer rows pass',
      { tool: { rows: { at: '/a', max: 9 } } },
      { tool: { rows: { at: '/a', max: 8 } } },
      'result narrowed',
    ],
  ])('shows when %s', (what, before, after, expected) => {
    expect(change(before, after)).toContain(expected);
    const other = expected.endsWith('widened') ? change(after, before) : [];
    if (expected.endsWith('widened') && !what.startsWith('some')) expect(other).toContain('result narrowed');
  });

  test('says nothing when the same is said in other words', () => {
    expect(change({}, { server: { redact: ['secret', 'invisible'] } })).toStrictEqual([]);
  });
});
