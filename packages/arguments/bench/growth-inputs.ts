import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, CompiledKind } from '@callgate/policy';

import { growthOf } from '../test/support/growth.ts';

/** A family of crafted values, and what judges them. */
export interface GrowthInput {
  readonly name: string;
  readonly kind: CompiledKind;
  readonly make: (size: number) => JsonValue;
}

/** Compiles a specification that is known to be sound. */
export function compiledKind(kind: ArgumentKind, specification: Readonly<Record<string, JsonValue>>): CompiledKind {
  return kind.compile(kind.specification.parse(specification), (pointer, expected) => {
    throw new Error(`${pointer}: expected ${expected}`);
  });
}

/** Prints the fitted exponent, and milliseconds for 100 KB, of each family; then what ordinary values cost. */
export function showGrowth(
  inputs: readonly GrowthInput[],
  ordinary: readonly (readonly [CompiledKind, JsonValue])[],
): void {
  for (const { name, kind, make } of inputs) {
    const { exponent, msPer100Kb } = growthOf(kind, make);
    console.log(`${name.padEnd(40)} exponent ${exponent.toFixed(2)}  ${msPer100Kb.toFixed(2)} ms per 100 KB`);
  }
  for (const [kind, value] of ordinary) {
    console.log(`${JSON.stringify(value).slice(0, 60).padEnd(62)} ${microsecondsOf(kind, value).toFixed(2)} µs`);
  }
}

/** The quickest of many short runs: what the code costs, not what else the machine does. */
function microsecondsOf(kind: CompiledKind, value: JsonValue): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 200; round += 1) {
    const startedMs = performance.now();
    for (let count = 0; count < 200; count += 1) kind.check(value);
    best = Math.min(best, performance.now() - startedMs);
  }
  return (best * 1000) / 200;
}
