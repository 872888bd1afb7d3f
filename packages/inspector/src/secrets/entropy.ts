/** Code units that are counted; further ones add nothing. */
const MAX_UNITS = 256;
/** Precision of the logarithms. */
const FRACTION_BITS = 30;

/** `n · log2(n)` of small whole numbers, by sums and products only: `Math.log2` may differ in its last bit from engine to engine. */
const WEIGHTED_LOGS: Float64Array = Float64Array.from({ length: MAX_UNITS + 1 }, (_, n) => (n === 0 ? 0 : n * log2(n)));

function log2(value: number): number {
  let whole = 0;
  let rest = value;
  while (rest >= 2) {
    rest /= 2;
    whole += 1;
  }
  let fraction = 0;
  let bit = 0.5;
  for (let index = 0; index < FRACTION_BITS; index += 1) {
    rest *= rest;
    if (rest >= 2) {
      rest /= 2;
      fraction += bit;
    }
    bit /= 2;
  }
  return whole + fraction;
}

/** Shannon entropy of the first 256 code units, in bits for each: 0 for one repeated character, 4 for even hex digits. */
export function entropyOf(text: string): number {
  const length = Math.min(text.length, MAX_UNITS);
  if (length === 0) return 0;
  const counts = new Map<number, number>();
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  let sum = 0;
  for (const count of counts.values()) sum += WEIGHTED_LOGS[count] ?? 0;
  return ((WEIGHTED_LOGS[length] ?? 0) - sum) / length;
}
