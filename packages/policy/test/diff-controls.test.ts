import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  diffPolicies,
  type BreakerDocument,
  type CompiledPolicy,
  type DiffItem,
  type FlowDocument,
  type MeterDocument,
  type PolicyDocument,
  type ToolDocument,
} from '../src/index.ts';

const GET: ToolDocument = { ring: 1, arguments: { id: { type: 'string' } }, labels: ['private'], cost: 1 };
const SEND: ToolDocument = {
  ring: 2,
  arguments: { to: { type: 'string' }, key: { type: 'string', optional: true } },
  sink: 'external',
};

function policyWith(
  controls: Partial<PolicyDocument>,
  tools: Readonly<Record<string, ToolDocument>> = {},
): CompiledPolicy {
  const servers = { crm: { trust: 'internal', tools: { get: GET, send: SEND, ...tools } } } as const;
  return compilePolicy({ callgate: 1, name: 'p', version: '1', servers, ...controls });
}

function itemsOf(before: CompiledPolicy, after: CompiledPolicy): readonly DiffItem[] {
  return diffPolicies(before, after).items;
}

const METER: MeterDocument = {
  id: 'c',
  match: { tool: ['get', 'send'] },
  count: 'calls',
  per: ['run'],
  within: '1h',
  max: 10,
};
const RATE: MeterDocument = { id: 'c', rate: '60/1m', burst: 5, per: ['run'] };
const OPEN: MeterDocument = {
  id: 'c',
  count: 'open',
  per: ['run'],
  max: 8,
  queue: { depth: 10, wait: '5s' },
  degrade: { from: '75%', cost: 5 },
};
const SUM: MeterDocument = { id: 'c', sum: 'rows', per: ['run'], max: 100, reserve: 10 };
const DENIAL: BreakerDocument = {
  id: 'c',
  on: 'denial',
  per: ['arguments', 'run'],
  volatile: ['key'],
  after: 3,
  open: '5m',
};
const FAILURE: BreakerDocument = { id: 'c', on: 'failure', per: ['tool'], rate: '50%', of: 20, open: '30s' };
const LATENCY: BreakerDocument = {
  id: 'c',
  on: 'latency',
  per: ['tool'],
  percentile: '95%',
  over: '2s',
  of: 20,
  open: '30s',
};
const CYCLE: BreakerDocument = { id: 'c', on: 'cycle', per: ['run'], length: 4, after: 3, open: '5m' };
const FLOW: FlowDocument = { id: 'c', seen: ['private', 'untrusted'], sink: 'external', then: 'hold', carried: 'deny' };

type AnyControl = MeterDocument | BreakerDocument | FlowDocument;

function withControl(control: AnyControl): CompiledPolicy {
  if ('seen' in control) return policyWith({ flows: [control] });
  return policyWith('on' in control ? { breakers: [control] } : { meters: [control] });
}

