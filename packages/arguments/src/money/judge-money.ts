import { appendPointer, isJsonObject, own, type JsonValue } from '@callgate/canonical';

import { typeName } from '../internal/problems.ts';
import { anyOf } from '../internal/words.ts';
import { ALONE, type MoneyLimit, type MoneyRules } from './compile-rules.ts';
import { compareDecimals, parseDecimal, printDecimal, type Decimal } from './decimal.ts';

/** What the kind `money` finds wrong. */
export type MoneyProblemCode =
  | 'money.type'
  | 'money.members'
  | 'money.currency'
  | 'money.form'
  | 'money.precision'
  | 'money.decimals'
  | 'money.low'
  | 'money.high';

/** One thing that is wrong: its code, what came in words, what to do, and where. */
export interface MoneyFinding {
  readonly code: MoneyProblemCode;
  readonly got: string;
  readonly hint?: string;
  readonly pointer: string;
}

/** An amount that passes. */
export interface Money {
  readonly amount: Decimal;
  readonly currency: string;
  readonly limit: MoneyLimit;
}

type Judged = { readonly findings: readonly MoneyFinding[] } | { readonly money: Money };

// a double has 15 decimal digits that survive being read and written: IEEE 754, DBL_DIG
const EXACT_DIGITS = 15;

/** The amount of a value, or what is wrong with it. */
export function judgeMoney(value: JsonValue, rules: MoneyRules): Judged {
  if (rules.shape === 'amount') return judgeAmount(value, ALONE, rules, '');
  if (!isJsonObject(value)) return refused('money.type', typeName(value), '');
  const [amountName, currencyName] = rules.members;
  const amount = own(value, amountName);
  const currency = own(value, currencyName);
  if (amount === undefined || currency === undefined || Object.keys(value).length !== 2) {
    const hint = `give it the members \`${amountName}\` and \`${currencyName}\` only`;
    return refused('money.members', 'an object of other members', '', hint);
  }
  if (typeof currency !== 'string' || !rules.limits.has(currency)) {
    const got = typeof currency === 'string' ? 'another currency' : typeName(currency);
    return refused('money.currency', got, appendPointer('', currencyName), `use ${anyOf(rules.currency)}`);
  }
  return judgeAmount(amount, currency, rules, appendPointer('', amountName));
}

function refused(code: MoneyProblemCode, got: string, pointer: string, hint?: string): Judged {
  return { findings: [{ code, got, pointer, ...(hint === undefined ? {} : { hint }) }] };
}

function judgeAmount(value: JsonValue, currency: string, rules: MoneyRules, pointer: string): Judged {
  const limit = rules.limits.get(currency);
  if (typeof value !== (rules.form === 'text' ? 'string' : 'number') || limit === undefined) {
    return refused('money.type', typeName(value), pointer, formHint(rules.form));
  }
  const amount = readAmount(value as string | number, rules.form);
  if (typeof amount === 'string') return refused(amount, AMOUNT_WORDS[amount], pointer, formHint(rules.form));
  if (amount.scale > limit.decimals) {
    const hint = limit.decimals === 0 ? 'use a whole number' : `use at most ${limit.decimals} digits behind the point`;
    return refused('money.decimals', 'an amount with more decimals', pointer, hint);
  }
  if (compareDecimals(amount, limit.minimum) < 0) {
    const got = amount.digits < 0n ? 'a negative amount' : 'a smaller amount';
    return refused('money.low', got, pointer, `use at least ${printDecimal(limit.minimum)}`);
  }
  if (limit.maximum !== undefined && compareDecimals(amount, limit.maximum) > 0) {
    return refused('money.high', 'a greater amount', pointer, `use at most ${printDecimal(limit.maximum)}`);
  }
  return { money: { amount, currency, limit } };
}

const AMOUNT_WORDS = {
  'money.form': 'an amount in another spelling',
  'money.precision': 'an amount with more digits than the form can hold exactly',
} as const;

function formHint(form: MoneyRules['form']): string {
  if (form === 'minor') return 'give a whole number of minor units';
  return form === 'number'
    ? 'give a plain number'
    : 'write digits with a point, as `12.50`, without signs and separators';
}

function readAmount(value: string | number, form: MoneyRules['form']): Decimal | keyof typeof AMOUNT_WORDS {
  if (typeof value === 'string') return parseDecimal(value) ?? 'money.form';
  if (Object.is(value, -0) || !Number.isFinite(value)) return 'money.form';
  if (form === 'minor') return Number.isSafeInteger(value) ? { digits: BigInt(value), scale: 0 } : 'money.precision';
  // the shortest text that reads as the number (ECMA-262 Number::toString); with an exponent it is far too large or small
  const amount = parseDecimal(String(value));
  if (amount === undefined) return 'money.precision';
  return String(amount.digits).replace('-', '').length > EXACT_DIGITS ? 'money.precision' : amount;
}
