/** A table of the report; cells are ready to print. */
export interface Table {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure that the design promises, and what came out. */
export interface Target {
  /** What is promised, in words: `decide, 100 tools, p50`. */
  readonly promise: string;
  readonly bound: number;
  /** Whether the measured figure should stay at or below the bound, or at or above it. */
  readonly direction: 'at-most' | 'at-least';
  readonly measured: number;
  readonly unit: string;
}

/** What one benchmark found. */
export interface Section {
  readonly title: string;
  /** How it was measured, a paragraph each. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** The raw numbers, by a dotted name that ends in the unit. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What a benchmark is given. */
export interface BenchmarkContext {
  /** Run a tiny version that shows that everything works; its figures mean nothing. */
  readonly isQuick: boolean;
  /** Says what is being measured. */
  readonly progress: (step: string) => void;
}

/** One benchmark of the suite. */
export interface Benchmark {
  readonly name: string;
  run(context: BenchmarkContext): Promise<Section>;
}

/** Whether the measured figure keeps the promise. */
export function isMet({ direction, measured, bound }: Target): boolean {
  return direction === 'at-most' ? measured <= bound : measured >= bound;
}
