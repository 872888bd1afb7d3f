import { canonicalize, digestJson, type Instant } from '@callgate/canonical';

import { decide } from '../decide/decide.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { HistoryView } from '../history/history-view.ts';
import { utf8Length } from '../internal/utf8-length.ts';
import type { GivenCall, GivenOutcome } from './types.ts';

/** One call, from its decision to its end. `@callgate/breaker`'s attempts are such. */
export interface SuiteAttempt extends HistoryView {
  /** The call goes ahead. */
  reserve(): void;
  /** It was refused, with this code. */
  drop(code: string): unknown;
  /** It ended so. After `reserve`. */
  settle(outcome: GivenOutcome, now: Instant): unknown;
}

/** A history that a suite's earlier calls are told to. `createHistory()` of `@callgate/breaker` gives one. */
export interface SuiteHistory {
  attempt(id: string, now: Instant | undefined): SuiteAttempt;
}

/** What a suite is run with. */
export interface SuiteOptions {
  /** Makes a history for each case, in which nothing has happened. Default: none, and what controls are about is denied. */
  readonly history?: (() => SuiteHistory) | undefined;
}

/** Tells a history the earlier calls of a case, in their order. In words, what of them did not go as the case says. */
export function tellGiven(
  given: readonly GivenCall[],
  policy: CompiledPolicy,
  history: SuiteHistory,
): readonly string[] {
  return given.flatMap(({ call, at, outcome, name }, index): readonly string[] => {
    const attempt = history.attempt(`given-${index + 1}`, at);
    const decision = decide(policy, call, { now: at, history: attempt });
    if (decision.effect !== 'allow') {
      attempt.drop(decision.code);
      return outcome === 'denied' ? [] : [`expected the earlier ${name} to be allowed, got \`${decision.code}\``];
    }
    attempt.reserve();
    if (outcome === 'denied') {
      attempt.settle(ENDED, at);
      return [`expected the earlier ${name} to be refused, and it was allowed`];
    }
    attempt.settle(measured(outcome), at + outcome.durationMs);
    return [];
  });
}

const ENDED: GivenOutcome = { outcome: 'ok', durationMs: 0, bytes: 0 };

/** An outcome with what follows from its result. */
function measured(outcome: GivenOutcome): GivenOutcome {
  const { result } = outcome;
  if (result === undefined) return outcome;
  return { ...outcome, bytes: utf8Length(canonicalize(result)), resultDigest: digestJson(result) };
}
