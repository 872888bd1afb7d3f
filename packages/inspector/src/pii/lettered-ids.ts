import { isDayOfMonth, weightedSum } from './digits.ts';
import type { LetteredId } from './national-id.ts';

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** The letter is the number modulo 23; the first letter of a NIE stands for a digit. */
function isDni(id: string): boolean {
  const digits = id.replace(/^[XYZ]/u, (letter) => String('XYZ'.indexOf(letter))).slice(0, -1);
  return DNI_LETTERS.charAt(Number(digits) % 23) === id.slice(-1);
}

/** Value of each character at odd places: Decreto ministeriale 23 December 1976. */
const CODICE_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isCodiceFiscale(id: string): boolean {
  let sum = 0;
  for (let index = 0; index < 15; index += 1) {
    const code = id.charCodeAt(index);
    const value = code < 65 ? code - 48 : code - 65;
    sum += index % 2 === 0 ? (CODICE_ODD[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === id.charAt(15);
}

function isHetu(id: string): boolean {
  const digits = `${id.slice(0, 6)}${id.slice(7, 10)}`;
  const isDate = isDayOfMonth(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)));
  return isDate && '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(digits) % 31) === id.charAt(10);
}

function isNino(id: string): boolean {
  return !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/u.test(id);
}

function isRut(id: string): boolean {
  const digits = id.slice(0, -1);
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    sum += Number(digits.charAt(digits.length - 1 - index)) * ((index % 6) + 2);
  }
  return '0K987654321'.charAt(sum % 11) === id.slice(-1);
}

const CURP_VALUES = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';

function isCurp(id: string): boolean {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) sum += CURP_VALUES.indexOf(id.charAt(index)) * (18 - index);
  return (
    isDayOfMonth(Number(id.slice(8, 10)), Number(id.slice(6, 8))) && (10 - (sum % 10)) % 10 === Number(id.slice(17))
  );
}

function isChineseWithX(id: string): boolean {
  const digits = id.slice(0, 17);
  const isDate = isDayOfMonth(Number(id.slice(12, 14)), Number(id.slice(10, 12)));
  return isDate && weightedSum(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11 === 2;
}

function isNric(id: string): boolean {
  const base = weightedSum(id.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]);
  const kind = id.charAt(0);
  const sum = base + (kind === 'T' || kind === 'G' ? 4 : kind === 'M' ? 3 : 0);
  const letters = kind === 'S' || kind === 'T' ? 'JZIHGFEDCBA' : kind === 'M' ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK';
  const index = kind === 'M' ? 10 - (sum % 11) : sum % 11;
  return letters.charAt(index) === id.charAt(8);
}

function isPps(id: string): boolean {
  const extra = id.length > 8 ? Math.max(0, id.charCodeAt(8) - 64) % 23 : 0;
  const sum = weightedSum(id.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) + extra * 9;
  return 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(sum % 23) === id.charAt(7);
}

/** A month of a birth in Corsica since 1976: 2A counts as 19, 2B as 18. */
function isCorsicanNir(id: string): boolean {
  const body = Number(id.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97 - (body % 97) === Number(id.slice(13));
}

/** Numbers of persons with letters, with the rules that their issuers publish. */
export const LETTERED_IDS: readonly LetteredId[] = [
  { name: 'ES DNI or NIE', form: /^(?:\d{8}|[XYZ]\d{7})[A-Z]$/u, isValid: isDni },
  {
    name: 'IT codice fiscale',
    form: /^[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]$/u,
    isValid: isCodiceFiscale,
  },
  { name: 'FI henkilötunnus', form: /^\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]$/u, isValid: isHetu },
  { name: 'GB national insurance number', form: /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/u, isValid: isNino },
  { name: 'MX CURP', form: /^[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d$/u, isValid: isCurp },
  { name: 'CN resident identity number', form: /^[1-9]\d{5}(?:19|20)\d{9}X$/u, isValid: isChineseWithX },
  { name: 'SG NRIC or FIN', form: /^[STFGM]\d{7}[A-Z]$/u, isValid: isNric },
  { name: 'FR numéro de sécurité sociale', form: /^[12]\d{4}2[AB]\d{8}$/u, isValid: isCorsicanNir },
  { name: 'CL RUT', form: /^\d{7,8}-[0-9K]$/u, isValid: (id) => isRut(id.replace('-', '')) },
  { name: 'IE PPS number', form: /^\d{7}[A-W][A-IW]?$/u, isValid: isPps, words: /\bpps|public service/iu },
  {
    name: 'IN PAN',
    form: /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/u,
    isValid: () => true,
    words: /\bpan\b|permanent account/iu,
  },
];
