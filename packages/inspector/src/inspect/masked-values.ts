import type { Detector } from '../detector.ts';
import { unitAt } from '../internal/unit-at.ts';
import { placeholderOf } from './placeholder.ts';

/** Shorter values occur by chance. */
const MIN_LENGTH = 8;

/** What comparing one value with a place in a text costs, in fuel, beside its length. */
const LOOK = 4;

const MASK = placeholderOf('secrets.copy');

/** How many pairs of code units are told apart. */
const PAIRS = 8192;

/** The values that were masked in one message, to mask their further copies. They live as long as its inspection. */
export class MaskedValues {
  /** By how they begin. */
  readonly #byHead = new Map<string, Map<string, string | undefined>>();
  /** Which pairs of code units values begin with, since most places in a text begin none. */
  readonly #pairs = new Uint8Array(PAIRS);

  #size = 0;

  /** How many values there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a value as it reads, and with its quotes and backslashes escaped, and not: texts hold JSON.
   *
   * @param mask what stands in its place, default that of a secret
   */
  add(value: string, mask?: string): void {
    this.#add(value, mask);
    if (!/["\\]/u.test(value)) return;
    this.#add(value.replaceAll(/\\(["'\\/])/gu, '$1'), mask);
    this.#add(value.replaceAll(/["\\]/gu, String.raw`\$&`), mask);
  }

  /** Finds the copies, in whatever layers they are. */
  detector(): Detector {
    return {
      kind: 'secrets',
      find: ({ text }, report, fuel) => {
        const last = text.length - MIN_LENGTH;
        for (let start = 0; start <= last; start += 1) {
          if (this.#pairs[pairOf(unitAt(text, start), unitAt(text, start + 1))] === 0) continue;
          fuel.spend(LOOK);
          let length = 0;
          for (const [value, mask] of this.#byHead.get(text.slice(start, start + MIN_LENGTH)) ?? []) {
            fuel.spend(LOOK + Math.ceil(value.length / 16));
            if (value.length <= length || !text.startsWith(value, start)) continue;
            length = value.length;
            const end = start + length;
            report({ ...COPY, start, end, ...(mask === undefined ? {} : { mask }) });
          }
          if (length > 0) start += length - 1;
        }
      },
    };
  }

  #add(value: string, mask: string | undefined): void {
    if (value.length < MIN_LENGTH) return;
    const head = value.slice(0, MIN_LENGTH);
    const values = this.#byHead.get(head) ?? new Map<string, string | undefined>();
    if (values.has(value)) return;
    this.#size += 1;
    this.#byHead.set(head, values.set(value, mask));
    this.#pairs[pairOf(value.charCodeAt(0), value.charCodeAt(1))] = 1;
  }
}

const COPY = { rule: 'secrets.copy', severity: 'high', reason: 'a copy of what was masked', mask: MASK } as const;

function pairOf(first: number, second: number): number {
  return ((first * 67) ^ second) & (PAIRS - 1);
}
