// Times one evaluation of conditions: node --conditions=@callgate/source packages/policy/bench/conditions.ts
import { compileCondition } from '../src/conditions/compile-condition.ts';
import type { ConditionInput } from '../src/conditions/condition.ts';

const BATCH = 20_000;
const BATCHES = 60;

const INPUT: ConditionInput = {
  server: { name: 'payments', trust: 'internal' },
  tool: { name: 'refund.create', ring: 2, effect: 'write', labels: ['private'] },
  method: 'tools/call',
  direction: 'client-to-server',
  arguments: {
    amount: 120,
    currency: 'EUR',
    order: 'T-12345',
    filter: { region: 'us-east', limit: 20 },
    ids: Array.from({ length: 20 }, (_, index) => index),
    at: '2026-11-25T10:00:00Z',
  },
  principal: { user: 'u-17', tenant: 'acme', roles: ['support', 'refund-lead'] },
  run: 'run-1',
  now: Date.UTC(2026, 10, 25, 10),
};

const CONDITIONS: readonly string[] = [
  'arguments.amount > 50',
  'arguments.amount > 50 && principal.tenant == "acme"',
  'arguments.currency in ["EUR", "USD"] && !(arguments.amount <= 50) && tool.ring >= 2',
  'arguments.filter.region == "us-east"',
  'has(arguments.note) && arguments.note != ""',
  'arguments.missing > 50',
  '"refund-lead" in principal.roles',
  'arguments.order.startsWith("T-")',
  'arguments.order.matches("^T-[0-9]{4,8}$")',
  'arguments.amount * 2.0 > 100',
  'arguments.ids.all(id, id < 100)',
  'now < timestamp("2027-01-01T00:00:00Z")',
  'now.window("Mon-Fri 09:00-17:00", "Europe/Madrid")',
  'timestamp(arguments.at) - now < duration("1h")',
];

/** Compiles many conditions of one form, as a policy has: each its own closures, so that no call is specialised to one. */
function measure(source: string): void {
  const conditions = Array.from({ length: 100 }, () => {
    const { condition } = compileCondition(source, { arguments: [] });
    if (condition === undefined) throw new Error(source);
    return condition;
  });
  const times: number[] = [];
  let held = 0;
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const start = performance.now();
    for (let round = 0; round < BATCH / 100; round += 1) {
      for (const condition of conditions) if (condition.evaluate(INPUT) === true) held += 1;
    }
    times.push(((performance.now() - start) * 1e6) / BATCH);
  }
  const sorted = times.toSorted((left, right) => left - right);
  const median = sorted[BATCHES / 2] ?? 0;
  process.stdout.write(`${source.padEnd(88)} ${median.toFixed(1).padStart(8)} ns${held < 0 ? '!' : ''}\n`);
}

for (const source of CONDITIONS) measure(source);
