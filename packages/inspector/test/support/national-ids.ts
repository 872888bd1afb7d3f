/** A number from 0 to just below 1. */
export type Random = () => number;

/** How numbers of persons of one kind are made, by what its issuer publishes and not by what the detector does. */
export interface IdMaker {
  /** A valid one, without separators. */
  readonly make: (random: Random) => string;
  /** How it is written where nothing beside it says what it is: counts of characters with what separates them. */
  readonly alone: readonly string[];
  /** How it is written after `word`. */
  readonly named?: { readonly word: string; readonly shapes: readonly string[] };
}

const digit = (random: Random, from = 0, to = 9): number => from + Math.floor(random() * (to - from + 1));
const digits = (random: Random, count: number): string => Array.from({ length: count }, () => digit(random)).join('');
const two = (value: number): string => String(value).padStart(2, '0');
const pick = (random: Random, text: string): string => text.charAt(digit(random, 0, text.length - 1));
const picks = (random: Random, text: string, count: number): string =>
  Array.from({ length: count }, () => pick(random, text)).join('');
const CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

interface Birth {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}
const birth = (random: Random): Birth => ({
  year: digit(random, 1940, 2009),
  month: digit(random, 1, 12),
  day: digit(random, 1, 28),
});
const yymmdd = ({ year, month, day }: Birth): string => `${two(year % 100)}${two(month)}${two(day)}`;
const ddmmyy = ({ year, month, day }: Birth): string => `${two(day)}${two(month)}${two(year % 100)}`;

const weighted = (text: string, weights: readonly number[]): number =>
  Array.from(text).reduce((all, own, index) => all + Number(own) * (weights[index] ?? 0), 0);

