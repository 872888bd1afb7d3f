/** A number as `digits × 10^exponent`, exactly what its shortest decimal text says. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/**
 * Whether `value` is an integer multiple of `divisor`, in exact decimal arithmetic.
 *
 * Both numbers are taken for what their shortest decimal text says (ECMA-262 Number::toString), so that 0.3 is a multiple
 * of 0.1 although neither is so in binary. Doubles are bounded, so the integers below have at most about 650 digits.
 *
 * @param divisor above 0
 */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const left = decimalOf(value);
  const right = decimalOf(divisor);
  const exponent = Math.min(left.exponent, right.exponent);
  return scaled(left, exponent) % scaled(right, exponent) === 0n;
}

function decimalOf(value: number): Decimal {
  const [mantissa = '0', power = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

function scaled(decimal: Decimal, exponent: number): bigint {
  return decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
}
