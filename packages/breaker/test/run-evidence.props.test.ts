import fc from 'fast-check';
import { expect, test } from 'vitest';

import { GRAM_UNITS, fingerprintsOf, gramHashes } from '../src/flows/fingerprints.ts';
import { foldTexts } from '../src/flows/folded-text.ts';
import { MIN_RUN_UNITS, RunEvidence, sourceOf } from '../src/flows/run-evidence.ts';
import { sinkTextOf } from '../src/flows/sink-text.ts';
import { casesOr } from './support/cases.ts';

const CASES = casesOr(300);
const LETTERS: readonly string[] = Array.from('abcdefghijklmnopqrstuvwxyz');
const MANY = 1_000_000;
const NOTHING: ReadonlySet<number> = new Set();

const unit = fc.oneof(
  fc.constantFrom(
    'a',
    'B',
    '7',
    ' ',
    '-',
    '@',
    '.',
    '\n',
    'é',
    'ß',
    'ﬁ',
    '漢',
    'σ',
    'Σ',
    'ς',
    'И',
    '한',
    'ア',
    '\u0301',
    '\u200b',
    '\u3164',
    '👩',
    '𝓼',
    '\ud800',
  ),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
);
const anyText = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));

/** Letters and digits, as good as never the same eight twice. */
const letters = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...LETTERS), { minLength: min, maxLength: max }).map((all) => all.join(''));

function unitsOf(...texts: readonly string[]): readonly number[] {
  return [...foldTexts(texts, MANY).units];
}

test('texts in turn fold to the units of each, in turn', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 4 }), (texts) => {
      expect(unitsOf(...texts)).toStrictEqual(texts.flatMap((text) => unitsOf(text)));
    }),
    { numRuns: CASES },
  );
});

test('folding says nothing new of what is folded', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = String.fromCharCode(...unitsOf(text));
      // Ideographs and kana are counted twice each time.
      fc.pre(!/[\u3040-\u30ff\u3400-\u9fff]/u.test(once));
      expect(String.fromCharCode(...unitsOf(once))).toBe(once);
    }),
    { numRuns: CASES },
  );
});

test('tokens lie apart, in order, within the text and within their bounds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('ab12', '4111', ' ', '  ', '-', 'é', '@', '2026-11-25', '(', 'x'.repeat(70)), {
        maxLength: 30,
      }),
      (parts) => {
        const { units, tokens } = foldTexts([parts.join('')], MANY);
        let end = 0;
        for (const token of tokens) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end - token.start).toBeGreaterThanOrEqual(GRAM_UNITS);
          expect(token.end - token.start).toBeLessThanOrEqual(128);
          ({ end } = token);
        }
        expect(end).toBeLessThanOrEqual(units.length);
      },
    ),
    { numRuns: CASES },
  );
});

test('a rolling hash is that of the gram alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }), (all) => {
      const units = Uint16Array.from(all);
      const expected = Array.from({ length: Math.max(0, units.length - GRAM_UNITS + 1) }, (_, start) =>
        gramHashes(units.slice(start, start + GRAM_UNITS)).at(0),
      );
      expect([...gramHashes(units)]).toStrictEqual(expected);
    }),
    { numRuns: CASES },
  );
});

test('winnowing keeps the least hash of each window, the last of equals', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 120 }),
      fc.integer({ min: 4, max: 40 }),
      (all, maxGrams) => {
        const prints = fingerprintsOf([all.join('')], { maxGrams });
        const hashes = [...gramHashes(Uint16Array.from(unitsOf(all.join(''))))];
        const chosen = new Set<number>();
        for (let end = prints.window; end <= hashes.length; end += 1) {
          const window = hashes.slice(end - prints.window, end);
          chosen.add(end - prints.window + window.lastIndexOf(Math.min(...window)));
        }
        const firsts = [...chosen]
          .toSorted((left, right) => left - right)
          .filter((start, at, starts) => starts.findIndex((other) => hashes[other] === hashes[start]) === at);
        expect(prints.starts).toStrictEqual(firsts.slice(0, 2 * maxGrams));
      },
    ),
    { numRuns: CASES },
  );
});

