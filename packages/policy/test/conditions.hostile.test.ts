import type { JsonObject, JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compileCondition } from '../src/conditions/compile-condition.ts';
import { casesOr } from './support/cases.ts';
import { conditionOf, inputOf, issuesOf, outcomeOf } from './support/conditions.ts';
import { threadMsSince } from './support/thread-time.ts';

function messageOf(source: string): string {
  return issuesOf(source)
    .map((issue) => issue.message)
    .join('\n');
}

describe('a hostile source', () => {
  it.each<[string, string, string]>([
    ['too long', `"${'a'.repeat(5000)}" == ""`, 'at most 4096 characters'],
    ['of many brackets', `${'('.repeat(2000)}true${')'.repeat(2000)}`, 'at most 64 levels'],
    ['of many lists', `${'['.repeat(2000)}${']'.repeat(2000)}`, 'at most 64 levels'],
    ['of many signs', `${'!'.repeat(4000)}true`, 'at most 64 levels'],
    ['of many signs with spaces', `${'! '.repeat(2000)}true`, 'at most 64 levels'],
    ['of many minus signs', `${'-'.repeat(4000)}1 > 0`, 'at most 64 levels'],
    ['of unclosed brackets', '('.repeat(4000), 'at most 64 levels'],
    ['of many terms', Array.from({ length: 600 }, () => 'true').join('||'), 'at most 500 parts'],
    ['of many sums', `${Array.from({ length: 600 }, () => '1').join('+')} > 0`, 'at most 500 parts'],
    ['of many members', `arguments${'.a'.repeat(500)} > 0`, 'at most 500 parts and 64 levels'],
    ['of many choices', `${'true?true:'.repeat(300)}true`, 'at most 500 parts and 64 levels'],
    ['of many macros', `${'[1].all(a,'.repeat(60)}true${')'.repeat(60)}`, 'at most 500 parts'],
    ['of a huge integer', `${'9'.repeat(4000)} > 0`, 'at most 2^53 - 1'],
    ['of a huge double', `1${'0'.repeat(400)}.0 > 0`, 'invalid number'],
    ['unclosed', '"abc', 'unterminated string'],
    ['with a lone surrogate', '"\\ud800" == ""', 'surrogate'],
    ['with a control character', 'true\u0000', 'unexpected character'],
  ])('that is %s is refused', (_, source, message) => {
    expect(messageOf(source).toLowerCase()).toContain(message.toLowerCase());
  });

  it('up to the bounds compiles and is evaluated', () => {
    const terms = Array.from({ length: 240 }, () => '(true)').join(' && ');
    expect(conditionOf(terms).evaluate(inputOf())).toBe(true);
    expect(outcomeOf(`${'('.repeat(60)}true${')'.repeat(60)}`)).toBe(true);
    expect(outcomeOf(`${'!'.repeat(60)}true`)).toBe(true);
  });

  it('of whatever characters neither throws nor hangs', () => {
    const words = [
      'arguments',
      '.a',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '"',
      "'",
      '\\',
      '!',
      '-',
      '&&',
      '||',
      '==',
      '<',
      ' in ',
      '1',
      '1.5',
      'u',
      'r',
      'b',
      ',',
      ':',
      '?',
      '.all(x, ',
      'has(',
      '//',
      '\n',
      '\u2028',
      'é',
      'now',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 30 }),
        (parts) => {
          const result = compileCondition(parts.join(''), { arguments: [] });
          if (result.condition === undefined) expect(result.issues.length).toBeGreaterThan(0);
          else result.condition.evaluate(inputOf({ a: 1 }));
        },
      ),
      { numRuns: casesOr(5000) },
    );
  });

  it('with a pattern that would explode is refused or linear', () => {
    for (const pattern of ['(a{1000}){1000}', '((a{100}){100}){100}']) {
      expect(messageOf(`arguments.x.matches("${pattern}")`)).toContain('a pattern in RE2 syntax');
    }
    const before = process.threadCpuUsage();
    expect(outcomeOf('arguments.x.matches("^(a+)+$")', { x: `${'a'.repeat(100_000)}!` })).toBe(false);
    expect(threadMsSince(before)).toBeLessThan(2000);
  });
});

