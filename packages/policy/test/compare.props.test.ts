import { clonePlain, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runtimeOf } from '../src/compile/server-runtime.ts';
import { codePoints } from '../src/envelope/shape.ts';
import { compilePattern } from '../src/envelope/pattern.ts';
import { accepts, type ValueCheck } from '../src/envelope/value-check.ts';
import { PolicyError, type ValueSchema, type WhoDocument } from '../src/index.ts';
import { compileNameGlob } from '../src/match/glob.ts';
import { compileUriSet } from '../src/match/resource-uri.ts';
import { compileWho } from '../src/match/who.ts';
import { anySchema, anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';
import { valuePolicy } from './support/policies.ts';
import { MAX_SAMPLES } from '../src/compare/distinct-values.ts';
import { isWithin } from '../src/compare/is-within.ts';
import { isNamePatternWithin, mayMeet, meetingName } from '../src/compare/name-patterns.ts';
import { PatternMachine, symbolsOf } from '../src/compare/pattern-machine.ts';
import { readProgram } from '../src/compare/pattern-program.ts';
import { TextSearcher, type TextSet } from '../src/compare/text-search.ts';
import { proveUrisWithin } from '../src/compare/uri-patterns.ts';
import { valueDifferences } from '../src/compare/value-differences.ts';
import { probesOf, samplesOf } from '../src/compare/value-samples.ts';
import { isWhoWithin, principalsFor } from '../src/compare/who-within.ts';

const CASES = casesOr(1000);
const TIMEOUT_MS = 60_000 + CASES * 10;

/** The compiled schema; undefined for one that does not load. */
function checkOf(schema: ValueSchema): ValueCheck | undefined {
  try {
    const { parts } = runtimeOf(valuePolicy(schema)).servers.get('inventory') ?? {};
    const envelope = parts?.tools.find('lookup')[0]?.envelope;
    return typeof envelope === 'object' ? envelope.byName.get('value')?.value : undefined;
  } catch (error) {
    if (PolicyError.is(error)) return undefined;
    throw error;
  }
}

/** A schema and one like it: with one keyword out, or taken from another schema, so that containment is common. */
const anySchemaPair: fc.Arbitrary<readonly [ValueSchema, ValueSchema]> = fc
  .tuple(anySchema, anySchema, fc.nat(), fc.integer({ min: -2, max: 2 }))
  .map(([schema, other, choice, step]) => {
    if (choice % 4 === 0) return [schema, other] as const;
    const changed = structuredClone(schema) as Record<string, unknown>;
    const keys = Object.keys(changed).filter((key) => key !== 'type');
    const key = keys[choice % Math.max(1, keys.length)];
    if (key === undefined) return [schema, other] as const;
    const value = changed[key];
    if (typeof value === 'number') changed[key] = Math.max(0, value + step);
    else if (Array.isArray(value) && value.length > 1) changed[key] = value.slice(1);
    else delete changed[key];
    return choice % 2 === 0 ? ([schema, changed] as const) : ([changed, schema] as const);
  });

describe('schemas', () => {
  it(
    'what is proved to be within is accepted outside as well, and what is not within has a value to show it',
    () => {
      const counts = { yes: 0, no: 0, unknown: 0 };
      fc.assert(
        fc.property(anySchemaPair, fc.array(anyValue, { maxLength: 12 }), ([one, other], values) => {
          const [inner, outer] = [checkOf(one), checkOf(other)];
          if (inner === undefined || outer === undefined) return;
          const texts = new TextSearcher();
          const result = isWithin(inner, outer, texts);
          counts[result] += 1;
          const tried = [
            ...values.map((value) => clonePlain(value)),
            ...samplesOf(inner, texts),
            ...probesOf(outer, texts),
          ];
          const outside = tried.filter((value) => accepts(inner, value) && !accepts(outer, value));
          if (result === 'yes') expect(outside).toEqual([]);
          if (result === 'unknown') expect(outside.every((value) => values.includes(value))).toBe(true);
          if (result === 'no') {
            const [shown] = valueDifferences(inner, outer, texts);
            expect(accepts(inner, shown as JsonValue) && !accepts(outer, shown as JsonValue)).toBe(true);
          }
        }),
        { numRuns: CASES },
      );
      expect(counts.yes).toBeGreaterThan(CASES / 20);
      expect(counts.no).toBeGreaterThan(CASES / 20);
      expect(counts.unknown).toBeLessThan(CASES / 50);
    },
    TIMEOUT_MS,
  );

  it(
    'samples pass, and neither they nor the probes are without bound',
    () => {
      let empty = 0;
      fc.assert(
        fc.property(anySchema, (schema) => {
          const check = checkOf(schema);
          if (check === undefined) return;
          const texts = new TextSearcher();
          const samples = samplesOf(check, texts);
          if (samples.length === 0) empty += 1;
          expect(samples.every((sample) => accepts(check, sample))).toBe(true);
          expect(samples.length).toBeLessThanOrEqual(MAX_SAMPLES);
          expect(probesOf(check, texts).length).toBeLessThanOrEqual(MAX_SAMPLES);
        }),
        { numRuns: CASES },
      );
      expect(empty).toBeLessThan(CASES / 10);
    },
    TIMEOUT_MS,
  );
});

const atom = fc.constantFrom(
  'a',
  'b',
  '1',
  '-',
  '\\.',
  '.',
  '[a-c]',
  '[^a]',
  '\\d',
  '\\w',
  '\\W',
  '\\s',
  '\\b',
  '\\B',
  '^',
  '$',
  '\\A',
  '\\z',
  '\\pL',
  'K',
  'S',
);
const pattern: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => left + right),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{1,3}', '{2}'))
      .map(([inner, times]) => `(?:${inner})${times}`),
    fc.tuple(fc.constantFrom('i', 'm', 's'), tie('pattern')).map(([flag, inner]) => `(?${flag}:${inner})`),
    tie('pattern').map((inner) => `^(?:${inner})$`),
  ),
})).pattern;
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'K', 'k', 'S', '\u017F', '\u212A', '1', '-', '.', ' ', '\n', 'é', '😀', '_'),
  maxLength: 6,
});

