import { median, spreadOf, type Spread } from './statistics.ts';

/** One side of a paired comparison. */
export type Operation = () => Promise<unknown>;

/** How long to compare. */
export interface InterleaveOptions {
  readonly rounds: number;
  /** Operations of each side in one round. */
  readonly perRound: number;
  /** Operations of each side before the first round. */
  readonly warmUp: number;
}

/** Two sides measured in turns, in microseconds. */
export interface PairedTiming {
  readonly plain: Spread;
  readonly governed: Spread;
  /** The median over rounds of the difference between the two sides' medians. */
  readonly differenceMicros: number;
  /** The median over rounds of their ratio. */
  readonly ratio: number;
}

/**
 * Times two operations in turns: a round of one, a round of the other, with the first turn changing sides. A machine that
 * slows down slows both, and the difference is taken within rounds.
 */
export async function interleave(
  plain: Operation,
  governed: Operation,
  options: InterleaveOptions,
): Promise<PairedTiming> {
  await timeEach(plain, options.warmUp);
  await timeEach(governed, options.warmUp);
  const all = { plain: [] as number[], governed: [] as number[] };
  const differences: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const isPlainFirst = round % 2 === 0;
    const early = await timeEach(isPlainFirst ? plain : governed, options.perRound);
    const late = await timeEach(isPlainFirst ? governed : plain, options.perRound);
    const [plainTimes, governedTimes] = isPlainFirst ? [early, late] : [late, early];
    all.plain.push(...plainTimes);
    all.governed.push(...governedTimes);
    differences.push(median(governedTimes) - median(plainTimes));
    ratios.push(median(governedTimes) / median(plainTimes));
  }
  return {
    plain: spreadOf(all.plain),
    governed: spreadOf(all.governed),
    differenceMicros: median(differences),
    ratio: median(ratios),
  };
}

async function timeEach(operation: Operation, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await operation();
    times.push((performance.now() - start) * 1_000);
  }
  return times;
}
