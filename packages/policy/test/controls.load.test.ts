import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  parsePolicy,
  policyJsonSchema,
  PolicyError,
  type Control,
  type HistoryView,
} from '../src/index.ts';
import { decide } from '../src/index.ts';
import { ScriptedHistory } from './support/scripted-history.ts';

const SERVERS = `
servers:
  crm:
    trust: internal
    cost: 1
    tools:
      customer.get:  { ring: 1, arguments: { id: { type: string }, limit: { type: integer, optional: true } }, labels: [private], cost: { perCall: 0.02, perKiB: 1, at: /usage/cost } }
      mail.send:     { ring: 2, arguments: { to: { type: string }, request_id: { type: string, optional: true } }, sink: external, idempotency: { key: request_id, inject: true, retries: 2 } }
      customer.mask: { ring: 1, arguments: { text: { type: string } }, declassifies: [private] }
      plan_deploy:   { ring: 1, arguments: { changes: { type: array, items: { type: string } } }, plan: { name: deploy, id: /plan_id, ttl: 15m } }
      apply_deploy:  { ring: 2, arguments: { plan_id: { type: string }, changes: { type: array, items: { type: string } }, digest: { type: string } }, apply: { plan: deploy, id: plan_id, same: { changes: arguments.changes, digest: result.digest } } }
  web: { tools: { fetch: { ring: 1, arguments: { url: { type: string } } } } }
`;

const CONTROLS = `
meters:
  - { id: breadth, match: { ring: [2, 3] }, count: distinct tool, per: [run], within: 10m, max: 4, then: hold, by: [role:lead] }
  - { id: enumeration, match: { tool: customer.get }, count: distinct arguments.id, per: [run], within: 1h, max: 25 }
  - { id: daily-cost, sum: cost, per: [principal.tenant], within: 1d, soft: 40, max: 50, then: hold }
  - { id: export, sum: rows, per: [run], max: 1000, reserve: 100 }
  - { id: rate, rate: 60/1m, burst: 10, per: [principal.user] }
  - { id: at-once, count: open, per: [server], max: 8, queue: { depth: 20, wait: 5s }, degrade: { from: 75%, cost: 5 } }
breakers:
  - { id: retry-spiral, on: identical failure, per: [run, tool, arguments], volatile: [request_id], after: 3, open: 5m }
  - { id: tool-down, on: failure, per: [server, tool], rate: 50%, of: 20, open: 30s, halfOpen: 2 }
  - { id: slow, on: latency, per: [server], percentile: 95%, over: 2s, of: 20, open: 30s }
  - { id: loop, on: cycle, per: [run], length: 4, after: 3, open: 5m }
  - { id: stuck, on: same result, per: [run, tool], after: 5, open: 5m }
  - { id: stubborn, on: denial, per: [run, tool, arguments], after: 3, open: 5m }
flows:
  - { id: trifecta, seen: [untrusted, private], sink: external, then: hold, carried: deny, by: [role:security] }
`;

const HEAD = 'callgate: 1\nname: controls\nversion: "1"\n';

function issuesOf(controls: string, servers = SERVERS): readonly string[] {
  try {
    parsePolicy(`${HEAD}${servers}${controls}`, { file: 'p.yaml' });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ pointer, message, line }) => `${line === null ? '' : pointer} ${message}`);
  }
  return [];
}

/** The controls that a call of a tool is judged by. */
function controlsOf(server: string, tool: string, args = {}, history = new ScriptedHistory()): readonly Control[] {
  const policy = parsePolicy(`${HEAD}${SERVERS}${CONTROLS}`, { file: 'p.yaml' });
  const call = {
    server,
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: tool, arguments: args },
    principal: { user: 'ada', tenant: 'acme' },
  } as const;
  decide(policy, call, { now: 0, history: history satisfies HistoryView });
  return history.asked.map(({ control }) => control);
}

