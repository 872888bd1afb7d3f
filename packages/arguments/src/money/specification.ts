import * as z from 'zod';

import { specification, whole, word } from '../internal/specification.ts';

/** The keys of `{ kind: money }`. */
export interface MoneySpecification {
  /** How the amount is written: a number, a text of decimal digits, or a whole number of minor units. Default `number`. */
  readonly form?: 'number' | 'text' | 'minor';
  /** The currencies (ISO 4217) that pass. One where only the amount is given, which sets its decimals. */
  readonly currency?: readonly string[];
  /** Whether the value is the amount, or an object of the amount and its currency. Default `amount`. */
  readonly shape?: 'amount' | 'object';
  /** The names of the two members of an object. Default `amount` and `currency`. */
  readonly members?: readonly string[];
  /** The least amount; minor units in the form `minor`. Default 0: negative amounts do not pass. */
  readonly minimum?: DecimalText;
  /** The greatest amount; of each currency where amounts are of several. Default: what the form can hold exactly. */
  readonly maximum?: DecimalText | Readonly<Record<string, DecimalText>>;
  /** The most digits behind the point, 0 to 18. Default: those of the currency, or 2. */
  readonly decimals?: number;
}

/** A decimal number as JSON, or as text where a number would lose digits. */
export type DecimalText = number | string;

function decimal(): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = 'a decimal number, or one as text';
  const text = z.string({ error }).regex(/^-?(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,18})?$/u, { error });
  return z.union([z.number({ error }).min(-1e15, { error }).max(1e15, { error }), text], { error });
}

function name(): z.ZodString {
  return z.string({ error: 'a name' }).min(1, { error: 'a name' }).max(64, { error: 'a name' });
}

function code(): z.ZodString {
  const error = 'a currency code of ISO 4217 such as `EUR`';
  return z.string({ error }).regex(/^[A-Z]{3}$/u, { error });
}

/** The schema of {@link MoneySpecification}. */
export const moneySpecification: z.ZodObject & z.ZodType<MoneySpecification> = specification({
  form: word('number', 'text', 'minor')
    .describe('How the amount is written: a number, a text, or a whole number of minor units. Default `number`.')
    .exactOptional(),
  currency: z
    .array(code(), { error: 'a list of currency codes' })
    .min(1, { error: 'a list of at least one currency code' })
    .max(200, { error: 'at most 200 currencies' })
    .describe('The currencies (ISO 4217) that pass. One where only the amount is given, which sets its decimals.')
    .exactOptional(),
  shape: word('amount', 'object')
    .describe('Whether the value is the amount, or an object of the amount and its currency. Default `amount`.')
    .exactOptional(),
  members: z
    .array(name(), { error: 'two names' })
    .length(2, { error: 'two names' })
    .describe('The names of the two members of an object. Default `amount` and `currency`.')
    .exactOptional(),
  minimum: decimal().describe('The least amount. Default 0: negative amounts do not pass.').exactOptional(),
  maximum: z
    .union([decimal(), z.record(code(), decimal())], { error: 'a decimal number, or one for each currency' })
    .describe('The greatest amount; of each currency where amounts are of several.')
    .exactOptional(),
  decimals: whole(0, 18)
    .describe('The most digits behind the point. Default: those of the currency, or 2.')
    .exactOptional(),
});
