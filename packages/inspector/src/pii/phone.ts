import { possibleLengths } from './calling-codes.ts';
import { digitsOf, isOneDigit } from './digits.ts';
import { isCalled, type PiiText } from './pii-match.ts';

const WORDS =
  /(?<![a-z])(?:tele?(?:phone|fon|f)?(?:s|numbers?)?|tel|phones?|mobiles?|mobil|cell(?:ular|phone)?|fax|call|ring|dial|whats ?app|sms|contact|handy|portable|móvil|celular|puhelin)(?![a-z])/iu;

/** How numbers of North America are written with their area code apart. */
const NORTH_AMERICA = /^(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[ .-][0-9]{4}$/u;

/** Whether a text is a telephone number: with a country's code and a possible length, or as the words beside it say. */
export function isPhone(candidate: string, where: PiiText, start: number): boolean {
  const digits = digitsOf(candidate);
  if (digits.length < 7 || digits.length > 15 || isOneDigit(digits)) return false;
  if (candidate.startsWith('+')) return isInternational(digits);
  if (candidate.startsWith('00') && digits.length > 9 && isInternational(digits.slice(2)))
    return isCalled(WORDS, where, start);
  if (NORTH_AMERICA.test(candidate)) return !isDateLike(candidate);
  return digits.length >= 8 && !isDateLike(candidate) && isCalled(WORDS, where, start);
}

function isInternational(digits: string): boolean {
  for (let length = 1; length <= 3; length += 1) {
    const lengths = possibleLengths(digits.slice(0, length));
    if (lengths === undefined) continue;
    const national = digits.slice(length);
    // Many write the trunk prefix too: +44 (0)20 …
    return lengths.includes(national.length) || (national.startsWith('0') && lengths.includes(national.length - 1));
  }
  return false;
}

/** Dates, times and versions are digits with separators too. */
function isDateLike(candidate: string): boolean {
  return /^(?:19|20)[0-9]{2}[-/. ](?:0[1-9]|1[0-2])[-/. ](?:[0-2][0-9]|3[01])|^[0-3]?[0-9][-/.][0-3]?[0-9][-/.](?:19|20)[0-9]{2}/u.test(
    candidate,
  );
}
