import type { JsonObject, JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isConditionWithin } from '../src/conditions/condition-within.ts';
import { decidingParts } from '../src/conditions/deciding-parts.ts';
import { describeCondition } from '../src/conditions/describe-condition.ts';
import { nearestPassing, withChanges } from '../src/conditions/nearest-passing.ts';
import { casesOr } from './support/cases.ts';
import { conditionOf, inputOf } from './support/conditions.ts';

describe('a condition in words', () => {
  it.each<[string, string]>([
    ['arguments.amount > 50', '`arguments.amount` above 50'],
    ['50 >= arguments.amount', '`arguments.amount` at most 50'],
    ['!(arguments.amount > 50)', '`arguments.amount` at most 50'],
    [
      'arguments.amount > 50 && principal.tenant == "acme"',
      '`arguments.amount` above 50 and `principal.tenant` is `acme`',
    ],
    [
      'arguments.a == 1 || (arguments.b == 2 && arguments.c == 3)',
      '`arguments.a` is 1 or (`arguments.b` is 2 and `arguments.c` is 3)',
    ],
    ['!(arguments.region in ["eu", "us"])', '`arguments.region` not one of `eu`, `us`'],
    ['!has(arguments.note)', '`arguments.note` absent'],
    ['arguments.note == null', '`arguments.note` is null'],
    ['"admin" in principal.roles', '`principal.roles` with `admin`'],
    ['size(arguments.to) > 5', 'the size of `arguments.to` above 5'],
    ['arguments.dry', '`arguments.dry` is true'],
    ['!arguments.dry', '`arguments.dry` is not true'],
    ['arguments.to.endsWith("@acme.com")', '`arguments.to` ending with `@acme.com`'],
    ['arguments["page size"] < 5', '`arguments["page size"]` below 5'],
    ["!now.window('Mon-Fri 09:00-17:00', 'Europe/Madrid')", 'the time outside `Mon-Fri 09:00-17:00` (Europe/Madrid)'],
    ['now < timestamp("2027-01-01T00:00:00Z")', 'the time before `2027-01-01T00:00:00Z`'],
    ['arguments.to.all(x, x.endsWith("@a"))', '`arguments.to.all(x, x.endsWith("@a"))`'],
    ['arguments.a == arguments.b', '`arguments.a == arguments.b`'],
    ['true', 'always'],
  ])('%s: %s', (source, words) => {
    expect(describeCondition(conditionOf(source))).toBe(words);
  });
});

describe('the parts that decided', () => {
  const source =
    'arguments.amount > 50 && (principal.tenant == "acme" || arguments.region in ["eu"]) && tool.ring >= 2';

  it('are those that do not hold, with the shapes of their values', () => {
    const parts = decidingParts(
      conditionOf(source),
      inputOf({ amount: 5, region: 'secret' }, { principal: { tenant: 'x' } }),
    );
    expect(parts.map(({ words, outcome, got }) => [words, outcome, got])).toStrictEqual([
      ['`arguments.amount` above 50', false, 'a number'],
      ['`principal.tenant` is `acme`', false, 'a string of 1 character'],
      ['`arguments.region` one of `eu`', false, 'a string of 6 characters'],
    ]);
    expect(JSON.stringify(parts)).not.toContain('secret');
  });

  it('are all where all hold, and the one that holds of alternatives', () => {
    const parts = decidingParts(conditionOf(source), inputOf({ amount: 60 }));
    expect(parts.map(({ words }) => words)).toStrictEqual([
      '`arguments.amount` above 50',
      '`principal.tenant` is `acme`',
      '`tool.ring` at least 2',
    ]);
  });

  it('are those that failed', () => {
    const [part, ...more] = decidingParts(conditionOf(source), inputOf({ amount: '60', region: 'eu' }));
    expect(part).toMatchObject({
      words: '`arguments.amount` above 50',
      outcome: { code: 'type' },
      got: 'a string of 2 characters',
    });
    expect(more).toStrictEqual([]);
  });
});