function machineSays(source: string, value: string): boolean | undefined {
  const program = readProgram(source);
  const symbols = program === undefined ? undefined : symbolsOf([program]);
  if (program === undefined || symbols === undefined) return undefined;
  const machine = new PatternMachine(program, symbols);
  let state = machine.start;
  for (const character of value) {
    const codePoint = character.codePointAt(0) as number;
    const alike = symbols.findIndex(({ example }) => isAlike(program, codePoint, example));
    expect(alike).not.toBe(-1);
    state = machine.next(state, alike);
  }
  return machine.accepts(state);
}

function isAlike(program: NonNullable<ReturnType<typeof readProgram>>, one: number, other: number): boolean {
  const inRanges = (ranges: readonly number[], codePoint: number): boolean =>
    ranges.some((low, index) => index % 2 === 0 && codePoint >= low && codePoint <= (ranges[index + 1] as number));
  const sets = [
    ...program.steps.flatMap((step) => (step.kind === 'take' ? [step.ranges] : [])),
    [10, 10],
    [48, 57, 65, 90, 95, 95, 97, 122],
  ];
  return sets.every((ranges) => inRanges(ranges, one) === inRanges(ranges, other));
}

describe('patterns', () => {
  it(
    'the automaton says what the engine says',
    () => {
      let judged = 0;
      fc.assert(
        fc.property(pattern, fc.array(text, { maxLength: 8 }), (source, values) => {
          const test = tryPattern(source);
          if (test === undefined) return;
          for (const value of values) {
            const said = machineSays(source, value);
            if (said === undefined) return;
            judged += 1;
            expect({ source, value, said }).toEqual({ source, value, said: test(value) });
          }
        }),
        { numRuns: CASES },
      );
      expect(judged).toBeGreaterThan(CASES);
    },
    TIMEOUT_MS,
  );

  it(
    'a difference of two sets of texts is in the one and not in the other, and where there is none no text is',
    () => {
      const searcher = new TextSearcher();
      const set = fc
        .tuple(
          fc.option(pattern, { nil: undefined }),
          fc.nat(3),
          fc.option(fc.nat(4), { nil: Number.POSITIVE_INFINITY }),
        )
        .map(([source, minLength, more]): TextSet => ({ pattern: source, minLength, maxLength: minLength + more }));
      fc.assert(
        fc.property(set, set, fc.array(text, { maxLength: 20 }), (inner, outer, values) => {
          const [isInner, isOuter] = [textTest(inner), textTest(outer)];
          if (isInner === undefined || isOuter === undefined) return;
          const search = searcher.difference(inner, outer);
          if (search.kind === 'found') expect([isInner(search.text), isOuter(search.text)]).toEqual([true, false]);
          if (search.kind === 'none') expect(values.filter((value) => isInner(value) && !isOuter(value))).toEqual([]);
          expect(searcher.samples(inner).every(isInner)).toBe(true);
          if (searcher.anyOf(inner).kind === 'none') expect(values.filter(isInner)).toEqual([]);
        }),
        { numRuns: CASES },
      );
    },
    TIMEOUT_MS,
  );

  it('an instruction that is not known makes a pattern one of which nothing is said', () => {
    expect(readProgram('(')).toBeUndefined();
    expect(readProgram('(?i)é')).toBeUndefined();
    expect(readProgram('(?:[ab][cd][ef]){999}')).toBeUndefined();
    expect(
      new TextSearcher().difference(
        { pattern: '(?i)é', minLength: 0, maxLength: 3 },
        { pattern: 'x', minLength: 0, maxLength: 3 },
      ),
    ).toEqual({ kind: 'unknown' });
  });

  it('a search that grows without bound ends as unknown', () => {
    const outer = { pattern: '(?:a|b)*a(?:a|b){18}', minLength: 0, maxLength: Number.POSITIVE_INFINITY };
    const result = new TextSearcher().difference({ ...outer, pattern: '^(?:a|b)*a(?:a|b){18}$' }, outer);
    expect(['none', 'unknown']).toContain(result.kind);
  });
});