/** What was found of a text, by comparing texts: which places are covered by what was sent, and what that amounts to. */
function naiveUnits(source: string, before: string, now: string): number {
  const grams = source.length - GRAM_UNITS + 1;
  const stream = before + now;
  const isSent = (start: number): boolean => stream.includes(source.slice(start, start + GRAM_UNITS));
  const fresh = stream.slice(Math.max(0, before.length - GRAM_UNITS + 1));
  const isFresh = (start: number): boolean => fresh.includes(source.slice(start, start + GRAM_UNITS));
  const covered = Array.from({ length: source.length }, () => false);
  for (let start = 0; start < grams; start += 1) if (isSent(start)) covered.fill(true, start, start + GRAM_UNITS);
  const isCovered = (at: number): boolean => covered[at] ?? false;
  const all = covered.filter(Boolean).length;
  if (!Array.from({ length: grams }, (_, start) => start).some(isFresh)) return 0;
  let longest = 0;
  let found = 0;
  for (let start = 0; start < source.length;) {
    if (!isCovered(start)) {
      start += 1;
      continue;
    }
    let end = start;
    let units = 0;
    for (let at = start, gap = 0; at < source.length && gap <= 2; at += 1) {
      gap = isCovered(at) ? 0 : gap + 1;
      if (isCovered(at)) {
        units += 1;
        end = at + 1;
      }
    }
    const run = Array.from({ length: Math.max(0, end - start - GRAM_UNITS + 1) }, (_, at) => start + at);
    if (run.some(isFresh)) {
      longest = Math.max(longest, units);
      found += units;
    }
    start = end;
  }
  const isShare = all >= MIN_RUN_UNITS && all >= source.length / 2;
  return longest >= MIN_RUN_UNITS || isShare ? Math.max(found, all) : 0;
}

test('what is found agrees with comparing the texts themselves', () => {
  const call = fc.record({
    from: fc.nat({ max: 110 }),
    length: fc.nat({ max: 60 }),
    noise: letters(0, 6),
    isSplit: fc.boolean(),
  });
  fc.assert(
    fc.property(letters(20, 120), fc.array(call, { maxLength: 5 }), (source, sent) => {
      const evidence = new RunEvidence();
      evidence.add(sourceOf('read', ['private'], ['run'], fingerprintsOf([source]), NOTHING));
      let before = '';
      for (const { from, length, noise, isSplit } of sent) {
        const body = noise + source.slice(from, from + length) + noise;
        const text = sinkTextOf({ body: isSplit ? Array.from(body) : body.toUpperCase() }, []);
        const [found] = evidence.find('external', text);
        expect(found?.units ?? 0).toBe(naiveUnits(source, before, body));
        evidence.send('external', text);
        before += body;
      }
    }),
    { numRuns: CASES },
  );
});

test('any part of at least so many units is found, however it is written', () => {
  fc.assert(
    fc.property(
      letters(60, 200),
      fc.nat({ max: 20 }),
      fc.constantFrom('', ' ', '-', '. ', '\u200b'),
      letters(0, 30),
      (source, from, between, noise) => {
        const evidence = new RunEvidence();
        evidence.add(sourceOf('read', ['private'], ['run'], fingerprintsOf([source]), NOTHING));
        const part = source.slice(from, from + MIN_RUN_UNITS);
        const body = `${noise} ${Array.from(part, (letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter)).join(between)} ${noise}`;
        expect(evidence.find('external', sinkTextOf({ body }, []))).toMatchObject([{ call: 'read' }]);
      },
    ),
    { numRuns: CASES },
  );
});

test('what is kept stays within its bound, and the newest is found', () => {
  fc.assert(
    fc.property(fc.array(letters(45, 90), { minLength: 1, maxLength: 20 }), (texts) => {
      const evidence = new RunEvidence(200);
      for (const [at, text] of texts.entries()) {
        evidence.add(sourceOf(`read-${at}`, ['private'], ['run'], fingerprintsOf([text]), NOTHING));
        expect(evidence.grams).toBeLessThanOrEqual(200);
        expect(evidence.grams).toBe(evidence.sources.reduce((sum, { hashes }) => sum + hashes.length, 0));
        expect(evidence.find('external', sinkTextOf({ body: text }, []))[0]?.call).toBe(`read-${at}`);
      }
      const again = RunEvidence.of(evidence.sources, evidence.sent);
      for (const text of texts) {
        const sent = sinkTextOf({ body: text }, []);
        expect(again.find('external', sent)).toStrictEqual(evidence.find('external', sent));
      }
    }),
    { numRuns: CASES },
  );
});

test('anything can be folded, fingerprinted and looked for', () => {
  fc.assert(
    fc.property(anyText, fc.json(), (text, json) => {
      const evidence = new RunEvidence();
      evidence.add(sourceOf('read', ['private'], ['run'], fingerprintsOf([text]), NOTHING));
      const sent = sinkTextOf(JSON.parse(json) as never, [text]);
      evidence.send('external', sent);
      expect(Array.isArray(evidence.find('external', sent))).toBe(true);
    }),
    { numRuns: CASES },
  );
});
