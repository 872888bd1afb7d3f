import type { Instant, JsonObject } from '@callgate/canonical';
import type {
  BreakerControl,
  Control,
  ControlledCall,
  ControlVerdict,
  MeterControl,
  Principal,
  RateControl,
} from '@callgate/policy';

import type { CallOutcome } from '../../src/call-outcome.ts';
import type { History } from '../../src/history.ts';

const BASE = {
  stage: 'enforce',
  then: 'deny',
  approvers: undefined,
  message: undefined,
  references: [{ id: 'control', pointer: '' }],
} as unknown as Pick<MeterControl, 'stage' | 'then' | 'approvers' | 'message' | 'references'>;

/** A meter: five calls for each run, unless told otherwise. */
export function meter(changes: Partial<MeterControl> = {}): MeterControl {
  return {
    ...BASE,
    kind: 'meter',
    id: 'meter',
    measure: { of: 'calls' },
    per: [{ by: 'run' }],
    withinMs: undefined,
    soft: undefined,
    max: 5,
    reserve: 0,
    overload: { kind: 'fail' },
    degrade: undefined,
    ...changes,
  };
}

/** A rate: sixty calls a minute, ten at once, for each user, unless told otherwise. */
export function rate(changes: Partial<RateControl> = {}): RateControl {
  return { ...BASE, kind: 'rate', id: 'rate', per: [{ by: 'user' }], max: 60, withinMs: 60_000, burst: 10, ...changes };
}

/** A breaker: three identical failures of one call in a run, open for a minute, one probe, unless told otherwise. */
export function breaker(changes: Partial<BreakerControl> = {}): BreakerControl {
  return {
    ...BASE,
    kind: 'breaker',
    id: 'breaker',
    trip: { on: 'identical failure', after: 3 },
    per: [{ by: 'run' }, { by: 'tool' }, { by: 'arguments', volatile: [] }],
    openMs: 60_000,
    halfOpen: 1,
    ...changes,
  };
}

/** A call of a tool in the run `r1`, unless told otherwise. */
export function callOf(changes: Partial<ControlledCall> = {}): ControlledCall {
  return {
    server: 'crm',
    trust: 'internal',
    method: 'tools/call',
    tool: 'customer.get',
    args: {} satisfies JsonObject,
    principal: { user: 'u1', tenant: 't1' } satisfies Principal,
    runs: ['r1'],
    now: 0,
    ring: 1,
    effect: 'read',
    cost: undefined,
    ...changes,
  };
}

/** A good end, unless told otherwise. */
export function ended(changes: Partial<CallOutcome> = {}): CallOutcome {
  return { outcome: 'ok', durationMs: 10, bytes: 100, ...changes };
}

/** Judges the call by all controls: reserves and settles it if all allow it, else drops it. What the first that does not said, or allow. */
export function run(
  history: History,
  controls: readonly Control[],
  now: Instant,
  call: ControlledCall = callOf(),
  outcome: CallOutcome = ended(),
): ControlVerdict {
  const attempt = history.attempt('a', now);
  const verdicts = controls.map((control) => attempt.judge(control, call));
  const refusal = verdicts.find(({ effect }) => effect !== 'allow');
  if (refusal === undefined) {
    attempt.reserve();
    attempt.settle(outcome, now);
  } else {
    attempt.drop('code' in refusal ? refusal.code : '');
  }
  return refusal ?? verdicts.find((verdict) => 'soft' in verdict) ?? { effect: 'allow' };
}