describe('a difference in a control', () => {
  it.each<[string, AnyControl, Partial<MeterDocument & BreakerDocument & FlowDocument>, string]>([
    ['a higher bound', METER, { max: 11 }, 'widened'],
    ['a lower bound', METER, { max: 9 }, 'narrowed'],
    ['a shorter window', METER, { within: '59m' }, 'widened'],
    ['a longer window', METER, { within: '2h' }, 'narrowed'],
    ['the same window in other words', METER, { within: '60m' }, 'changed'],
    ['hold instead of deny', METER, { then: 'hold' }, 'widened'],
    ['fewer matches', METER, { match: { tool: 'get' } }, 'widened'],
    ['more matches', METER, { match: {} }, 'narrowed'],
    ['other matches', METER, { match: { tool: ['get', 'x'] } }, 'unknown'],
    ['other keys', METER, { per: ['tool'] }, 'unknown'],
    ['another measure', METER, { count: 'failures' }, 'unknown'],
    ['a soft limit', METER, { soft: 5 }, 'changed'],
    ['other words', METER, { message: 'enough', owner: 'ops' }, 'changed'],
    ['only observing', METER, { stage: 'observe' }, 'widened'],
    ['a bound that goes up and a window that gets longer', METER, { max: 20, within: '2h' }, 'widened'],
    ['a faster rate', RATE, { rate: '61/1m' }, 'widened'],
    ['a slower rate', RATE, { rate: '59/1m' }, 'narrowed'],
    ['the same rate', RATE, { rate: '1/1s' }, 'changed'],
    ['a longer burst', RATE, { burst: 6 }, 'widened'],
    ['a longer queue', OPEN, { queue: { depth: 11, wait: '5s' } }, 'widened'],
    ['a shorter queue in which calls wait longer', OPEN, { queue: { depth: 9, wait: '6s' } }, 'unknown'],
    ['later degrading', OPEN, { degrade: { from: '80%', cost: 5 } }, 'widened'],
    ['earlier degrading', OPEN, { degrade: { from: '75%', cost: 4 } }, 'narrowed'],
    ['less in reserve', SUM, { reserve: 5 }, 'widened'],
    ['a breaker that trips later', DENIAL, { after: 4 }, 'widened'],
    ['a breaker that trips sooner', DENIAL, { after: 2 }, 'narrowed'],
    ['a breaker that opens for longer', DENIAL, { open: '6m' }, 'narrowed'],
    ['fewer volatile arguments', DENIAL, { volatile: ['to'] }, 'unknown'],
    ['more volatile arguments', DENIAL, { volatile: ['key', 'to'] }, 'narrowed'],
    ['more probes', DENIAL, { halfOpen: 2 }, 'unknown'],
    ['a higher share of failures', FAILURE, { rate: '60%' }, 'widened'],
    ['another number of calls', FAILURE, { of: 10 }, 'unknown'],
    ['a higher percentile', LATENCY, { percentile: '99%' }, 'narrowed'],
    ['a longer duration', LATENCY, { over: '3s' }, 'widened'],
    ['shorter cycles', CYCLE, { length: 3 }, 'widened'],
    ['fewer labels to have seen', FLOW, { seen: ['private'] }, 'narrowed'],
    ['evidence that counts for less', FLOW, { carried: 'hold' }, 'widened'],
    ['a flow that denies', FLOW, { then: 'deny' }, 'narrowed'],
    ['approvers of a flow', FLOW, { by: ['role:security'] }, 'narrowed'],
  ])('%s', (_, before, change, direction) => {
    const items = itemsOf(withControl(before), withControl({ ...before, ...change } as AnyControl));
    expect(items.map((item) => item.direction)).toEqual([direction]);
    expect(items[0]).toMatchObject({ server: null, name: 'c', status: 'modified', flips: [] });
    expect(items[0]?.reasons.length).toBe(direction === 'unknown' ? 1 : 0);
  });

  it('is said of what is added and taken out, in the subject it is about', () => {
    for (const [control, subject] of [
      [METER, 'meter'],
      [DENIAL, 'breaker'],
      [FLOW, 'flow'],
    ] as const) {
      const [none, one] = [policyWith({}), withControl(control)];
      expect(itemsOf(none, one)).toMatchObject([{ subject, status: 'added', direction: 'narrowed' }]);
      expect(itemsOf(one, none)).toMatchObject([{ subject, status: 'removed', direction: 'widened' }]);
    }
    const observed = withControl({ ...METER, stage: 'observe' });
    expect(itemsOf(observed, policyWith({}))).toMatchObject([{ direction: 'changed' }]);
  });

  it('is not made by another order', () => {
    const other = { ...METER, id: 'd' };
    const diff = diffPolicies(policyWith({ meters: [METER, other] }), policyWith({ meters: [other, METER] }));
    expect(diff.verdict).toBe('same');
  });

  it('is unknown where one kind of control becomes another of the same id', () => {
    expect(itemsOf(withControl(METER), withControl(DENIAL))).toMatchObject([{ direction: 'widened' }]);
  });

  it('leaves other differences to be shown by calls', () => {
    const [before, after] = [
      policyWith({ meters: [METER] }),
      policyWith(
        { meters: [METER] },
        { get: { ...GET, arguments: { id: { type: 'string' }, all: { type: 'boolean', optional: true } } } },
      ),
    ];
    expect(itemsOf(before, after)).toMatchObject([
      { subject: 'tool', name: 'get', direction: 'widened', flips: [{ kind: 'newly-allowed' }] },
    ]);
  });
});

