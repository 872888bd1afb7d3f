import type { Attempt } from '@callgate/breaker';
import type { Instant, JsonObject } from '@callgate/canonical';
import { decide, type Call, type CompiledPolicy, type Decision, type Direction } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import type { Verdict } from '../codes.ts';
import { historyNeeds } from '../history/history-needs.ts';
import { knownArguments } from '../history/known-arguments.ts';
import { callOf, type Link } from './link.ts';

/** What policy was asked about a message, when, and what it said. */
export interface Asked {
  readonly policy: CompiledPolicy;
  readonly call: Call;
  readonly at: Instant;
  readonly decision: Decision;
  /**
   * What the controls judged: to be reserved when the message goes ahead, dropped when it is refused. Left alone, nothing
   * happened. Undefined where the policy counts nothing.
   */
  readonly attempt: Attempt | undefined;
  /** Labels of content from quarantine among the arguments. */
  readonly carries: readonly string[];
}

const NONE: readonly string[] = Object.freeze([]);

/** Asks policy about one message, now. Its answer holds until something else is counted: act on it without waiting in between. */
export function askPolicy(
  link: Link,
  direction: Direction,
  method: string,
  params: JsonObject,
  about: { readonly actor: Actor; readonly request: string; readonly carries?: readonly string[] },
): Asked {
  const { clock, history, policy } = link.gate;
  const { carries = NONE } = about;
  const call = callOf(link, direction, method, params, about.actor);
  const at = clock.now();
  const attempt = historyNeeds(policy).any
    ? history.attempt(about.request, at, knownArguments(policy, call, carries))
    : undefined;
  return { policy, call, at, attempt, carries, decision: decide(policy, call, { now: at, history: attempt }) };
}

/** Counts a message that is over as soon as it is decided on: nothing tells how it ended. */
export function countMessage(link: Link, { attempt, at }: Asked, verdict: Pick<Verdict, 'effect' | 'code'>): void {
  if (attempt === undefined) return;
  if (verdict.effect === 'allow') {
    attempt.reserve();
    link.gate.history.note(attempt.id, attempt.settle(ENDED, at));
  } else {
    link.gate.history.note(attempt.id, attempt.drop(verdict.code));
  }
}

const ENDED = Object.freeze({ outcome: 'ok', durationMs: 0, bytes: 0 } as const);
