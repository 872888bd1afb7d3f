import type { Call, CompiledPolicy, RuleDocument } from '@callgate/policy';
import { compilePolicy, decide } from 'callgate';

import { micros, whole } from './format.ts';
import type { Benchmark } from './section.ts';
import { spreadOf, type Spread } from './statistics.ts';

const RULE_COUNTS = [0, 10, 100] as const;
const BATCH = 64;
const BATCHES = 2_000;

// None of them holds for the calls that are timed, so each is evaluated to its end.
const CONDITIONS: readonly string[] = [
  'arguments.amount > 1000',
  'arguments.amount > 100 && principal.tenant == "other"',
  'arguments.currency in ["CHF", "JPY"] && tool.ring >= 1',
  '!(arguments.order.startsWith("T-"))',
  'arguments.order.matches("^X-[0-9]{4,8}$")',
  '"contractor" in principal.roles',
  'arguments.tags.exists(tag, tag == "blocked")',
  'has(arguments.note) && size(arguments.note) > 100',
  'now < timestamp("2026-01-01T00:00:00Z")',
  '!now.window("Mon-Fri 00:00-24:00", "Europe/Madrid")',
];

/** Deciding a call that many rules with conditions are about. */
export const conditionsBenchmark: Benchmark = {
  name: 'conditions',
  run: ({ isQuick, progress }) => {
    const rows = RULE_COUNTS.map((rules) => {
      progress(`${rules} rules`);
      return { rules, spread: measure(policyOf(rules), isQuick ? 2 : BATCHES) };
    });
    const most = rows.at(-1);
    return Promise.resolve({
      title: 'Deciding under rules with conditions',
      notes: [
        `Every rule is about the call, and none of its conditions holds, so that all are evaluated: ${CONDITIONS.length} forms (bounds, sets, ` +
          'prefixes, patterns, lists, times and time windows) over and over. Each rule is compiled by itself. Figures are per decision, over ' +
          `batches of ${BATCH}.`,
      ],
      tables: [
        {
          caption: '',
          header: ['rules', 'p50', 'p99', 'decisions'],
          rows: rows.map(({ rules, spread }) => [
            whole(rules),
            micros(spread.p50),
            micros(spread.p99),
            whole(spread.count * BATCH),
          ]),
        },
      ],
      targets: [
        {
          promise: 'decide, 100 rules with conditions, p50',
          bound: 5,
          direction: 'at-most',
          measured: most?.spread.p50 ?? Number.NaN,
          unit: 'µs',
        },
      ],
      figures: Object.fromEntries(rows.map(({ rules, spread }) => [`${rules}.p50.us`, spread.p50])),
    });
  },
};

function policyOf(count: number): CompiledPolicy {
  const rules = Array.from({ length: count }, (_, index): RuleDocument => {
    const condition = CONDITIONS[index % CONDITIONS.length] ?? '';
    return { id: `rule-${index}`, ...(index % 2 === 0 ? { deny: condition } : { hold: condition }) };
  });
  return compilePolicy({
    callgate: 1,
    name: 'bench',
    version: '1',
    servers: {
      shop: {
        tools: {
          refund: {
            ring: 1,
            arguments: {
              amount: { type: 'number', minimum: 0, maximum: 500 },
              currency: { enum: ['EUR', 'USD', 'CHF'] },
              order: { type: 'string', maxLength: 16 },
              tags: { items: { type: 'string' }, maxItems: 8 },
              note: { type: 'string', maxLength: 500, optional: true },
            },
          },
        },
      },
    },
    ...(count === 0 ? {} : { rules }),
  });
}

function callOf(index: number): Call {
  return {
    server: 'shop',
    direction: 'client-to-server',
    method: 'tools/call',
    params: {
      name: 'refund',
      arguments: { amount: index, currency: 'EUR', order: `T-${1_000 + index}`, tags: ['a', 'b'], note: 'late' },
    },
    principal: { user: 'u-17', tenant: 'acme', roles: ['support'] },
  };
}

function measure(policy: CompiledPolicy, batches: number): Spread {
  // A Wednesday in the middle of the window.
  const when = { now: Date.UTC(2026, 10, 25, 10) };
  const calls = Array.from({ length: BATCH }, (_, index) => callOf(index));
  const samples: number[] = [];
  for (let batch = 0; batch < batches + batches / 4; batch += 1) {
    const startedMs = performance.now();
    for (const call of calls) {
      if (decide(policy, call, when).effect !== 'allow') throw new Error('expected every call to be allowed');
    }
    samples.push(((performance.now() - startedMs) * 1_000) / BATCH);
  }
  // The first fifth warms up.
  return spreadOf(samples.slice(samples.length - batches));
}
