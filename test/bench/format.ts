/** Microseconds with three significant digits at most. */
export function micros(value: number): string {
  return `${significant(value)} µs`;
}

/** Milliseconds with three significant digits at most. */
export function millis(value: number): string {
  return `${significant(value)} ms`;
}

/** A ratio, as `1.04×`. */
export function times(value: number): string {
  return `${value.toFixed(2)}×`;
}

/** A whole number with thousands marked. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Bytes in the unit that reads best. */
export function bytes(value: number): string {
  if (Math.abs(value) >= 2 ** 20) return `${significant(value / 2 ** 20)} MiB`;
  if (Math.abs(value) >= 2 ** 10) return `${significant(value / 2 ** 10)} KiB`;
  return `${significant(value)} B`;
}

/** Three significant digits, without an exponent. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return 'n/a';
  if (Math.abs(value) >= 100) return whole(value);
  return String(Number(value.toPrecision(3)));
}