/** The digit that makes a sum by Luhn a multiple of ten. */
function luhn(body: string): number {
  const sum = Array.from(body)
    .toReversed()
    .reduce((all, own, index) => {
      const doubled = Number(own) * (index % 2 === 0 ? 2 : 1);
      return all + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return (10 - (sum % 10)) % 10;
}

/** Draws until something comes of it: some bodies have no check digit. */
function until(draw: () => string | undefined): string {
  for (;;) {
    const made = draw();
    if (made !== undefined) return made;
  }
}

/** ISO/IEC 7064 MOD 11,10. */
function iso7064(body: string): number {
  let rest = 10;
  for (const own of body) {
    const sum = (rest + Number(own)) % 10;
    rest = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - rest) % 10;
}

/** The dihedral group of order ten, by its definition: rotations 0 to 4, reflections 5 to 9. */
function turned(one: number, other: number): number {
  const isReflected = one >= 5;
  const rotation = isReflected ? (one - 5 + 10 - (other % 5)) % 5 : ((one % 5) + (other % 5)) % 5;
  return isReflected === other >= 5 ? rotation : rotation + 5;
}

function verhoeff(body: string): number {
  const once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const permuted = (value: number, times: number): number =>
    Array.from({ length: times % 8 }).reduce<number>((own) => once[own] ?? 0, value);
  const check = (text: string): number =>
    Array.from(text)
      .toReversed()
      .reduce((all, own, index) => turned(all, permuted(Number(own), index)), 0);
  return Array.from({ length: 10 }, (_, last) => last).find((last) => check(`${body}${last}`) === 0) ?? 0;
}

/** Appends two check digits as on a CPF and a CNPJ. */
function brazilian(body: string, weightsFrom: (length: number) => readonly number[]): string {
  const append = (text: string): string => {
    const rest = weighted(text, weightsFrom(text.length)) % 11;
    return `${text}${rest < 2 ? 0 : 11 - rest}`;
  };
  return append(append(body));
}

const CHINESE = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const chineseBody = (random: Random): string => {
  const { year, month, day } = birth(random);
  return `${digit(random, 11, 65)}${two(digit(random, 1, 20))}${two(digit(random, 1, 30))}${year}${two(month)}${two(day)}${digits(random, 3)}`;
};
const chinese = (random: Random, endsWithX: boolean): string =>
  until(() => {
    const body = chineseBody(random);
    const check = '10X98765432'.charAt(weighted(body, CHINESE) % 11);
    return (check === 'X') === endsWithX ? `${body}${check}` : undefined;
  });

const isVaried = (text: string): boolean => new Set(text).size > 2;
const varied = (random: Random, count: number): string =>
  until(() => {
    const body = digits(random, count);
    return isVaried(body) ? body : undefined;
  });

/** Makers, by the names that the detector has. */
export const ID_MAKERS: Readonly<Record<string, IdMaker>> = {
  'US social security number': {
    make: (random) => {
      const area = until(() => {
        const own = digit(random, 1, 899);
        return own === 666 ? undefined : String(own).padStart(3, '0');
      });
      return `${area}${two(digit(random, 1, 99))}${String(digit(random, 1, 9_999)).padStart(4, '0')}`;
    },
    alone: ['3-2-4'],
    named: { word: 'SSN', shapes: ['9', '3 2 4'] },
  },
  'FR numéro de sécurité sociale': {
    make: (random) => {
      const { year, month } = birth(random);
      const body = `${digit(random, 1, 2)}${two(year % 100)}${two(month)}${two(digit(random, 1, 95))}${digits(random, 6)}`;
      return `${body}${two(97 - Number(BigInt(body) % 97n))}`;
    },
    alone: ['15', '13 2', '1 2 2 2 3 3 2'],
  },
  'DE Steuer-Identifikationsnummer': {
    make: (random) =>
      until(() => {
        const nine = Array.from('0123456789')
          .toSorted(() => random() - 0.5)
          .slice(0, 9);
        nine.splice(digit(random, 0, 9), 0, nine[digit(random, 0, 8)] ?? '1');
        const body = nine.join('');
        return body.startsWith('0') ? undefined : `${body}${iso7064(body)}`;
      }),
    alone: ['11', '2 3 3 3'],
  },
  'PL PESEL': {
    make: (random) => {
      const born = birth(random);
      const body = `${two(born.year % 100)}${two(born.month + (born.year >= 2000 ? 20 : 0))}${two(born.day)}${digits(random, 4)}`;
      return `${body}${(10 - (weighted(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`;
    },
    alone: ['11'],
  },
  'NO fødselsnummer': {
    make: (random) =>
      until(() => {
        const body = `${ddmmyy(birth(random))}${digits(random, 3)}`;
        const first = (11 - (weighted(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
        const second = (11 - (weighted(`${body}${first}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
        return first === 10 || second === 10 ? undefined : `${body}${first}${second}`;
      }),
    alone: ['11', '6 5'],
  },
  'BR CPF': {
    make: (random) => brazilian(varied(random, 9), (length) => Array.from({ length }, (_, at) => length + 1 - at)),
    alone: ['3.3.3-2'],
    named: { word: 'CPF:', shapes: ['11'] },
  },
  'BR CNPJ': {
    make: (random) =>
      brazilian(`${varied(random, 8)}0001`, (length) => Array.from({ length }, (_, at) => ((length - 1 - at) % 8) + 2)),
    alone: ['2.3.3/4-2'],
    named: { word: 'CNPJ', shapes: ['14'] },
  },
  'IN Aadhaar': {
    make: (random) => {
      const body = `${digit(random, 2, 9)}${digits(random, 10)}`;
      return `${body}${verhoeff(body)}`;
    },
    alone: ['4 4 4', '4-4-4'],
    named: { word: 'Aadhaar', shapes: ['12'] },
  },
  'SE personnummer': {
    make: (random) => {
      const body = `${yymmdd(birth(random))}${digits(random, 3)}`;
      return `${body}${luhn(body)}`;
    },
    alone: ['6-4'],
    named: { word: 'personnummer', shapes: ['10'] },
  },
  'NL burgerservicenummer': {
    make: (random) =>
      until(() => {
        const body = `${digit(random, 1, 9)}${digits(random, 7)}`;
        const check = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        return check === 10 || !isVaried(body) ? undefined : `${body}${check}`;
      }),
    alone: [],
    named: { word: 'BSN', shapes: ['9', '4.2.3', '3 3 3'] },
  },
  'BE national number': {
    make: (random) => {
      const born = birth(random);
      const body = `${yymmdd(born)}${String(digit(random, 1, 997)).padStart(3, '0')}`;
      return `${body}${two(97 - (Number(`${born.year >= 2000 ? '2' : ''}${body}`) % 97))}`;
    },
    alone: ['2.2.2-3.2'],
    named: { word: 'Rijksregisternummer', shapes: ['11'] },
  },
  'CH AHV number': {
    make: (random) => {
      const body = `756${digits(random, 9)}`;
      return `${body}${(10 - (weighted(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10}`;
    },
    alone: ['3.4.4.2'],
    named: { word: 'AHV', shapes: ['13'] },
  },
  'CZ or SK birth number': {
    make: (random) =>
      until(() => {
        const born = birth(random);
        const month = born.month + (random() < 0.5 ? 50 : 0);
        const body = `${two(born.year % 100)}${two(month)}${two(born.day)}${digits(random, 3)}`;
        const check = Number(body) % 11;
        return check === 10 ? undefined : `${body}${check}`;
      }),
    alone: ['6/4'],
    named: { word: 'rodné číslo', shapes: ['10'] },
  },
  'CN resident identity number': { make: (random) => chinese(random, false), alone: ['18'] },
  'CN resident identity number with X': { make: (random) => chinese(random, true), alone: ['18'] },
  'KR resident registration number': {
    make: (random) => {
      const body = `${yymmdd(birth(random))}${digit(random, 1, 4)}${digits(random, 5)}`;
      return `${body}${(11 - (weighted(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10}`;
    },
    alone: ['6-7'],
    named: { word: '주민등록번호', shapes: ['13'] },
  },
  'AR CUIT or CUIL': {
    make: (random) =>
      until(() => {
        const body = `${['20', '23', '24', '27', '30', '33'][digit(random, 0, 5)] ?? '20'}${digits(random, 8)}`;
        const check = (11 - (weighted(body, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
        return check === 10 ? undefined : `${body}${check}`;
      }),
    alone: ['2-8-1'],
    named: { word: 'CUIT', shapes: ['11'] },
  },
  'TR identity number': {
    make: (random) => {
      const nine = `${digit(random, 1, 9)}${digits(random, 8)}`;
      const at = (index: number): number => Number(nine.charAt(index));
      const odd = at(0) + at(2) + at(4) + at(6) + at(8);
      const even = at(1) + at(3) + at(5) + at(7);
      const tenth = (((odd * 7 - even) % 10) + 10) % 10;
      return `${nine}${tenth}${(odd + even + tenth) % 10}`;
    },
    alone: [],
    named: { word: 'TC Kimlik No', shapes: ['11'] },
  },
  'CA social insurance number': {
    make: (random) => {
      const body = `${pick(random, '12345679')}${varied(random, 7)}`;
      return `${body}${luhn(body)}`;
    },
    alone: ['3-3-3'],
    named: { word: 'SIN', shapes: ['9', '3 3 3'] },
  },
  'ZA identity number': {
    make: (random) => {
      const body = `${yymmdd(birth(random))}${digits(random, 4)}${digit(random, 0, 1)}8`;
      return `${body}${luhn(body)}`;
    },
    alone: ['6 4 3'],
    named: { word: 'ID number', shapes: ['13'] },
  },
  'TH identity number': {
    make: (random) => {
      const body = `${digit(random, 1, 8)}${digits(random, 11)}`;
      return `${body}${(11 - (weighted(body, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10}`;
    },
    alone: ['1-4-5-2-1'],
    named: { word: 'Thai citizen ID', shapes: ['13'] },
  },
  'PT NIF': {
    make: (random) => {
      const body = `${pick(random, '123569')}${digits(random, 7)}`;
      const rest = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return `${body}${rest < 2 ? 0 : 11 - rest}`;
    },
    alone: [],
    named: { word: 'NIF', shapes: ['9', '3 3 3'] },
  },
  'AU tax file number': {
    make: (random) =>
      until(() => {
        const body = varied(random, 8);
        const last = Array.from({ length: 10 }, (_, own) => own).find(
          (own) => weighted(`${body}${own}`, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
        );
        return last === undefined ? undefined : `${body}${last}`;
      }),
    alone: [],
    named: { word: 'TFN', shapes: ['9', '3 3 3'] },
  },
  'HR OIB': {
    make: (random) => {
      const body = digits(random, 10);
      return `${body}${iso7064(body)}`;
    },
    alone: [],
    named: { word: 'OIB', shapes: ['11'] },
  },

  'ES DNI or NIE': {
    make: (random) => {
      const isForeign = random() < 0.5;
      const lead = digit(random, 0, 2);
      const body = isForeign ? `${'XYZ'.charAt(lead)}${digits(random, 7)}` : digits(random, 8);
      const value = Number(isForeign ? `${lead}${body.slice(1)}` : body);
      return `${body}${'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(value % 23)}`;
    },
    alone: ['9'],
  },
  'IT codice fiscale': {
    make: (random) => {
      const born = birth(random);
      const day = born.day + (random() < 0.5 ? 40 : 0);
      const body = `${picks(random, CONSONANTS, 6)}${two(born.year % 100)}${'ABCDEHLMPRST'.charAt(born.month - 1)}${two(day)}${pick(random, 'ABCDEFGHIL')}${digits(random, 3)}`;
      const odd = 'BAKPLCQDREVOSFTGUHMINJWZYX';
      const sum = Array.from(body).reduce((all, own, index) => {
        const value = /\d/u.test(own) ? Number(own) : LETTERS.indexOf(own);
        return all + (index % 2 === 0 ? odd.indexOf(LETTERS.charAt(value)) : value);
      }, 0);
      return `${body}${LETTERS.charAt(sum % 26)}`;
    },
    alone: ['16'],
  },
  'FI henkilötunnus': {
    make: (random) => {
      const born = birth(random);
      const serial = String(digit(random, 2, 899)).padStart(3, '0');
      const check = '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(`${ddmmyy(born)}${serial}`) % 31);
      return `${ddmmyy(born)}${born.year >= 2000 ? 'A' : '-'}${serial}${check}`;
    },
    alone: ['11'],
  },
  'GB national insurance number': {
    make: (random) =>
      `${until(() => {
        const lead = `${pick(random, 'ABCEGHJKLMNOPRSTWXYZ')}${pick(random, 'ABCEGHJKLMNPRSTWXYZ')}`;
        return ['BG', 'GB', 'NK', 'KN', 'TN', 'NT', 'ZZ'].includes(lead) ? undefined : lead;
      })}${digits(random, 6)}${pick(random, 'ABCD')}`,
    alone: ['9', '2 2 2 2 1'],
  },
  'MX CURP': {
    make: (random) => {
      const born = birth(random);
      const body = `${picks(random, LETTERS, 1)}${pick(random, 'AEIOU')}${picks(random, CONSONANTS, 2)}${yymmdd(born)}${pick(random, 'HM')}${picks(random, CONSONANTS, 5)}${born.year >= 2000 ? pick(random, 'ABCDEF') : digit(random)}`;
      const values = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
      const sum = Array.from(body).reduce((all, own, index) => all + values.indexOf(own) * (18 - index), 0);
      return `${body}${(10 - (sum % 10)) % 10}`;
    },
    alone: ['18'],
  },
  'SG NRIC or FIN': {
    make: (random) => {
      const lead = pick(random, 'STFG');
      const body = digits(random, 7);
      const sum = weighted(body, [2, 7, 6, 5, 4, 3, 2]) + (lead === 'T' || lead === 'G' ? 4 : 0);
      const letters = lead === 'S' || lead === 'T' ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK';
      return `${lead}${body}${letters.charAt(sum % 11)}`;
    },
    alone: ['9'],
  },
  'FR numéro de sécurité sociale of Corsica': {
    make: (random) => {
      const { year, month } = birth(random);
      const department = random() < 0.5 ? '2A' : '2B';
      const lead = `${digit(random, 1, 2)}${two(year % 100)}${two(month)}`;
      const tail = digits(random, 6);
      const body = `${lead}${department === '2A' ? '19' : '18'}${tail}`;
      return `${lead}${department}${tail}${two(97 - Number(BigInt(body) % 97n))}`;
    },
    alone: ['15'],
  },
  'CL RUT': {
    make: (random) => {
      const body = String(digit(random, 1_000_000, 25_000_000));
      const sum = Array.from(body)
        .toReversed()
        .reduce((all, own, index) => all + Number(own) * ((index % 6) + 2), 0);
      return `${body}-${'0123456789K0'.charAt(11 - (sum % 11))}`;
    },
    alone: ['*'],
  },
  'IE PPS number': {
    make: (random) => {
      const body = digits(random, 7);
      const hasSecond = random() < 0.5;
      const sum = weighted(body, [8, 7, 6, 5, 4, 3, 2]) + (hasSecond ? 9 : 0);
      return `${body}${'WABCDEFGHIJKLMNOPQRSTUV'.charAt(sum % 23)}${hasSecond ? 'A' : ''}`;
    },
    alone: [],
    named: { word: 'PPS number', shapes: ['*'] },
  },
  'IN PAN': {
    make: (random) =>
      `${picks(random, LETTERS, 3)}${pick(random, 'ABCFGHJLPT')}${picks(random, LETTERS, 1)}${digits(random, 4)}${picks(random, LETTERS, 1)}`,
    alone: [],
    named: { word: 'PAN', shapes: ['10'] },
  },
};

/** Writes a number in a shape: `3-2-4` is `536-22-1234`; `*` leaves it as it is. */
export function written(id: string, shape: string): string {
  if (shape === '*') return id;
  let at = 0;
  return shape.replaceAll(/\d+/gu, (count) => {
    const part = id.slice(at, at + Number(count));
    at += Number(count);
    return part;
  });
}
