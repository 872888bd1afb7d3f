import { describe, expect, test } from 'vitest';

import { compilePolicy, diffPolicies, quarantinedArguments, toolLabels, type PolicyDocument } from '../src/index.ts';
import { areRulesAsStrict, strictestRules, DEFAULT_RESULT_RULES } from '../src/results/result-rules.ts';

type Tools = NonNullable<PolicyDocument['servers'][string]['tools']>;

const policy = (tools: Tools): PolicyDocument => ({ callgate: 1, name: 't', version: '1', servers: { s: { tools } } });

const body = (quarantined?: 'allow'): Tools => ({
  send: {
    ring: 1,
    arguments: { body: { type: 'string', maxLength: 50, ...(quarantined === undefined ? {} : { quarantined }) } },
  },
});

const asked = (tools: Tools, args: Parameters<typeof quarantinedArguments>[1]['arguments']): readonly string[] =>
  quarantinedArguments(compilePolicy(policy(tools)), { server: 's', tool: 'send', arguments: args });

describe('an argument for which something in quarantine may stand', () => {
  test('is one whose schema says so, wherever it is, and a string', () => {
    const text = { type: 'string', quarantined: 'allow' } as const;
    const tools: Tools = {
      send: {
        ring: 1,
        arguments: {
          body: text,
          plain: { type: 'string' },
          list: { type: 'array', items: text },
          deep: {
            type: 'object',
            properties: { 'a/b': text },
            additional: { type: ['string', 'integer'], quarantined: 'allow' },
          },
        },
      },
    };
    const args = { body: 'x', plain: 'x', list: ['x', 1], deep: { 'a/b': 'x', other: 'x', number: 1 }, unlisted: 'x' };
    expect(asked(tools, args)).toStrictEqual(['/body', '/list/0', '/deep/a~1b', '/deep/other']);
  });

  test('is none of a tool that policy does not know, or that takes anything', () => {
    expect(asked({ other: { ring: 1, arguments: 'any' } }, { body: 'x' })).toStrictEqual([]);
    expect(asked({ send: { ring: 1, arguments: 'any' } }, { body: 'x' })).toStrictEqual([]);
    expect(asked({ send: { ring: 0 } }, { body: 'x' })).toStrictEqual([]);
    expect(
      quarantinedArguments(compilePolicy(policy(body('allow'))), {
        server: 'x',
        tool: 'send',
        arguments: { body: 'x' },
      }),
    ).toStrictEqual([]);
  });

  test('changes no decision', () => {
    const diff = diffPolicies(compilePolicy(policy(body())), compilePolicy(policy(body('allow'))));
    expect(diff.items.flatMap(({ flips }) => flips)).toStrictEqual([]);
  });

  test('widens a policy when it becomes one, and narrows it when it is one no more', () => {
    const [without, with_] = [compilePolicy(policy(body())), compilePolicy(policy(body('allow')))];
    expect(diffPolicies(without, with_)).toMatchObject({ verdict: 'widened' });
    expect(diffPolicies(with_, without)).toMatchObject({ verdict: 'narrowed' });
    expect(diffPolicies(without, with_).items[0]?.changes).toContainEqual(
      expect.objectContaining({ key: 'quarantined', direction: 'widened', before: null, after: '/body' }),
    );
  });

  test.each([
    [
      'on a number',
      policy({ send: { ring: 1, arguments: { body: { type: 'integer', quarantined: 'allow' } } } }),
      'only on a value that may be a string',
    ],
    [
      'on a prompt',
      {
        ...policy({}),
        servers: { s: { prompts: { p: { arguments: { a: { type: 'string', quarantined: 'allow' } } } } } },
      },
      'only on the arguments of a tool',
    ],
    [
      'that the record keeps',
      policy({
        send: {
          ring: 1,
          arguments: { body: { type: 'string', pattern: '^a$', maxLength: 5, quarantined: 'allow' } },
          summary: { keep: ['body'] },
        },
      }),
      'never `quarantined`',
    ],
    [
      'with another word',
      policy({ send: { ring: 1, arguments: { body: { type: 'string', quarantined: true as never } } } }),
      'allow',
    ],
  ])('is refused %s', (_, document, message) => {
    expect(() => compilePolicy(document as PolicyDocument)).toThrow(message);
  });
});

test('labels of a tool are those of all its entries, sorted', () => {
  const compiled = compilePolicy(policy({ send: { ring: 0, labels: ['private', 'cost'] } }));
  expect(toolLabels(compiled, { server: 's', tool: 'send' })).toStrictEqual(['cost', 'private']);
  expect(toolLabels(compiled, { server: 's', tool: 'x' })).toStrictEqual([]);
  expect(toolLabels(compiled, { server: 'x', tool: 'send' })).toStrictEqual([]);
});

describe('scalars that are told of a withheld result', () => {
  const releasing = (...release: readonly string[]): typeof DEFAULT_RESULT_RULES => ({
    ...DEFAULT_RESULT_RULES,
    release,
  });

  test('make rules less strict, and of two rules both have to tell them', () => {
    expect(areRulesAsStrict(releasing('/a'), DEFAULT_RESULT_RULES)).toBe(false);
    expect(areRulesAsStrict(DEFAULT_RESULT_RULES, releasing('/a'))).toBe(true);
    expect(areRulesAsStrict(releasing('/a'), releasing('/a', '/b'))).toBe(true);
    expect(strictestRules(releasing('/a', '/b'), releasing('/b', '/c')).release).toStrictEqual(['/b']);
    expect(strictestRules(releasing('/a'), { ...DEFAULT_RESULT_RULES })).not.toHaveProperty('release');
  });

  test('are named by JSON pointers', () => {
    const document = (release: readonly string[]): PolicyDocument => policy({ send: { ring: 0, result: { release } } });
    expect(() => compilePolicy(document(['total']))).toThrow(/JSON pointer/u);
    expect(() => compilePolicy(document(Array.from({ length: 17 }, (_, index) => `/${index}`)))).toThrow(/16/u);
    const diff = diffPolicies(compilePolicy(policy({ send: { ring: 0 } })), compilePolicy(document(['/total'])));
    expect(diff.verdict).toBe('widened');
  });
});
