/** A number as `digits` divided by 10 to the power of `scale`; `scale` is the count of digits behind the point, as written. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const PLAIN = /^(-?)(0|[1-9][0-9]{0,29})(?:\.([0-9]{1,18}))?$/u;

/** Reads a plain decimal: no sign but a minus, no exponent, no separators, no leading zeros, no negative zero. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = PLAIN.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = BigInt(whole + fraction);
  if (digits === 0n && sign === '-') return undefined;
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length };
}

/** Below 0 where `left` is less than `right`, 0 where they are equal. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const difference = rescaled(left, scale).digits - rescaled(right, scale).digits;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The same number with so many digits behind the point; what does not fit is cut off. */
export function rescaled(decimal: Decimal, scale: number): Decimal {
  const more = scale - decimal.scale;
  const digits = more >= 0 ? decimal.digits * 10n ** BigInt(more) : decimal.digits / 10n ** BigInt(-more);
  return { digits, scale };
}

export function printDecimal({ digits, scale }: Decimal): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${text.slice(text.length - scale)}`}`;
}