const EXPECTED = {
  '/servers/crm/tools/apply_deploy/apply': {
    then: 'deny',
    kind: 'apply',
    plan: 'deploy',
    pointer: '/plan_id',
    same: [
      { apply: '/changes', plan: { in: 'arguments', pointer: '/changes' } },
      { apply: '/digest', plan: { in: 'result', pointer: '/digest' } },
    ],
  },
  '/servers/crm/tools/apply_deploy/labels': { then: 'deny', kind: 'labels', labels: [], declassifies: [] },
  '/servers/crm/tools/customer.get/labels': { then: 'deny', kind: 'labels', labels: ['private'], declassifies: [] },
  '/servers/crm/tools/customer.mask/labels': { then: 'deny', kind: 'labels', labels: [], declassifies: ['private'] },
  '/servers/crm/tools/mail.send/idempotency': {
    then: 'deny',
    kind: 'idempotency',
    pointer: '/request_id',
    inject: true,
    withinMs: 86400000,
    retries: 2,
    backoffMs: 200,
  },
  '/servers/crm/tools/mail.send/labels': { then: 'deny', kind: 'labels', labels: [], declassifies: [] },
  '/servers/crm/tools/plan_deploy/labels': { then: 'deny', kind: 'labels', labels: [], declassifies: [] },
  '/servers/crm/tools/plan_deploy/plan': {
    then: 'deny',
    kind: 'plan',
    plan: 'deploy',
    pointer: '/plan_id',
    ttlMs: 900000,
    keep: [
      { in: 'arguments', pointer: '/changes' },
      { in: 'result', pointer: '/digest' },
    ],
  },
  '/servers/web/tools/fetch/labels': { then: 'deny', kind: 'labels', labels: ['untrusted'], declassifies: [] },
  'at-once': {
    then: 'deny',
    kind: 'meter',
    measure: { of: 'open' },
    per: [{ by: 'server' }],
    withinMs: undefined,
    soft: undefined,
    max: 8,
    reserve: 0,
    overload: { kind: 'queue', depth: 20, waitMs: 5000 },
    degrade: { from: 0.75, cost: 5 },
  },
  breadth: {
    then: 'hold',
    kind: 'meter',
    measure: { of: 'distinct', value: { by: 'tool' } },
    per: [{ by: 'run' }],
    withinMs: 600000,
    soft: undefined,
    max: 4,
    reserve: 0,
    overload: { kind: 'fail' },
    degrade: undefined,
  },
  'daily-cost': {
    then: 'hold',
    kind: 'meter',
    measure: { of: 'cost' },
    per: [{ by: 'tenant' }],
    withinMs: 86400000,
    soft: 40,
    max: 50,
    reserve: 0,
    overload: { kind: 'fail' },
    degrade: undefined,
  },
  enumeration: {
    then: 'deny',
    kind: 'meter',
    measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } },
    per: [{ by: 'run' }],
    withinMs: 3600000,
    soft: undefined,
    max: 25,
    reserve: 0,
    overload: { kind: 'fail' },
    degrade: undefined,
  },
  export: {
    then: 'deny',
    kind: 'meter',
    measure: { of: 'rows' },
    per: [{ by: 'run' }],
    withinMs: undefined,
    soft: undefined,
    max: 1000,
    reserve: 100,
    overload: { kind: 'fail' },
    degrade: undefined,
  },
  loop: {
    then: 'deny',
    kind: 'breaker',
    trip: { on: 'cycle', length: 4, after: 3 },
    per: [{ by: 'run' }],
    openMs: 300000,
    halfOpen: 1,
  },
  rate: { then: 'deny', kind: 'rate', per: [{ by: 'user' }], max: 60, withinMs: 60000, burst: 10 },
  'retry-spiral': {
    then: 'deny',
    kind: 'breaker',
    trip: { on: 'identical failure', after: 3 },
    per: [{ by: 'arguments', volatile: ['request_id'] }, { by: 'run' }, { by: 'tool' }],
    openMs: 300000,
    halfOpen: 1,
  },
  slow: {
    then: 'deny',
    kind: 'breaker',
    trip: { on: 'latency', percentile: 0.95, overMs: 2000, of: 20 },
    per: [{ by: 'server' }],
    openMs: 30000,
    halfOpen: 1,
  },
  stubborn: {
    then: 'deny',
    kind: 'breaker',
    trip: { on: 'denial', after: 3 },
    per: [{ by: 'arguments', volatile: [] }, { by: 'run' }, { by: 'tool' }],
    openMs: 300000,
    halfOpen: 1,
  },
  stuck: {
    then: 'deny',
    kind: 'breaker',
    trip: { on: 'same result', after: 5 },
    per: [{ by: 'run' }, { by: 'tool' }],
    openMs: 300000,
    halfOpen: 1,
  },
  'tool-down': {
    then: 'deny',
    kind: 'breaker',
    trip: { on: 'failure', rate: 0.5, of: 20, withinMs: undefined },
    per: [{ by: 'server' }, { by: 'tool' }],
    openMs: 30000,
    halfOpen: 2,
  },
  trifecta: { then: 'hold', kind: 'flow', seen: ['private', 'untrusted'], sink: 'external', carried: 'deny' },
};