describe('a difference in what a tool says about many calls', () => {
  const planner: ToolDocument = {
    ring: 1,
    arguments: { changes: { type: 'string' } },
    plan: { name: 'deploy', id: '/id', ttl: '15m' },
  };
  const applier: ToolDocument = {
    ring: 2,
    arguments: { id: { type: 'string' }, changes: { type: 'string' }, other: { type: 'string' } },
    apply: { plan: 'deploy', id: 'id', same: { changes: 'arguments.changes' } },
  };
  const { apply: _, ...applierWithout } = applier;
  const keyed: ToolDocument = { ...SEND, idempotency: { key: 'key' } };
  const { sink: _sink, ...withoutSink } = SEND;
  const masked: ToolDocument = { ring: 1, arguments: { id: { type: 'string' } } };

  it.each<[string, ToolDocument, ToolDocument, string]>([
    ['a sink that is none any more', SEND, withoutSink, 'widened'],
    ['another sink', SEND, { ...SEND, sink: 'internal' }, 'unknown'],
    [
      'a label that it does not bring any more',
      { ...masked, labels: ['private', 'x'] },
      { ...masked, labels: ['private'] },
      'widened',
    ],
    ['a label that it brings', masked, { ...masked, labels: ['private'] }, 'narrowed'],
    ['a label that it lifts', masked, { ...masked, declassifies: ['private'] }, 'widened'],
    ['no key any more', keyed, SEND, 'widened'],
    ['a key', SEND, keyed, 'narrowed'],
    ['a key that may be injected', keyed, { ...keyed, idempotency: { key: 'key', inject: true } }, 'widened'],
    ['another key', keyed, { ...keyed, idempotency: { key: 'to' } }, 'unknown'],
    ['a key that is remembered for longer', keyed, { ...keyed, idempotency: { key: 'key', within: '2d' } }, 'narrowed'],
    ['a plan that lasts longer', planner, { ...planner, plan: { name: 'deploy', id: '/id', ttl: '20m' } }, 'widened'],
    ['no plan needed any more', applier, applierWithout, 'widened'],
    [
      'more that must be the same',
      applier,
      { ...applier, apply: { plan: 'deploy', id: 'id', same: { changes: 'arguments.changes', other: 'result.x' } } },
      'narrowed',
    ],
    ['less that must be the same', applier, { ...applier, apply: { plan: 'deploy', id: 'id' } }, 'widened'],
    ['a call that costs less', { ...masked, cost: 2 }, { ...masked, cost: 1 }, 'widened'],
    ['a call that costs more', { ...masked, cost: 2 }, { ...masked, cost: { perCall: 2, perKiB: 1 } }, 'narrowed'],
    ['a cost that a result tells', { ...masked, cost: 2 }, { ...masked, cost: { at: '/cost' } }, 'unknown'],
  ])('%s', (_name, before, after, direction) => {
    // the others stay as they are
    const others = { also: SEND, plan2: planner };
    const flows = { flows: [{ id: 'f', seen: ['private'], sink: 'external' }] };
    const diff = diffPolicies(policyWith(flows, { ...others, t: before }), policyWith(flows, { ...others, t: after }));
    expect(diff.items.map(({ subject, name, direction: way }) => [subject, name, way])).toEqual([
      ['tool', 't', direction],
    ]);
  });

  it('counts nothing where no flow looks at it', () => {
    const diff = diffPolicies(policyWith({}, { t: SEND }), policyWith({}, { t: { ...masked, ...SEND, sink: 'x' } }));
    expect(diff.verdict).toBe('changed');
  });

  it('is seen where an entry goes and a pattern judges the tool instead', () => {
    const pattern = { 'send_*': SEND };
    const diff = diffPolicies(policyWith({}, { ...pattern, send_it: keyed }), policyWith({}, pattern));
    expect(diff.verdict).toBe('unknown');
  });

  it('is seen where the server says what a call costs', () => {
    const of = (cost: number): CompiledPolicy =>
      compilePolicy({
        callgate: 1,
        name: 'p',
        version: '1',
        servers: { s: { cost, tools: { t: { ring: 0 } } } },
        meters: [{ id: 'm', sum: 'cost', per: ['run'], max: 5 }],
      });
    expect(diffPolicies(of(2), of(1)).verdict).toBe('widened');
    expect(diffPolicies(of(1), of(2)).verdict).toBe('narrowed');
  });
});
