/** The value of a hex digit, by its UTF-16 code unit, which is one of `0`–`9`, `A`–`F` and `a`–`f`. */
export function hexDigit(unit: number): number {
  return unit <= 0x39 ? unit - 0x30 : (unit | 32) - 0x57;
}
