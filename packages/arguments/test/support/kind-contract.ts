import type { JsonValue } from '@callgate/canonical';
import { compilePolicy, decide, type ArgumentKind, type CompiledKind } from '@callgate/policy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { casesOr } from './cases.ts';

/** A specification with the values that the contract tries on it. */
export interface KindCase {
  readonly specification: Readonly<Record<string, JsonValue>>;
  readonly pass: readonly JsonValue[];
  readonly fail: readonly JsonValue[];
}

/** Compiles a specification, and throws with what is wrong with it. */
export function compileKind(kind: ArgumentKind, specification: Readonly<Record<string, JsonValue>> = {}): CompiledKind {
  const issues: string[] = [];
  const compiled = kind.compile(kind.specification.parse(specification), (pointer, expected, got) => {
    issues.push(`${pointer}: expected ${expected}, got ${got}`);
  });
  if (issues.length > 0) throw new Error(issues.join('; '));
  return compiled;
}

/** Whether a value passes a kind. */
export function passes(kind: CompiledKind, value: JsonValue): boolean {
  return kind.check(value).length === 0;
}

/** What every argument kind promises; see `CompiledKind`. Each test of a kind is this plus its own peculiarities. */
export function kindContract(kind: ArgumentKind, cases: readonly KindCase[]): void {
  describe.each(cases.map((one) => [JSON.stringify(one.specification), one] as const))('%s', (_, one) => {
    const compiled = compileKind(kind, one.specification);
    const cover = { any: fc.jsonValue() as fc.Arbitrary<JsonValue> };

    test.each(one.pass.map((value) => [value]))('passes %j', (value) => {
      expect(compiled.check(value)).toStrictEqual([]);
    });

    test.each(one.fail.map((value) => [value]))('refuses %j', (value) => {
      const problems = compiled.check(value);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThanOrEqual(16);
      for (const problem of problems) expect(problem.code).toMatch(new RegExp(`^${kind.name}\\.[a-z_]+$`, 'u'));
    });

    test('a policy that uses it decides as it checks', () => {
      const policy = compilePolicy(
        {
          callgate: 1,
          name: 'contract',
          version: '1',
          servers: {
            s: { tools: { t: { ring: 1, arguments: { value: { kind: kind.name, ...one.specification } } } } },
          },
        },
        { kinds: [kind] },
      );
      const effectOf = (value: JsonValue): string =>
        decide(policy, {
          server: 's',
          direction: 'client-to-server',
          method: 'tools/call',
          params: { name: 't', arguments: { value } },
          principal: {},
        }).effect;
      for (const value of one.pass) expect(effectOf(value)).toBe('allow');
      for (const value of one.fail) expect(effectOf(value)).toBe('deny');
    });

    test('no value makes it throw, and equal values get equal answers', () => {
      fc.assert(
        fc.property(fc.oneof(cover.any, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (value) => {
          expect(compiled.check(value)).toStrictEqual(compiled.check(value));
        }),
        { numRuns: casesOr(100) },
      );
    });

    test('no problem repeats the value', () => {
      const secret = 'zq7Hunter2Canary';
      for (const value of [...one.pass, ...one.fail]) {
        const tainted = typeof value === 'string' ? `${value}${secret}` : value;
        expect(JSON.stringify(compiled.check(tainted))).not.toContain(secret);
      }
    });

    test('canonical form passes, stays the same, and is undefined for what does not pass', () => {
      for (const value of [...one.pass, ...compiled.samples()]) {
        const canonical = compiled.canonical(value);
        expect(canonical).toBeDefined();
        expect(compiled.check(canonical as JsonValue)).toStrictEqual([]);
        expect(compiled.canonical(canonical as JsonValue)).toStrictEqual(canonical);
      }
      for (const value of one.fail) expect(compiled.canonical(value)).toBeUndefined();
    });

    test('its samples pass, and are bounded', () => {
      const samples = compiled.samples();
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.length).toBeLessThanOrEqual(64);
      for (const sample of samples) expect(compiled.check(sample)).toStrictEqual([]);
      expect(compiled.probes().length).toBeLessThanOrEqual(128);
    });

    test('something near a value that fails passes', () => {
      for (const value of [...one.fail, undefined]) {
        const near = [...compiled.repair(value), ...compiled.samples()];
        expect(compiled.repair(value).length).toBeLessThanOrEqual(16);
        expect(near.some((candidate) => passes(compiled, candidate))).toBe(true);
      }
    });

    test('lies within itself', () => {
      expect(compiled.isWithin(compileKind(kind, one.specification))).toBe('yes');
    });
  });

  test('where one specification is said to lie within another, no known value contradicts', () => {
    const compiled = cases.map((one) => compileKind(kind, one.specification));
    const values = [
      ...cases.flatMap((one) => [...one.pass, ...one.fail]),
      ...compiled.flatMap((one) => [...one.samples(), ...one.probes()]),
    ];
    // Each value is judged once by each specification, not once for each pair of them.
    const passing = new Map(compiled.map((one) => [one, values.map((value) => passes(one, value))]));
    for (const [inner, isIn] of passing) {
      for (const [outer, isOut] of passing) {
        const verdict = inner.isWithin(outer);
        const outside = values.filter((_, index) => isIn[index] && !isOut[index]);
        if (verdict === 'yes') expect(outside).toStrictEqual([]);
        if (verdict === 'no') {
          const shown = [...inner.samples(), ...inner.probes()];
          expect(shown.some((value) => passes(inner, value) && !passes(outer, value))).toBe(true);
        }
      }
    }
  });
}