function tryPattern(source: string): ((value: string) => boolean) | undefined {
  try {
    return compilePattern(source);
  } catch {
    return undefined;
  }
}

function textTest({ pattern: source, minLength, maxLength }: TextSet): ((value: string) => boolean) | undefined {
  const test = source === undefined ? () => true : tryPattern(source);
  return test === undefined
    ? undefined
    : (value) => codePoints(value) >= minLength && codePoints(value) <= maxLength && test(value);
}

const name = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 5 });
const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 5 });
const uri = fc.string({ unit: fc.constantFrom('a', 'b', '/', '%2f', '%'), maxLength: 6 }).map((rest) => `x:${rest}`);
const uriGlob = fc
  .string({ unit: fc.constantFrom('a', 'b', '/', '*', '**', '%'), maxLength: 5 })
  .map((rest) => `x:${rest}`);
const dimension = fc.array(glob, { minLength: 1, maxLength: 2 });
const who: fc.Arbitrary<WhoDocument> = fc.record(
  { users: dimension, roles: dimension, tenants: dimension },
  { requiredKeys: [] },
) as fc.Arbitrary<WhoDocument>;

describe('names, URIs and principals', () => {
  it('patterns of names are within others exactly where every name is', () => {
    fc.assert(
      fc.property(glob, fc.array(glob, { maxLength: 3 }), fc.array(name, { maxLength: 20 }), (inner, outer, names) => {
        const isOuter = (value: string): boolean => outer.some((one) => compileNameGlob(one)(value));
        const outside = [...names, inner.replaceAll('*', 'zz')].filter(
          (value) => compileNameGlob(inner)(value) && !isOuter(value),
        );
        if (isNamePatternWithin(inner, outer)) expect(outside).toEqual([]);
        else expect(outside).not.toEqual([]);
      }),
      { numRuns: CASES },
    );
  });

  it('patterns that cannot meet have no name in common, and a name where they meet matches both', () => {
    fc.assert(
      fc.property(glob, glob, fc.array(name, { maxLength: 20 }), (left, right, names) => {
        const isBoth = (value: string): boolean => compileNameGlob(left)(value) && compileNameGlob(right)(value);
        const meeting = meetingName(left, right, 'z');
        if (meeting !== undefined) expect(isBoth(meeting)).toBe(true);
        if (!mayMeet(left, right))
          expect([...names.filter(isBoth), ...(meeting === undefined ? [] : [meeting])]).toEqual([]);
      }),
      { numRuns: CASES },
    );
  });

  it('URIs that are proved to be within are permitted outside as well', () => {
    let proved = 0;
    fc.assert(
      fc.property(
        uriGlob,
        fc.array(uriGlob, { minLength: 1, maxLength: 2 }),
        fc.array(uri, { maxLength: 20 }),
        (inner, outer, uris) => {
          if (!proveUrisWithin([inner], outer)) return;
          proved += 1;
          const [isInner, isOuter] = [compileUriSet([inner]), compileUriSet(outer)];
          expect(
            uris.filter((value) => isInner.match(value) !== undefined && isOuter.match(value) === undefined),
          ).toEqual([]);
        },
      ),
      { numRuns: CASES },
    );
    expect(proved).toBeGreaterThan(CASES / 50);
  });

  it('one `who` is within another exactly where everybody tried is', () => {
    fc.assert(
      fc.property(who, who, (inner, outer) => {
        const admits = (document: WhoDocument): ((principal: object) => boolean) => {
          const checks = compileWho(document);
          return (principal) => checks.every((check) => check.test(principal) === 'pass');
        };
        const outside = principalsFor([inner, outer], 100).filter((one) => admits(inner)(one) && !admits(outer)(one));
        expect(outside.length === 0).toBe(isWhoWithin(inner, outer));
      }),
      { numRuns: CASES },
    );
  });
});
