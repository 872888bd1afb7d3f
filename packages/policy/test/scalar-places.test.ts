import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PolicyError, parsePolicy, type ArgumentKind } from '../src/index.ts';
import { parseSource } from '../src/load/parse-source.ts';
import { casesOr } from './support/cases.ts';

/** Where the only issue of a policy with this rule stands. */
function placeIn(rule: string): string {
  try {
    parsePolicy(`callgate: 1\nname: x\nversion: "1"\nservers: {}\nrules:\n${rule}`);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ line, column }) => `${line}:${column}`).join(' ');
  }
  return 'loads';
}

describe('what is wrong with a condition stands at its line and column', () => {
  it.each<[string, string, string]>([
    ['plain', '  - id: r\n    deny: arguments.a > 1 && argument.b\n', '7:30'],
    ['plain over lines', '  - id: r\n    deny: arguments.a > 1\n      && argument.b\n', '8:10'],
    ['in double quotes', '  - id: r\n    deny: "arguments.a == \\"x\\" && argument.b"\n', '7:36'],
    ['in double quotes over lines', '  - id: r\n    deny: "arguments.a > 1 \\\n      && argument.b"\n', '8:10'],
    ['in single quotes', "  - id: r\n    deny: 'arguments.a == ''x'' && argument.b'\n", '7:36'],
    ['in a literal block', '  - id: r\n    deny: |\n      arguments.a > 1 &&\n        argument.b\n', '9:9'],
    ['in a folded block', '  - id: r\n    deny: >-\n      arguments.a > 1 &&\n\n      argument.b\n', '10:7'],
    ['in a flow', '  - { id: r, raise: { ring: 3, when: "argument.b" } }\n', '6:39'],
  ])('%s', (_, rule, place) => {
    expect(placeIn(rule)).toBe(place);
  });

  it('is that of the key where an alias repeats what stands elsewhere, or of what it repeats', () => {
    const rules = '  - { id: a, deny: &c "argument.b", message: x }\n  - { id: b, hold: *c, by: [lead] }\n';
    expect(placeIn(rules)).toMatch(/^6:\d+ /u);
  });
});

it('every character of a quoted text is found where it stands', () => {
  const unit = fc.constantFrom('a', 'b', ' ', '  ', "'", '"', '\\', 'é', '😀', '.', '\t');
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 12 }), fc.nat(), fc.boolean(), (parts, choice, isSingle) => {
      const value = parts.join('');
      const text = isSingle ? `k: '${value.replaceAll("'", "''")}'` : `k: ${JSON.stringify(value)}`;
      const { value: read, sourceMap } = parseSource(text, null);
      expect(read).toEqual({ k: value });
      const offset = choice % value.length;
      if (/\s/u.test(value[offset] ?? ' ')) return;
      const column = sourceMap.positionIn('/k', value, offset)?.column ?? 0;
      const there = text.slice(column - 1);
      const escaped = isSingle ? (value[offset] ?? '').replace("'", "''") : JSON.stringify(value[offset]).slice(1, -1);
      const isHalf = /[\uD800-\uDFFF]/u.test(value[offset] ?? '') && !isSingle;
      if (!isHalf) expect(there.startsWith(escaped)).toBe(true);
    }),
    { numRuns: casesOr(500) },
  );
});

const KIND: ArgumentKind = {
  name: 'word',
  summary: 'a word',
  types: ['string'],
  specification: (await import('zod')).strictObject({}),
  compile: () => ({
    kind: 'word',
    expected: 'a word',
    check: () => [],
    canonical: (value) => value,
    isWithin: () => 'yes',
    samples: () => ['a'],
    probes: () => [],
    repair: () => ['a'],
  }),
};

it('a value of an argument kind is of the types that the kind takes, and of no other', () => {
  const load = (deny: string): unknown =>
    parsePolicy(
      `callgate: 1\nname: x\nversion: "1"\nservers: { s: { tools: { t: { ring: 1, arguments: { w: { kind: word } } } } } }\nrules: [{ id: r, match: { tool: t }, deny: '${deny}' }]\n`,
      { kinds: [KIND] },
    );
  expect(() => load('arguments.w > 5')).toThrow(/got an integer/u);
  expect(() => load('arguments.w == "a"')).not.toThrow();
  expect(() => load('arguments.w.startsWith("a")')).not.toThrow();
});
