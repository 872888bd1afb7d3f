import { describe, expect, it } from 'vitest';

import { BENCHMARKS } from './benchmarks.ts';
import { assertAgreement, probes } from './decide.ts';
import type { Engine } from './engines/engine.ts';
import { interleave } from './interleave.ts';
import { renderReport } from './report.ts';
import { isMet } from './section.ts';
import { slopeOf, spreadOf } from './statistics.ts';

const SMOKE_TIMEOUT_MS = 120_000;

/** Takes a third of a minute each even when quick: these run in the soak. */
const SLOW: ReadonlySet<string> = new Set(['round-trips', 'inspected-calls', 'profile', 'replay', 'memory-run']);
const SMOKED = BENCHMARKS.filter(({ name }) => process.env['CALLGATE_SOAK'] === '1' || !SLOW.has(name));

describe('each benchmark', () => {
  it.each(SMOKED.map((benchmark) => [benchmark.name, benchmark] as const))(
    '%s runs, and its figures are numbers',
    async (name, benchmark) => {
      const section = await benchmark.run({ isQuick: true, progress: () => undefined });

      expect(
        section.tables.every(
          ({ header, rows }) => rows.length > 0 && rows.every((row) => row.length === header.length),
        ),
      ).toBe(true);
      expect(Object.entries(section.figures).filter(([, figure]) => !Number.isFinite(figure))).toEqual([]);
      const provenance = {
        date: '2026-01-01',
        cpu: 'x',
        cores: 1,
        memoryGiB: 1,
        platform: 'x',
        node: 'x',
        commit: 'x',
      };
      expect(renderReport([{ name, commit: 'x', date: '2026-01-01', ...section }], provenance)).toContain(
        `## ${section.title}`,
      );
    },
    SMOKE_TIMEOUT_MS,
  );
});

describe('the comparison of engines', () => {
  it('refuses to time an engine whose rules are not equivalent', () => {
    const permissive: Engine = { name: 'permissive', prepare: () => () => true };
    expect(() => assertAgreement([permissive], 10)).toThrow('expected permissive to deny');
  });

  it('probes for both answers', () => {
    expect(new Set(probes(10).map(({ isAllowed }) => isAllowed))).toEqual(new Set([true, false]));
  });
});

describe('paired timing', () => {
  it('runs both sides equally often and takes turns', async () => {
    const order: string[] = [];
    const side = (name: string) => () => Promise.resolve(order.push(name));
    const timing = await interleave(side('p'), side('g'), { rounds: 2, perRound: 2, warmUp: 1 });

    expect(order.join('')).toBe('pgppggggpp');
    expect(timing.plain.count).toBe(4);
    expect(timing.governed.count).toBe(4);
  });
});

describe('statistics', () => {
  it('reads percentiles by nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(spreadOf(samples)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99 });
  });

  it('fits a line', () => {
    expect(slopeOf([0, 1, 2, 3], [5, 7, 9, 11])).toBe(2);
    expect(slopeOf([1], [1])).toBe(0);
    expect(slopeOf([0, 1, 2, 3, 4, 5], [9, 4, 4, 4, 4, 4])).toBe(0);
  });

  it('judges a promise by its direction', () => {
    const target = { promise: 'x', bound: 10, measured: 9, unit: 'x' };
    expect(isMet({ ...target, direction: 'at-most' })).toBe(true);
    expect(isMet({ ...target, direction: 'at-least' })).toBe(false);
  });
});