describe('fuel', () => {
  it.each<[string, JsonObject]>([
    [
      'arguments.l.all(a, arguments.l.all(b, a <= b || a >= b))',
      { l: Array.from({ length: 2000 }, (_, index) => index) },
    ],
    [
      'arguments.l.map(a, arguments.l).size() > 0 && arguments.l.all(a, arguments.l == arguments.l)',
      { l: Array.from({ length: 2000 }, (_, index) => index) },
    ],
    [`arguments.l${'.map(x, x + x)'.repeat(28)}.size() > 0`, { l: ['aaaaaaaaaa'] }],
    [`size([arguments.l]${'.map(x, x + x)'.repeat(28)}) > 0`, { l: [1, 2, 3] }],
    [
      'arguments.l.all(a, arguments.text.contains("z") || true)',
      { l: Array.from({ length: 200 }, () => 1), text: 'a'.repeat(1_000_000) },
    ],
    [
      'arguments.l.all(a, arguments.text.lowerAscii() != "z")',
      { l: Array.from({ length: 200 }, () => 1), text: 'a'.repeat(1_000_000) },
    ],
    [
      'arguments.l.all(a, arguments.text < arguments.text + "b")',
      { l: Array.from({ length: 200 }, () => 1), text: 'a'.repeat(100_000) },
    ],
    [
      'arguments.l.all(a, arguments.text.split("").size() > 0)',
      { l: Array.from({ length: 20 }, () => 1), text: 'a'.repeat(100_000) },
    ],
  ])('runs out in bounded time: %s', (source, args) => {
    const condition = conditionOf(source);
    const before = process.threadCpuUsage();
    expect(condition.evaluate(inputOf(args))).toMatchObject({ kind: 'error', code: 'fuel' });
    expect(threadMsSince(before)).toBeLessThan(1500);
    // and the next evaluation has all of it again
    expect(condition.evaluate(inputOf({ l: [], text: '' }))).not.toMatchObject({ code: 'fuel' });
  });

  it('suffices for ordinary looks at a large call', () => {
    const text = 'a'.repeat(1_000_000);
    const list = Array.from({ length: 10_000 }, (_, index) => index);
    for (const source of [
      'arguments.text.contains("secret")',
      'arguments.text.startsWith("a")',
      'size(arguments.text) > 5',
      'arguments.text == "x"',
      'arguments.text.lowerAscii() == "x"',
      'arguments.list.all(x, x >= 0)',
      '5000 in arguments.list',
    ]) {
      expect(typeof outcomeOf(source, { text, list }), source).toBe('boolean');
    }
  });

  it('bounds what is linear to be linear', () => {
    const time = (size: number): number => {
      const condition = conditionOf('arguments.list.exists(x, x == "z") || arguments.text.trim() == "z"');
      const input = inputOf({ list: Array.from({ length: size / 100 }, () => 'a'), text: ` ${' a'.repeat(size)} ` });
      const times = Array.from({ length: 7 }, () => {
        const start = performance.now();
        condition.evaluate(input);
        return performance.now() - start;
      });
      return times.toSorted((left, right) => left - right)[1] ?? 0;
    };
    time(10_000);
    expect(time(400_000) / Math.max(time(100_000), 0.05)).toBeLessThan(16);
  });
});

describe('a hostile call', () => {
  const SOURCES = [
    'arguments.a > 5 && arguments.b == "x"',
    'arguments.a == arguments.b',
    'arguments.a in arguments.b',
    'arguments.a.all(x, x == arguments.b)',
    'size(arguments.a) > 0 || has(arguments.a.b.c)',
    'arguments.a + arguments.b == arguments.a',
    'arguments == {"a": 1.0}',
    'arguments.all(k, k != "b")',
  ];
  const conditions = SOURCES.map((source) => conditionOf(source));
  const value: fc.Arbitrary<JsonValue> = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

  it('gets true, false or an error, and the same each time', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const input = Object.freeze(inputOf({ a, b }));
        for (const condition of conditions) {
          const result = condition.evaluate(input);
          expect(typeof result === 'boolean' || result.kind === 'error').toBe(true);
          expect(condition.evaluate(input)).toStrictEqual(result);
        }
      }),
      { numRuns: casesOr(3000) },
    );
  });

  it('nested deeper than anything sends no comparison off the stack', () => {
    const nest = (levels: number): JsonValue => {
      let nested: JsonValue = [];
      for (let level = 0; level < levels; level += 1) nested = [nested];
      return nested;
    };
    expect(outcomeOf('arguments.a == arguments.b', { a: nest(20_000), b: nest(20_000) })).toBe('evaluation');
    expect(outcomeOf('arguments.a == arguments.b', { a: nest(50), b: nest(50) })).toBe(true);
  });

  it('that is no plain data is an error and not an exception', () => {
    const trap = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new Error('boo');
        },
      },
    ) as JsonObject;
    expect(outcomeOf('arguments.a > 5', trap)).toBe('evaluation');
  });
});
