import { digitAt, isDayOfMonth, isLuhn, isOneDigit, remainder, weightedSum } from './digits.ts';
import type { NationalId } from './national-id.ts';

const number = (digits: string, start: number, end: number): number => Number(digits.slice(start, end));
const isDate = (digits: string, day: number, month: number): boolean =>
  isDayOfMonth(number(digits, day, day + 2), number(digits, month, month + 2));

/** Social Security Administration, randomised since 2011: no area 000, 666 or 9xx, no group 00, no serial 0000. */
function isSsn(digits: string): boolean {
  const area = number(digits, 0, 3);
  return (
    area !== 0 &&
    area !== 666 &&
    area < 900 &&
    !digits.startsWith('00', 3) &&
    !digits.endsWith('0000') &&
    !isOneDigit(digits)
  );
}

/** Two check digits of a CPF or CNPJ, each a weighted sum modulo 11. */
function hasBrazilianChecks(digits: string, first: readonly number[]): boolean {
  const length = first.length;
  const check = (weights: readonly number[], end: number): number => {
    const rest = weightedSum(digits.slice(0, end), weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const second = [(first[0] ?? 0) + 1, ...first];
  return (
    !isOneDigit(digits) &&
    check(first, length) === digitAt(digits, length) &&
    check(second, length + 1) === digitAt(digits, length + 1)
  );
}

const CPF = [10, 9, 8, 7, 6, 5, 4, 3, 2];
const CNPJ = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];

/** ISO/IEC 7064 MOD 11,10. */
function isMod11And10(digits: string): boolean {
  let product = 10;
  for (let index = 0; index < digits.length - 1; index += 1) {
    const sum = (digitAt(digits, index) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** Of the first ten digits one occurs twice or thrice and the others at most once. */
function isSteuerId(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  const counts = Array.from({ length: 10 }, (_, digit) => digits.slice(0, 10).split(String(digit)).length - 1);
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && isMod11And10(digits);
}

const VERHOEFF_PRODUCT =
  '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210';
const VERHOEFF_PERMUTATION = '01234567891576283094580379614289160435279453126870428657390127938064157046913258';

/** Verhoeff's check digit, by the dihedral group of order ten. */
function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digitAt(digits, digits.length - 1 - index);
    const permuted = digitAt(VERHOEFF_PERMUTATION, (index % 8) * 10 + digit);
    check = digitAt(VERHOEFF_PRODUCT, check * 10 + permuted);
  }
  return check === 0;
}

/** Births from 2000 on add 20 to the month; nobody is born in 2040 yet, and random numbers are. */
function isPesel(digits: string): boolean {
  const month = number(digits, 2, 4) % 20;
  const isUnborn = number(digits, 2, 4) > 20 && number(digits, 0, 2) >= 40;
  if (isUnborn || number(digits, 2, 4) > 32 || !isDayOfMonth(number(digits, 4, 6), month)) return false;
  return weightedSum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

function isNir(digits: string): boolean {
  const month = number(digits, 3, 5);
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return /^[12]/u.test(digits) && isMonth && 97 - remainder(digits.slice(0, 13), 97) === number(digits, 13, 15);
}

function isPersonnummer(digits: string): boolean {
  const short = digits.slice(-10);
  const day = number(short, 4, 6);
  // Coordination numbers add 60 to the day.
  return isDayOfMonth(day > 60 ? day - 60 : day, number(short, 2, 4)) && isLuhn(short);
}

function isFodselsnummer(digits: string): boolean {
  const day = number(digits, 0, 2);
  return (
    isDayOfMonth(day > 40 ? day - 40 : day, number(digits, 2, 4) % 40) &&
    weightedSum(digits.slice(0, 10), [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

function isBelgian(digits: string): boolean {
  const check = number(digits, 9, 11);
  const body = digits.slice(0, 9);
  return isDate(digits, 4, 2) && (97 - remainder(body, 97) === check || 97 - remainder(`2${body}`, 97) === check);
}

function isEan13(digits: string): boolean {
  return weightedSum(digits, [1, 3]) % 10 === 0;
}

function isRodneCislo(digits: string): boolean {
  const month = number(digits, 2, 4) % 50;
  return isDayOfMonth(number(digits, 4, 6), month > 20 ? month - 20 : month) && Number(digits) % 11 === 0;
}

function isTckn(digits: string): boolean {
  const even = digitAt(digits, 1) + digitAt(digits, 3) + digitAt(digits, 5) + digitAt(digits, 7);
  const odd = digitAt(digits, 0) + digitAt(digits, 2) + digitAt(digits, 4) + digitAt(digits, 6) + digitAt(digits, 8);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return !digits.startsWith('0') && tenth === digitAt(digits, 9) && (odd + even + tenth) % 10 === digitAt(digits, 10);
}

function isMod11(digits: string, weights: readonly number[]): boolean {
  return !isOneDigit(digits) && weightedSum(digits, weights) % 11 === 0;
}

function isCuit(digits: string): boolean {
  return /^(?:2[0-7]|30|33|34)/u.test(digits) && isMod11(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
}

function isKorean(digits: string): boolean {
  const rest = weightedSum(digits.slice(0, 12), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
  return isDate(digits, 4, 2) && /^[1-8]/u.test(digits.slice(6)) && (11 - rest) % 10 === digitAt(digits, 12);
}

function isThai(digits: string): boolean {
  return (
    /^[1-8]/u.test(digits) &&
    (11 - (weightedSum(digits.slice(0, 12), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 ===
      digitAt(digits, 12)
  );
}

function isNif(digits: string): boolean {
  const rest = weightedSum(digits.slice(0, 8), [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === digitAt(digits, 8);
}

function isChinese(digits: string): boolean {
  return (
    /^[1-9]\d{5}(?:19|20)\d{2}/u.test(digits) &&
    isDate(digits, 12, 10) &&
    weightedSum(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 1
  );
}

/** Numbers of persons that are digits only, with the rules that their issuers publish. */
export const NUMERIC_IDS: readonly NationalId[] = [
  {
    name: 'US social security number',
    shapes: ['3-2-4'],
    plainShapes: ['9', '3 2 4'],
    words: /\bssn|social sec/iu,
    isValid: isSsn,
  },
  { name: 'FR numéro de sécurité sociale', shapes: ['15', '13 2', '1 2 2 2 3 3 2', '1 2 2 2 3 3-2'], isValid: isNir },
  { name: 'DE Steuer-Identifikationsnummer', shapes: ['11', '2 3 3 3'], isValid: isSteuerId },
  { name: 'PL PESEL', shapes: ['11'], isValid: isPesel },
  { name: 'NO fødselsnummer', shapes: ['11', '6 5'], isValid: isFodselsnummer },
  {
    name: 'BR CPF',
    shapes: ['3.3.3-2'],
    plainShapes: ['11'],
    words: /\bcpf\b/iu,
    isValid: (digits) => hasBrazilianChecks(digits, CPF),
  },
  {
    name: 'BR CNPJ',
    shapes: ['2.3.3/4-2'],
    plainShapes: ['14'],
    words: /\bcnpj\b/iu,
    isValid: (digits) => hasBrazilianChecks(digits, CNPJ),
  },
  {
    name: 'IN Aadhaar',
    shapes: ['4 4 4', '4-4-4'],
    plainShapes: ['12'],
    words: /aadh?aar|\buidai?\b/iu,
    isValid: (digits) => /^[2-9]/u.test(digits) && isVerhoeff(digits),
  },
  {
    name: 'SE personnummer',
    shapes: ['6-4', '8-4'],
    plainShapes: ['10', '12'],
    words: /person ?n(?:ummer|r|umber)|samordning/iu,
    isValid: isPersonnummer,
  },
  {
    name: 'NL burgerservicenummer',
    shapes: [],
    plainShapes: ['9', '4.2.3', '3 3 3', '4 2 3', '3.3.3'],
    words: /\bbsn\b|burger ?service|sofi/iu,
    isValid: (digits) => isMod11(digits, [9, 8, 7, 6, 5, 4, 3, 2, 10]),
  },
  {
    name: 'BE national number',
    shapes: ['2.2.2-3.2'],
    plainShapes: ['11'],
    words: /rijksregister|registre national|national (?:register )?n(?:umber|r)|\bnrn\b|insz|niss/iu,
    isValid: isBelgian,
  },
  {
    name: 'CH AHV number',
    shapes: ['3.4.4.2'],
    plainShapes: ['13'],
    words: /\bahv|\bavs\b|sozialversicherung/iu,
    isValid: (digits) => digits.startsWith('756') && isEan13(digits),
  },
  {
    name: 'CZ or SK birth number',
    shapes: ['6/4'],
    plainShapes: ['10'],
    words: /rodn[eé]|birth number/iu,
    isValid: isRodneCislo,
  },
  { name: 'CN resident identity number', shapes: ['18'], isValid: isChinese },
  {
    name: 'KR resident registration number',
    shapes: ['6-7'],
    plainShapes: ['13'],
    words: /\brrn\b|resident reg|주민/iu,
    isValid: isKorean,
  },
  { name: 'AR CUIT or CUIL', shapes: ['2-8-1'], plainShapes: ['11'], words: /\bcui[tl]\b/iu, isValid: isCuit },
  {
    name: 'TR identity number',
    shapes: [],
    plainShapes: ['11'],
    words: /\btckn?\b|t\.?c\.? kimlik|kimlik|turkish id/iu,
    isValid: isTckn,
  },
  {
    name: 'CA social insurance number',
    shapes: ['3-3-3'],
    plainShapes: ['9', '3 3 3'],
    words: /\bsin\b|social insurance|\bnas\b/iu,
    isValid: (digits) => isLuhn(digits) && !/^[08]/u.test(digits) && !isOneDigit(digits),
  },
  {
    name: 'ZA identity number',
    shapes: ['6 4 3', '6 4 2 1'],
    plainShapes: ['13'],
    words: /\b(?:sa |rsa )?id(?:entity)? ?(?:n(?:umber|o|r))?\b|south africa/iu,
    isValid: (digits) => isDate(digits, 4, 2) && /^[01]/u.test(digits.slice(10)) && isLuhn(digits),
  },
  {
    name: 'TH identity number',
    shapes: ['1-4-5-2-1'],
    plainShapes: ['13'],
    words: /\bthai|citizen id|national id/iu,
    isValid: isThai,
  },
  { name: 'PT NIF', shapes: [], plainShapes: ['9', '3 3 3'], words: /\bnif\b|contribuinte/iu, isValid: isNif },
  {
    name: 'AU tax file number',
    shapes: [],
    plainShapes: ['9', '3 3 3'],
    words: /\btfn\b|tax file/iu,
    isValid: (digits) => isMod11(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]),
  },
  { name: 'HR OIB', shapes: [], plainShapes: ['11'], words: /\boib\b/iu, isValid: isMod11And10 },
];
