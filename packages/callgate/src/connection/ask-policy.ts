import type { Instant, JsonObject } from '@callgate/canonical';
import { decide, type Call, type Decision, type Direction } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import { callOf, type Link } from './link.ts';

/** What policy was asked about a message, when, and what it said. */
export interface Asked {
  readonly call: Call;
  readonly at: Instant;
  readonly decision: Decision;
}

/** Asks policy about one message, now. */
export function askPolicy(link: Link, direction: Direction, method: string, params: JsonObject, actor: Actor): Asked {
  const call = callOf(link, direction, method, params, actor);
  const at = link.gate.clock.now();
  return { call, at, decision: decide(link.gate.policy, call, { now: at }) };
}
