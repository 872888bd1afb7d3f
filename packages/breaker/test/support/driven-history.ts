import type { Instant, JsonObject } from '@callgate/canonical';
import type { Control, ControlledCall, ControlVerdict } from '@callgate/policy';

import { createCallFacts, type CallFacts } from '../../src/call-facts.ts';
import {
  createHistory,
  type CallOutcome,
  type History,
  type HistoryLimits,
  type OutcomeKind,
} from '../../src/index.ts';

/** A call under way, as the tests hold it. */
export interface Reservation {
  settle(outcome: OutcomeKind | CallOutcome): void;
  release(): void;
}

/** A history with a clock, and calls that are judged and reserved apart, so that tests can put whatever they like in between. */
export class DrivenHistory {
  now: Instant = 1_000_000;
  readonly #limits: Partial<HistoryLimits>;
  history: History;

  constructor(limits: Partial<HistoryLimits> = {}) {
    this.#limits = limits;
    this.history = createHistory({ limits });
  }

  judge(control: Control, { id, call, known }: CallFacts): ControlVerdict {
    return this.history.attempt(id, this.now, known).judge(control, call);
  }

  /** The call goes ahead, whatever the controls say. */
  reserve(controls: readonly Control[], { id, call, known }: CallFacts): Reservation {
    const attempt = this.history.attempt(id, this.now, known);
    for (const control of controls) attempt.judge(control, call);
    attempt.reserve();
    return {
      settle: (outcome) => {
        attempt.settle(typeof outcome === 'string' ? { outcome, durationMs: 1, bytes: 2 } : outcome, this.now);
      },
      release: () => {
        attempt.release(this.now);
      },
    };
  }

  /** As after a restart: what was under way is in doubt, and its calls will not be heard of again. */
  restart(): void {
    const snapshot = JSON.parse(JSON.stringify(this.history.snapshot())) as JsonObject;
    this.history = createHistory({ limits: this.#limits, snapshot });
  }

  /** Whether nothing is kept. */
  get isEmpty(): boolean {
    return (this.history.snapshot() as { readonly spaces: readonly unknown[] }).spaces.length === 0;
  }
}

let calls = 0;

/** A call with an id of its own. */
export function factsOf(
  args: JsonObject,
  call: Partial<Omit<ControlledCall, 'args'>> & { readonly id?: string; readonly decoded?: readonly string[] } = {},
): CallFacts {
  const { id, decoded, ...others } = call;
  calls += 1;
  const full: ControlledCall = {
    server: 'crm',
    trust: 'internal',
    method: 'tools/call',
    tool: 'tool',
    args,
    principal: { user: 'ana', tenant: 'acme' },
    runs: ['run'],
    now: 0,
    ring: 1,
    effect: 'read',
    cost: undefined,
    ...others,
  };
  return createCallFacts(id ?? `call-${calls}`, full, undefined, { decoded });
}

/** What every control has. */
export const CONTROL_BASE = {
  stage: 'enforce',
  then: 'deny',
  approvers: undefined,
  message: undefined,
  references: [{ rule: '/' }],
} as const;

/** The code of a verdict that stands against the call, or its effect. */
export function codeOf(verdict: ControlVerdict): string {
  return 'code' in verdict ? verdict.code : verdict.effect;
}
