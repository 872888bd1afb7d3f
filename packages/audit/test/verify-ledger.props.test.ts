import fc from 'fast-check';
import { expect, it } from 'vitest';

import { verifyLedger, verifyLines } from '../src/index.ts';
import { anyEntry } from './support/arbitrary-records.ts';
import { ledgerLines, linesOf } from './support/lines.ts';

const lines = await ledgerLines(6);
const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
// nothing after the last line vouches for it, so changes are made before it
const changeable = bytes.length - (lines.at(-1)?.length ?? 0) - 1;

it('[evidence.chain] any one-bit change before the last line is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: changeable - 1 }), fc.nat({ max: 7 }), async (place, bit) => {
      const changed = bytes.slice();
      changed[place] = (changed[place] ?? 0) ^ (1 << bit);
      expect((await verifyLedger([changed])).ok).toBe(false);
    }),
    { numRuns: 1500 },
  );
});

it('taking out any bytes before the last line is found', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: changeable - 1 }), fc.integer({ min: 1, max: 400 }), async (place, count) => {
      const length = Math.min(count, changeable - place);
      const changed = new Uint8Array([...bytes.subarray(0, place), ...bytes.subarray(place + length)]);
      expect((await verifyLedger([changed])).ok).toBe(false);
    }),
    { numRuns: 500 },
  );
});

it('putting in any bytes before the last line is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: changeable - 1 }),
      fc.uint8Array({ minLength: 1, maxLength: 50 }),
      async (place, extra) => {
        const changed = new Uint8Array([...bytes.subarray(0, place), ...extra, ...bytes.subarray(place)]);
        expect((await verifyLedger([changed])).ok).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

it('any other order or choice of the lines is found, unless it is a beginning of the ledger', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: lines.length - 1 }), { minLength: 1, maxLength: 20 }), async (choice) => {
      const isBeginning = choice.every((place, index) => place === index);
      const report = await verifyLines(choice.map((place) => lines[place] ?? ''));
      expect(report.ok).toBe(isBeginning);
    }),
    { numRuns: 500 },
  );
});

it('whatever is appended verifies, deeply', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { maxLength: 12 }), async (entries) => {
      const report = await verifyLines(await linesOf(entries), { deep: true });
      expect(report.problems).toEqual([]);
      expect(report.records).toBe(entries.length + 2);
    }),
    { numRuns: 60 },
  );
});

it('verification never throws on arbitrary bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }))),
      fc.boolean(),
      async (chunks, deep) => {
        expect((await verifyLedger(chunks, { deep })).ok).toBe(false);
      },
    ),
    { numRuns: 300 },
  );
});
