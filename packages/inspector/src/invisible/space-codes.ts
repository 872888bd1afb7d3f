import type { Match } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { decodeSymbols } from './symbol-codes.ts';

/** Spaces of several widths beside each other: no typography has four in a row. */
const RUN = /[\u0020\u00a0\u2000-\u200a\u202f\u205f\u3000]{4,}/gu;

/** What decoding one space costs, in fuel. */
const SYMBOL_COST = 16;

/** Runs of spaces of different widths, by which bits are hidden. An indentation of one sort is none. */
export function* spaceCodes(text: string, fuel: Fuel): Generator<Match> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const symbols = Array.from(run, (space) => space.charCodeAt(0));
    if (changesIn(symbols) < 3 || symbols.filter(isOdd).length < 2) continue;
    fuel.spend(run.length * SYMBOL_COST);
    const conceals = decodeSymbols(symbols);
    yield {
      rule: 'invisible.space-code',
      severity: 'medium',
      start: index,
      end: index + run.length,
      reason: 'spaces of different widths that spell something',
      mask: ' ',
      ...(conceals === undefined ? {} : { conceals }),
    };
  }
}

/** Neither a space of a keyboard nor the one that web pages put beside it. */
function isOdd(symbol: number): boolean {
  return symbol >= 0x2000 && symbol < 0x3000;
}

function changesIn(symbols: readonly number[]): number {
  return symbols.filter((symbol, index) => index > 0 && symbol !== symbols[index - 1]).length;
}