describe('the nearest call that a condition holds for', () => {
  it.each<[string, JsonObject, boolean, JsonValue]>([
    ['arguments.amount > 50', { amount: 5 }, true, [{ path: ['arguments', 'amount'], value: 51 }]],
    ['arguments.amount > 50', { amount: 500 }, false, [{ path: ['arguments', 'amount'], value: 50 }]],
    ['arguments.amount > 50', { amount: '500' }, false, [{ path: ['arguments', 'amount'], value: 50 }]],
    ['arguments.amount >= 0.5', { amount: 0 }, true, [{ path: ['arguments', 'amount'], value: 0.5 }]],
    ['arguments.region in ["eu", "us"]', {}, true, [{ path: ['arguments', 'region'], value: 'eu' }]],
    [
      'arguments.f.g == "x" && arguments.amount < 5',
      { amount: 9 },
      true,
      [
        { path: ['arguments', 'f', 'g'], value: 'x' },
        { path: ['arguments', 'amount'], value: 4 },
      ],
    ],
    ['arguments.a == 1 || arguments.b == 2', { a: 0, b: 0 }, true, [{ path: ['arguments', 'a'], value: 1 }]],
    [
      'arguments.amount > 5 && arguments.amount < 10',
      { amount: 50 },
      true,
      [{ path: ['arguments', 'amount'], value: 9 }],
    ],
    ['size(arguments.to) <= 2', { to: ['a', 'b', 'c'] }, true, [{ path: ['arguments', 'to'], value: ['a', 'b'] }]],
    ['arguments.path.startsWith("/tmp/")', { path: 'x' }, true, [{ path: ['arguments', 'path'], value: '/tmp/x' }]],
    ['has(arguments.force)', { force: true }, false, [{ path: ['arguments', 'force'] }]],
    ['!arguments.dry', { dry: true }, true, [{ path: ['arguments', 'dry'], value: false }]],
    ['now.window("Thu 09:00-17:00", "UTC")', {}, true, [{ path: ['now'], value: Date.UTC(2026, 10, 26, 9) }]],
  ])('%s of %j, wanted %j: %j', (source, args, wanted, way) => {
    const [nearest] = nearestPassing(conditionOf(source), inputOf(args), wanted);
    expect(JSON.parse(JSON.stringify(nearest))).toStrictEqual(way);
  });

  it.each(['arguments.a == arguments.b', 'false', 'tool.ring > 2', 'arguments.x.matches("^a$")'])(
    'is not known for %s',
    (source) => {
      expect(nearestPassing(conditionOf(source), inputOf({ a: 1, b: 2, x: 'b' }), true)).toStrictEqual([]);
    },
  );
});

describe('whether one condition is within another', () => {
  it.each<[string, string, boolean]>([
    ['arguments.a > 50', 'arguments.a > 10', true],
    ['arguments.a > 10', 'arguments.a > 50', false],
    ['arguments.a >= 50', 'arguments.a > 50', false],
    ['arguments.a == 5', 'arguments.a in [4, 5]', true],
    ['arguments.a in [4, 5]', 'arguments.a >= 4', true],
    ['arguments.a > 5', 'arguments.a != 5', true],
    ['arguments.a > 5', 'has(arguments.a)', true],
    ['arguments.a.b > 5', 'has(arguments.a)', true],
    ['!has(arguments.a)', 'has(arguments.a)', false],
    ['arguments.a > 50 && arguments.b == "x"', 'arguments.a > 10', true],
    ['arguments.a > 10', 'arguments.a > 10 && arguments.b == "x"', false],
    ['arguments.a > 50', 'arguments.a > 10 || arguments.b == "x"', true],
    ['arguments.a > 50 || arguments.a < 2', 'arguments.a != 10', true],
    ['arguments.p.startsWith("/tmp/x")', 'arguments.p.startsWith("/tmp/")', true],
    ['arguments.p == "/tmp/x"', 'arguments.p.startsWith("/tmp/")', true],
    ['arguments.p.endsWith(".txt")', 'arguments.p.contains("t")', true],
    ['!(arguments.r in ["a", "b"])', 'arguments.r != "a"', true],
    ['!(arguments.r in ["a", "b"])', '!(arguments.r in ["a"])', true],
    ['!(arguments.r in ["a"])', '!(arguments.r in ["a", "b"])', false],
    ['size(arguments.l) > 5', 'size(arguments.l) > 2', true],
    ['size(arguments.l) > 5', 'arguments.l > 2', false],
    ['arguments.a == 5', 'arguments.a != "x"', false],
    ['arguments.a == arguments.b', 'arguments.a == arguments.b', false],
    ['false', 'arguments.a > 5', true],
    ['arguments.a > 5', 'true', true],
  ])('%s, %s: %s', (inner, outer, isWithin) => {
    expect(isConditionWithin(conditionOf(inner), conditionOf(outer))).toBe(isWithin);
  });
});

