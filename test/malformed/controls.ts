import type { BreakerDocument, FlowDocument, MeterDocument, ToolDocument } from '@callgate/policy';

/** A control that loads. */
export interface ControlRow {
  readonly list: 'meters' | 'breakers' | 'flows';
  readonly control: MeterDocument | BreakerDocument | FlowDocument;
}

const SHARED = {
  id: 'c',
  match: { server: 's', tool: 't', ring: 2, effect: 'write', labels: 'private', who: { users: ['ada'] } },
  then: 'hold',
  by: ['role:lead'],
  message: 'enough',
  owner: 'ops',
  stage: 'enforce',
} as const;

/** One of every kind, with every key that it takes. */
export const CONTROLS: readonly ControlRow[] = [
  {
    list: 'meters',
    control: { ...SHARED, count: 'distinct arguments.v', per: ['run'], within: '1h', soft: 3, max: 4 },
  },
  { list: 'meters', control: { ...SHARED, sum: 'rows', per: ['run'], within: '1h', max: 4, reserve: 1 } },
  { list: 'meters', control: { ...SHARED, rate: '60/1m', burst: 2, per: ['principal.user'] } },
  {
    list: 'meters',
    control: {
      ...SHARED,
      count: 'open',
      per: ['server'],
      max: 8,
      queue: { depth: 2, wait: '1s' },
      degrade: { from: '75%', cost: 1 },
    },
  },
  {
    list: 'breakers',
    control: { ...SHARED, on: 'denial', per: ['run', 'arguments'], volatile: ['v'], after: 3, open: '5m', halfOpen: 2 },
  },
  {
    list: 'breakers',
    control: { ...SHARED, on: 'failure', per: ['tool'], rate: '50%', of: 20, within: '1h', open: '1m' },
  },
  {
    list: 'breakers',
    control: { ...SHARED, on: 'latency', per: ['tool'], percentile: '95%', over: '2s', of: 20, open: '1m' },
  },
  { list: 'breakers', control: { ...SHARED, on: 'cycle', per: ['run'], length: 4, after: 3, open: '1m' } },
  { list: 'flows', control: { ...SHARED, seen: ['private', 'untrusted'], sink: 'external', carried: 'deny' } },
];

/** What a tool says about many calls, with values that load. */
export const TOOL_KEYS = {
  sink: 'external',
  declassifies: ['private'],
  idempotency: { key: 'v', inject: true, within: '24h', retries: 2, backoff: '1s' },
  cost: { perCall: 1, perKiB: 2, at: '/cost' },
} as const satisfies Partial<ToolDocument>;

/** What besides is a good value of a key, wherever it stands. */
export const ALSO: Readonly<Record<string, readonly string[]>> = {
  // without any key there is one state for everything
  per: ['an empty list'],
  // without any dimension it is about every tool call
  match: ['an empty object'],
  ring: ['minus zero'],
  max: ['minus zero', 'a number under the smallest step'],
  soft: ['minus zero'],
  reserve: ['minus zero', 'a number under the smallest step'],
  retries: ['minus zero'],
  inject: ['true', 'false'],
  cost: ['minus zero', 'a number under the smallest step'],
  perCall: ['minus zero', 'a number under the smallest step'],
  perKiB: ['minus zero', 'a number under the smallest step'],
};
