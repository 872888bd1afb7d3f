import { digitsOf, isLuhn, isOneDigit } from './digits.ts';

/** First digits and lengths of the payment schemes: ISO/IEC 7812 ranges as the schemes publish them. */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/u, [13, 16, 19]],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/u, [16]],
  [/^3[47]/u, [15]],
  [/^(?:6011|64[4-9]|65)/u, [16, 17, 18, 19]],
  [/^3(?:0[0-5]|095|[689])/u, [14, 16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/u, [16, 17, 18, 19]],
  [/^62/u, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|56|57|58|6304|6390|67)/u, [13, 14, 15, 16, 17, 18, 19]],
  [/^220[0-4]/u, [16, 17, 18, 19]],
  [/^9792/u, [16]],
  [/^(?:60|65|81|82|508)/u, [16]],
  [/^(?:4011|438935|45763[12]|4514|5067|6277|6362|6363|65)/u, [16]],
];

/** Groups of equal separators, or none. */
const SHAPE =
  /^[0-9]{13,19}$|^[0-9]{4}(?<dash>[ -])[0-9]{4}(?:\k<dash>[0-9]{1,7}){1,3}$|^[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5}$/u;

/** Whether a text is a payment card number: digits of an issuer's range and length whose check digit holds. */
export function isCard(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  const digits = digitsOf(text);
  return (
    !isOneDigit(digits) &&
    ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) &&
    isLuhn(digits)
  );
}
