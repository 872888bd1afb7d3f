import { isJsonObject, type JsonValue } from '@callgate/canonical';

import type { MoneyLimit, MoneyRules } from './compile-rules.ts';
import { compareDecimals, parseDecimal, printDecimal, rescaled, type Decimal } from './decimal.ts';

const MAX_CURRENCIES = 12;
const OFTEN = ['10', '0', '1', '100', '1000', '100000', '0.5', '0.01', '1.001', '1.0001', '1.00000001', '-1', '-0.01'];

/** Values most of which pass, plain ones first, those at bounds among them. */
export function* candidateMoney(rules: MoneyRules): Generator<JsonValue> {
  for (const [currency, limit] of [...rules.limits].slice(0, MAX_CURRENCIES)) {
    yield written(clamp({ digits: 10n, scale: 0 }, limit), currency, rules);
  }
  for (const [currency, limit] of [...rules.limits].slice(0, MAX_CURRENCIES)) {
    for (const amount of amounts(limit)) yield written(amount, currency, rules);
  }
}

/** At the bounds, one unit inside and one beyond; then common amounts. */
function* amounts(limit: MoneyLimit): Generator<Decimal> {
  for (const bound of limit.maximum === undefined ? [limit.minimum] : [limit.maximum, limit.minimum]) {
    const { digits, scale } = rescaled(bound, limit.decimals);
    for (const step of [0n, 1n, -1n]) yield { digits: digits + step, scale };
    yield { digits: digits * 10n + 1n, scale: scale + 1 };
  }
  yield { digits: 10n ** BigInt(limit.decimals) + 1n, scale: limit.decimals };
  for (const text of OFTEN) {
    const amount = parseDecimal(text);
    if (amount !== undefined) yield amount;
  }
  yield { digits: 10n ** 14n, scale: 0 };
  yield { digits: 10n ** 20n, scale: 0 };
}

function clamp(amount: Decimal, limit: MoneyLimit): Decimal {
  if (compareDecimals(amount, limit.minimum) < 0) return limit.minimum;
  return limit.maximum !== undefined && compareDecimals(amount, limit.maximum) > 0 ? limit.maximum : amount;
}

function written(amount: Decimal, currency: string, rules: MoneyRules): JsonValue {
  const text = printDecimal(amount);
  return inShape(rules.form === 'text' ? text : Number(text), currency, rules);
}

/** The value of an amount as it is written. */
export function inShape(amount: string | number, currency: string, rules: MoneyRules): JsonValue {
  const [amountName, currencyName] = rules.members;
  return rules.shape === 'amount' ? amount : { [amountName]: amount, [currencyName]: currency };
}

/** Values that are near to passing. */
export function* moneyBeyond(rules: MoneyRules): Generator<JsonValue> {
  const [currency = ''] = rules.limits.keys();
  for (const amount of ['1e3', '+1', '1,000.00', ' 1', '01', '1.', '.5', '-0', '0x1', 'NaN', '\uff11']) {
    yield inShape(amount, currency, rules);
  }
  for (const amount of [1e21, 1e-7, 0.1 + 0.2, 2 ** 53]) yield inShape(amount, currency, rules);
  if (rules.shape === 'object') {
    for (const other of ['EUR', 'USD', 'JPY', 'KWD', 'eur', 'XXX']) yield inShape(1, other, rules);
  }
}

/** Values near one that does not pass. */
export function* moneyNear(value: JsonValue | undefined, rules: MoneyRules): Generator<JsonValue> {
  const [amountName, currencyName] = rules.members;
  const given = isJsonObject(value) ? value[amountName] : value;
  const named = isJsonObject(value) ? value[currencyName] : undefined;
  const wanted = typeof named === 'string' ? named.slice(0, 8).trim().toUpperCase() : '';
  const currencies = rules.limits.has(wanted) ? [wanted] : [...rules.limits.keys()].slice(0, 4);
  for (const currency of currencies) {
    const limit = rules.limits.get(currency);
    if (limit === undefined) continue;
    for (const amount of decimalsNear(given)) {
      yield written(clamp(rescaled(amount, Math.min(amount.scale, limit.decimals)), limit), currency, rules);
    }
    yield written(limit.minimum, currency, rules);
  }
}

function* decimalsNear(value: JsonValue | undefined): Generator<Decimal> {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  const text = String(value)
    .slice(0, 64)
    .normalize('NFKC')
    .replaceAll(/[^0-9.,e+-]/gu, '');
  const point = text.replace(/,([0-9]{1,2})$/u, '.$1').replaceAll(',', '');
  for (const candidate of [point, point.replaceAll(/[^0-9.]/gu, ''), expanded(point)]) {
    const amount = parseDecimal(candidate.replace(/^(-?)0+(?=[0-9])/u, '$1').replace(/\.$/u, ''));
    if (amount !== undefined) yield amount;
  }
}

/** `1e3` written out, where it is a number that is not too large. */
function expanded(text: string): string {
  const value = Number(text);
  return Math.abs(value) < 1e15 ? String(Math.round(value * 100) / 100) : '';
}
