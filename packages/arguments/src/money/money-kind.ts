import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, KindProblem } from '@callgate/policy';

import { KindAssembler } from '../internal/assemble-kind.ts';
import { problemsFor } from '../internal/problems.ts';
import { anyOf } from '../internal/words.ts';
import { compileRules, type MoneyRules } from './compile-rules.ts';
import { isMoneyCovered } from './covers.ts';
import { printDecimal, rescaled } from './decimal.ts';
import { candidateMoney, inShape, moneyBeyond, moneyNear } from './examples.ts';
import { judgeMoney, type MoneyProblemCode } from './judge-money.ts';
import { moneySpecification, type MoneySpecification } from './specification.ts';

const assembler = new KindAssembler<MoneyRules>();

/** An amount of money, alone or with its currency, compared in exact decimal arithmetic. */
export const moneyKind: ArgumentKind<MoneySpecification> = {
  name: 'money',
  summary:
    'An amount of money, alone or with its currency: within bounds, with no more decimals than the currency has.',
  types: ['number', 'string', 'object'],
  specification: moneySpecification,
  compile(specification, report) {
    const rules = compileRules(specification, report);
    const expected = describe(rules);
    const { fail } = problemsFor<MoneyProblemCode>(expected);
    const check = (value: JsonValue): readonly KindProblem[] => {
      const judged = judgeMoney(value, rules);
      return 'money' in judged
        ? []
        : judged.findings.map(({ code, got, hint, pointer }) => fail(code, got, hint, pointer));
    };
    return assembler.assemble({
      kind: 'money',
      expected,
      facts: rules,
      check,
      canonical: (value) => canonicalMoney(value, rules),
      isCoveredBy: (outer) => isMoneyCovered(rules, outer),
      candidates: () => candidateMoney(rules),
      beyond: () => moneyBeyond(rules),
      repair: (value) => moneyNear(value, rules),
    });
  },
};

/** Texts have all decimals of the currency: `12.5` is `12.50`. */
function canonicalMoney(value: JsonValue, rules: MoneyRules): JsonValue {
  const judged = judgeMoney(value, rules);
  if (!('money' in judged)) return value;
  const { amount, currency, limit } = judged.money;
  const text = printDecimal(rescaled(amount, limit.decimals));
  return inShape(rules.form === 'text' ? text : Number(text), currency, rules);
}

const FORM_WORDS: Readonly<Record<MoneyRules['form'], string>> = {
  number: 'an amount of money as a number',
  text: 'an amount of money as text, such as `12.50`',
  minor: 'an amount of money as a whole number of minor units',
};

function describe(rules: MoneyRules): string {
  const [first] = rules.limits.values();
  const amount = [FORM_WORDS[rules.form]];
  if (rules.currency.length > 0) amount.push(`in ${anyOf(rules.currency)}`);
  if (first !== undefined) amount.push(`of at least ${printDecimal(first.minimum)}`);
  if (rules.limits.size === 1 && first?.maximum !== undefined)
    amount.push(`and at most ${printDecimal(first.maximum)}`);
  if (rules.limits.size > 1) {
    const most = [...rules.limits].flatMap(([code, { maximum }]) =>
      maximum === undefined ? [] : [`${printDecimal(maximum)} ${code}`],
    );
    if (most.length > 0) amount.push(`and at most ${anyOf(most)}`);
  }
  const words = amount.join(' ');
  return rules.shape === 'amount'
    ? words
    : `an object of \`${rules.members[0]}\` and \`${rules.members[1]}\`: ${words}`;
}
