import type { ReportKindIssue } from '@callgate/policy';

import { minorUnits } from './currencies.ts';
import { compareDecimals, parseDecimal, type Decimal } from './decimal.ts';
import type { DecimalText, MoneySpecification } from './specification.ts';

/** What amounts of one currency may be. */
export interface MoneyLimit {
  readonly minimum: Decimal;
  readonly maximum: Decimal | undefined;
  readonly decimals: number;
}

/** A compiled specification: what amounts are judged by, and compared by. */
export interface MoneyRules {
  readonly form: 'number' | 'text' | 'minor';
  readonly shape: 'amount' | 'object';
  readonly members: readonly [string, string];
  /** By currency; the one limit of amounts alone has no name. */
  readonly limits: ReadonlyMap<string, MoneyLimit>;
  /** For messages. */
  readonly currency: readonly string[];
}

/** The name of the limit of amounts without a currency. */
export const ALONE = '';

const ZERO: Decimal = { digits: 0n, scale: 0 };

/** Compiles a specification; what is wrong with it goes to `report`. */
export function compileRules(specification: MoneySpecification, report: ReportKindIssue): MoneyRules {
  const { form = 'number', shape = 'amount', members = ['amount', 'currency'], currency = [] } = specification;
  if (shape === 'object' && currency.length === 0)
    report('', 'the key `currency`, with the currencies that pass', 'none');
  if (shape === 'amount' && currency.length > 1)
    report('/currency', 'one currency: an amount alone does not say of which it is', String(currency.length));
  if (shape === 'amount' && specification.members !== undefined)
    report('/members', 'no `members`: they are for objects', 'names');
  if (members[0] === members[1]) report('/members', 'two different names', 'the same name twice');
  if (form === 'minor' && specification.decimals !== undefined)
    report('/decimals', 'no `decimals`: minor units have none', String(specification.decimals));
  for (const [index, code] of currency.entries()) {
    if (minorUnits(code) === undefined) report(`/currency/${index}`, 'a currency of ISO 4217', `\`${code}\``);
  }
  refuseOtherCurrencies(specification, report);
  const limits = new Map<string, MoneyLimit>();
  for (const code of currency.length === 0 ? [ALONE] : currency) {
    limits.set(shape === 'amount' ? ALONE : code, limitOf(code, specification, report));
  }
  return { form, shape, members: [members[0] ?? 'amount', members[1] ?? 'currency'], limits, currency };
}

/** One bound for different currencies would be a different bound in each. */
function refuseOtherCurrencies({ maximum, currency = [] }: MoneySpecification, report: ReportKindIssue): void {
  if (typeof maximum !== 'object') {
    if (maximum !== undefined && currency.length > 1) report('/maximum', 'a maximum for each currency', 'one for all');
    return;
  }
  for (const code of Object.keys(maximum)) {
    if (!currency.includes(code)) report(`/maximum/${code}`, 'a currency of `currency`', 'another');
  }
  for (const code of currency) {
    if (!Object.hasOwn(maximum, code)) report('/maximum', `a maximum for \`${code}\` too`, 'none for it');
  }
}

function limitOf(code: string, specification: MoneySpecification, report: ReportKindIssue): MoneyLimit {
  const { form, minimum: least, maximum: most } = specification;
  const decimals = form === 'minor' ? 0 : (specification.decimals ?? minorUnits(code) ?? 2);
  const minimum = bound(least, '/minimum', decimals, report) ?? ZERO;
  const own = typeof most === 'object' ? (Object.hasOwn(most, code) ? most[code] : undefined) : most;
  const place = typeof most === 'object' ? `/maximum/${code}` : '/maximum';
  const maximum = bound(own, place, decimals, report);
  if (maximum !== undefined && compareDecimals(maximum, minimum) < 0)
    report(place, 'at least `minimum`, which is 0 unless set', 'a smaller amount');
  return { minimum, maximum, decimals };
}

function bound(
  value: DecimalText | undefined,
  pointer: string,
  decimals: number,
  report: ReportKindIssue,
): Decimal | undefined {
  if (value === undefined) return undefined;
  const decimal = parseDecimal(String(value));
  if (decimal === undefined || decimal.scale > decimals) {
    report(pointer, `a decimal number with at most ${decimals} digits behind the point`, 'another number');
    return undefined;
  }
  return decimal;
}