describe('controls', () => {
  it('compile to plain, frozen data that says all that the document does', () => {
    const controls = new Map(
      [
        ...controlsOf('crm', 'customer.get', { id: 'c' }),
        ...controlsOf('crm', 'mail.send', { to: 'x' }),
        ...controlsOf('crm', 'plan_deploy', { changes: [] }),
        ...controlsOf('crm', 'apply_deploy', { plan_id: 'p', changes: [], digest: 'd' }),
        ...controlsOf('crm', 'customer.mask', { text: '' }),
        ...controlsOf('web', 'fetch', { url: '' }),
      ].map((control) => [control.id, control]),
    );
    for (const control of controls.values()) expect(Object.isFrozen(control)).toBe(true);
    const shown = [...controls].map(([id, control]) => {
      const { references, stage, message, approvers, id: _, ...rest } = control;
      expect([references[0].location?.file, stage, message]).toEqual(['p.yaml', 'enforce', undefined]);
      expect(approvers).toEqual(id === 'breadth' ? ['role:lead'] : id === 'trifecta' ? ['role:security'] : undefined);
      return [id, rest];
    });
    expect(Object.fromEntries(shown)).toEqual(EXPECTED);
  });

  it.each([
    [
      'a known meter without its bound',
      '{ id: m, count: calls, per: [run] }',
      '/meters/0 expected `max`, the most that is allowed, got none',
    ],
    [
      'two measures',
      '{ id: m, count: calls, sum: cost, per: [run], max: 1 }',
      '/meters/0 expected exactly one of `count`, `sum`, `rate`, got an object',
    ],
    [
      'an unknown count',
      '{ id: m, count: call, per: [run], max: 1 }',
      '/meters/0/count expected `calls`, `failures`, `denials`, `open`, or `distinct` and a key, such as `distinct arguments.id`, got `call`',
    ],
    ['an unknown key', '{ id: m, count: calls, per: [user], max: 1 }', '/meters/0/per/0 expected a key: '],
    [
      'a key twice',
      '{ id: m, count: calls, per: [run, run], max: 1 }',
      '/meters/0/per expected a list of distinct keys, got an array of 2 items',
    ],
    [
      'a burst without a rate',
      '{ id: m, count: calls, per: [run], max: 1, burst: 2 }',
      '/meters/0/burst expected `burst` only beside `rate`, got it elsewhere',
    ],
    [
      'a bound beside a rate',
      '{ id: m, rate: 1/1s, per: [run], max: 1 }',
      '/meters/0/max expected `max` only beside `count` or `sum`, got it elsewhere',
    ],
    [
      'a window for what is under way',
      '{ id: m, count: open, per: [run], max: 1, within: 1m }',
      '/meters/0/within expected `within` only beside what a window can end: calls under way end by themselves, got it elsewhere',
    ],
    [
      'a queue for what is counted',
      '{ id: m, count: calls, per: [run], max: 1, queue: { depth: 1, wait: 1s } }',
      '/meters/0/queue expected `queue` only beside `count: open`, got it elsewhere',
    ],
    [
      'a reserve for what is counted',
      '{ id: m, count: calls, per: [run], max: 1, reserve: 1 }',
      '/meters/0/reserve expected `reserve` only beside a `sum` of what results tell: `cost`, `bytes`, `rows`, `tokens`, got it elsewhere',
    ],
    [
      'a reserve that nothing fits',
      '{ id: m, sum: rows, per: [run], max: 1, reserve: 2 }',
      '/meters/0/reserve expected at most `max`: else no call could go ahead, got more',
    ],
    [
      'a fraction of a count',
      '{ id: m, count: calls, per: [run], max: 1.5 }',
      '/meters/0/max expected a whole number, as it bounds a count, got a fraction',
    ],
    [
      'a negative bound',
      '{ id: m, sum: rows, per: [run], max: -1 }',
      '/meters/0/max expected a number, not negative, got a number',
    ],
    [
      'no rate',
      '{ id: m, rate: 60/0m, per: [run] }',
      '/meters/0/rate expected a rate such as `60/1m`: how many calls in how long, got `60/0m`',
    ],
    [
      'too long a window',
      '{ id: m, count: calls, per: [run], max: 1, within: 367d }',
      '/meters/0/within expected a duration such as `30s`, `10m`, `1h` or `7d`, over 0 and at most 366 d, got `367d`',
    ],
    [
      'an argument that no tool has',
      '{ id: m, match: { tool: customer.get }, count: distinct arguments.ids, per: [run], max: 1 }',
      '/meters/0/count expected an argument that a tool it is about declares, got `arguments.ids`, which none does',
    ],
    [
      'a key that no tool has',
      '{ id: m, count: calls, per: [arguments.nope], max: 1 }',
      '/meters/0/per/0 expected an argument that a tool it is about declares, got `arguments.nope`, which none does',
    ],
    [
      'a member that the argument has not',
      '{ id: m, match: { tool: customer.get }, count: calls, per: [arguments.id.x], max: 1 }',
      undefined,
    ],
    [
      'a sum of what is no number',
      '{ id: m, match: { tool: customer.get }, sum: arguments.id, per: [run], max: 1 }',
      '/meters/0/sum expected an argument that is a number, got `arguments.id`, which is none in a tool that it is about',
    ],
    [
      'approvers of what is not held',
      '{ id: m, count: calls, per: [run], max: 1, by: [role:lead] }',
      '/meters/0/by expected `by` only beside `then: hold`, got it elsewhere',
    ],
    ['a misspelt key', '{ id: m, count: calls, per: [run], maximum: 1 }', '/meters/0/maximum unknown key `maximum`'],
  ])('a meter with %s does not load', (_, text, expected) => {
    const issues = issuesOf(`meters: [${text}]`);
    if (expected === undefined) expect(issues).toEqual([]);
    else expect(issues[0]).toContain(expected);
  });

  it.each([
    [
      'what it needs missing',
      '{ id: b, on: failure, per: [run], open: 1m }',
      '/breakers/0 missing key `rate`: `on: failure` needs it',
    ],
    [
      'what another needs',
      '{ id: b, on: denial, after: 2, of: 3, per: [run], open: 1m }',
      '/breakers/0/of expected `of` only beside `on: failure` or `on: latency`, got it elsewhere',
    ],
    [
      'a window that nothing reads',
      '{ id: b, on: denial, after: 2, within: 1m, per: [run], open: 1m }',
      '/breakers/0/within expected `within` only beside `on: failure`, got it elsewhere',
    ],
    [
      'volatile arguments that no key has',
      '{ id: b, on: denial, after: 2, per: [run], open: 1m, volatile: [id] }',
      '/breakers/0/volatile expected `volatile` only with `arguments` in `per`, got it elsewhere',
    ],
    [
      'volatile arguments that no tool has',
      '{ id: b, on: denial, after: 2, per: [arguments], open: 1m, volatile: [nope] }',
      '/breakers/0/volatile/0 expected an argument that a tool it is about declares, got one that is not',
    ],
    [
      'no share',
      '{ id: b, on: failure, rate: 120%, of: 3, per: [run], open: 1m }',
      '/breakers/0/rate expected a share such as `75%`, over 0 and at most 100, got `120%`',
    ],
  ])('a breaker with %s does not load', (_, text, expected) => {
    expect(issuesOf(`breakers: [${text}]`)[0]).toContain(expected);
  });

  it.each([
    [
      'a sink that no tool has',
      '{ id: f, seen: [private], sink: externl }',
      '/flows/0/sink expected a `sink` that a tool has: `external`, got `externl`',
    ],
    [
      'a label that nothing brings',
      '{ id: f, seen: [privat], sink: external }',
      '/flows/0/seen/0 expected a label that a tool brings, or `untrusted`: `private`, `untrusted`, got `privat`',
    ],
    [
      'evidence that counts for less',
      '{ id: f, seen: [private], sink: external, carried: hold }',
      '/flows/0/carried expected at least as strict as `then`, got `hold` beside `deny`',
    ],
  ])('a flow with %s does not load', (_, text, expected) => {
    expect(issuesOf(`flows: [${text}]`)[0]).toContain(expected);
  });

  it.each([
    [
      'a plan that nothing makes',
      'apply: { plan: deploi, id: p }',
      '/servers/s/tools/t/apply/plan expected a plan that a tool makes: `deploy`, got `deploi`',
    ],
    [
      'a plan id that it does not take',
      'apply: { plan: deploy, id: nope }',
      '/servers/s/tools/t/apply/id expected an argument that the tool declares, got `nope`, which it does not',
    ],
    [
      'what the plan is not made from',
      'apply: { plan: deploy, id: p, same: { p: arguments.nope } }',
      '/servers/s/tools/t/apply/same/p expected an argument that the tool of the plan declares, got `arguments.nope`, which it does not',
    ],
    [
      'a key that it does not take',
      'idempotency: { key: nope }',
      '/servers/s/tools/t/idempotency/key expected an argument that the tool declares, got `nope`, which it does not',
    ],
    [
      'a pause without retries',
      'idempotency: { key: p, backoff: 1s }',
      '/servers/s/tools/t/idempotency/backoff expected `backoff` only beside `retries`, got it without',
    ],
    [
      'a label to lift that nothing brings',
      'declassifies: [privat]',
      '/servers/s/tools/t/declassifies/0 expected a label that a tool brings, or `untrusted`: `untrusted`, got `privat`',
    ],
    [
      'a cost that is none',
      'cost: {}',
      '/servers/s/tools/t/cost expected at least one of `perCall`, `perKiB`, `at`, got an object',
    ],
    [
      'plan and apply',
      'plan: { name: x, id: /i, ttl: 1m }, apply: { plan: deploy, id: p }',
      '/servers/s/tools/t/plan expected `plan` or `apply`, got both',
    ],
  ])('a tool with %s does not load', (_, text, expected) => {
    const servers = `
servers:
  s:
    tools:
      t: { ring: 2, arguments: { p: { type: string } }, ${text} }
      planner: { ring: 1, arguments: { q: { type: string } }, plan: { name: deploy, id: /id, ttl: 1m } }
`;
    expect(issuesOf('', servers)[0]).toContain(expected);
  });

  it('sum costs only where something costs', () => {
    const servers = 'servers: { s: { tools: { t: { ring: 0 } } } }\n';
    expect(issuesOf('meters: [{ id: m, sum: cost, per: [], max: 1 }]', servers)).toEqual([
      '/meters/0/sum expected a `cost` on a tool or a server, got a policy without any',
    ]);
    expect(
      issuesOf('meters: [{ id: m, count: open, per: [], max: 1, degrade: { from: 50%, cost: 1 } }]', servers),
    ).toEqual(['/meters/0/degrade expected a `cost` on a tool or a server, got a policy without any']);
  });

  it('have ids that rules, meters, breakers and flows share', () => {
    const controls = `rules: [{ id: a, deny: "false" }]
meters: [{ id: a, count: calls, per: [run], max: 1 }, { id: b, count: calls, per: [run], max: 1 }]
breakers: [{ id: b, on: denial, after: 2, per: [run], open: 1m }]
flows: [{ id: b, seen: [private], sink: external }]`;
    expect(issuesOf(controls).map((issue) => issue.split(' ')[0])).toEqual([
      '/meters/0/id',
      '/breakers/0/id',
      '/flows/0/id',
    ]);
  });

  it('are in the JSON Schema', () => {
    const properties = policyJsonSchema()['properties'];
    expect(Object.keys(properties as object)).toEqual(expect.arrayContaining(['meters', 'breakers', 'flows']));
  });

  it('leave a policy without them as it was: nothing is asked, and no history is needed', () => {
    const policy = compilePolicy({
      callgate: 1,
      name: 'x',
      version: '1',
      servers: { s: { tools: { t: { ring: 0 } } } },
    });
    const call = {
      server: 's',
      direction: 'client-to-server',
      method: 'tools/call',
      params: { name: 't' },
      principal: {},
    } as const;
    const history = new ScriptedHistory();
    expect(decide(policy, call, { history }).effect).toBe('allow');
    expect(decide(policy, call).effect).toBe('allow');
    expect(history.asked).toEqual([]);
  });
});