const path = fc.constantFrom('arguments.a', 'arguments.b', 'arguments.b.c');
const number = fc.constantFrom('0', '1', '2', '2.5', '3');
const text = fc.constantFrom('"a"', '"ab"', '""', '"ba"');
const atom = fc.oneof(
  fc.tuple(path, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), number).map((parts) => parts.join(' ')),
  fc
    .tuple(path, fc.constantFrom('==', '!='), fc.oneof(text, fc.constantFrom('null', 'true')))
    .map((parts) => parts.join(' ')),
  fc
    .tuple(path, fc.constantFrom('startsWith', 'endsWith', 'contains'), text)
    .map(([at, name, other]) => `${at}.${name}(${other})`),
  fc
    .tuple(
      path,
      fc.oneof(fc.array(number, { minLength: 1, maxLength: 3 }), fc.array(text, { minLength: 1, maxLength: 3 })),
    )
    .map(([at, list]) => `${at} in [${list.join(', ')}]`),
  fc
    .tuple(path, fc.constantFrom('>', '<=', '=='), number)
    .map(([at, operator, bound]) => `size(${at}) ${operator} ${bound}`),
  path.map((at) => `has(${at})`),
  fc.tuple(fc.oneof(number, text), path).map((parts) => parts.join(' in ')),
);
const simple: fc.Arbitrary<string> = fc.letrec<Record<'any', string>>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2 },
    { arbitrary: atom, weight: 3 },
    { arbitrary: atom.map((one) => `!(${one})`), weight: 1 },
    {
      arbitrary: fc
        .tuple(tie('any'), fc.constantFrom('&&', '||'), tie('any'))
        .map(([one, operator, other]) => `(${one} ${operator} ${other})`),
      weight: 2,
    },
  ),
})).any;
const value = fc.oneof(
  fc.constantFrom<JsonValue>(0, 1, 1.5, 2, 2.5, 3, 4, '', 'a', 'ab', 'ba', 'aba', null, true, false),
  fc.array(fc.constantFrom<JsonValue>(1, 2, 'a'), { maxLength: 3 }),
  fc.record({ c: fc.constantFrom<JsonValue>(1, 2, 'a', 'ab', null) }),
);
const args = fc.record({ a: value, b: value }, { requiredKeys: [] }).map((record) => record as JsonObject);

describe('of any simple conditions', () => {
  it('what is proved to be within another is', () => {
    let proved = 0;
    fc.assert(
      fc.property(simple, simple, fc.array(args, { minLength: 8, maxLength: 20 }), (inner, outer, calls) => {
        const [one, other] = [conditionOf(inner), conditionOf(outer)];
        // a condition with more alternatives is proved more often
        for (const wider of [other, conditionOf(`${outer} || ${inner}`)]) {
          if (!isConditionWithin(one, wider)) continue;
          proved += 1;
          for (const call of calls) {
            const input = inputOf(call);
            if (one.evaluate(input) === true)
              expect(wider.evaluate(input), `${inner} within ${wider.source}`).toBe(true);
          }
        }
      }),
      { numRuns: casesOr(3000) },
    );
    expect(proved).toBeGreaterThan(300);
  });

  it('what is offered as passing passes, and each part says what the whole does', () => {
    let found = 0;
    fc.assert(
      fc.property(simple, args, fc.boolean(), (source, call, wanted) => {
        const condition = conditionOf(source);
        const input = inputOf(call);
        const outcome = condition.evaluate(input);
        expect(condition.tree.test(input)).toStrictEqual(outcome);
        const ways = nearestPassing(condition, input, wanted);
        for (const way of ways) expect(condition.evaluate(withChanges(input, way))).toBe(wanted);
        if (outcome !== wanted && ways.length > 0) found += 1;
        const parts = decidingParts(condition, input);
        expect(parts.length).toBeGreaterThan(0);
        for (const part of parts) {
          if (typeof outcome === 'boolean') expect(part.outcome).toBe(outcome);
          else expect(typeof part.outcome).toBe('object');
        }
      }),
      { numRuns: casesOr(3000) },
    );
    expect(found).toBeGreaterThan(300);
  });
});
