import { createHistory, type Attempt, type History, type HistoryChange } from '@callgate/breaker';
import { own, type Instant } from '@callgate/canonical';
import { decide, type CompiledPolicy, type Decision } from '@callgate/policy';
import { countEnded, knownArguments } from 'callgate';

import { OpenRequests } from '../input/open-requests.ts';
import { judged } from './flip.ts';
import type { RecordedEnd } from './recorded-end.ts';
import { callFor, type ReplayCall } from './replay-call.ts';

/** A call that this policy let go ahead, until it ends. */
interface Ahead {
  readonly attempt: Attempt;
  readonly replayed: ReplayCall;
  readonly decision: Decision;
  readonly now: Instant | undefined;
}

/** What a policy says of a call, and what that did to its history. */
export interface ReplayedDecision {
  readonly decision: Decision;
  readonly changes: readonly HistoryChange[];
}

/** How a policy is replayed. */
export interface PolicyReplayOptions {
  /** What the environment is called, for controls that keep count by it. */
  readonly environment: string | undefined;
  /** Whether what a stage only observes is enforced. */
  readonly asEnforced: boolean;
}

/**
 * One policy over a log, with the history that its own decisions make.
 *
 * What it lets go ahead is reserved until the log says how it ended; what it denies or holds is a denial, and how that ended then is left
 * out, for it would not have happened. Memory does not grow with the log: the history has its bounds, and so have calls under way.
 */
export class PolicyReplay {
  readonly policy: CompiledPolicy;
  readonly #history: History;
  readonly #asEnforced: boolean;
  readonly #ahead = new OpenRequests<Ahead>();

  constructor(policy: CompiledPolicy, { environment, asEnforced }: PolicyReplayOptions) {
    this.policy = policy;
    this.#asEnforced = asEnforced;
    this.#history = createHistory(environment === undefined ? {} : { environment });
  }

  /**
   * Decides one call. Calls come in the order in which they were decided.
   *
   * @param id names the call where a later decision speaks of it
   */
  decide(replayed: ReplayCall, id: string, now: Instant | undefined): ReplayedDecision {
    const call = callFor(replayed, this.policy);
    const attempt = this.#history.attempt(id, now, knownArguments(this.policy, call, replayed.carries));
    const decision = decide(this.policy, call, { now, history: attempt });
    const { effect, code } = judged(decision, this.#asEnforced);
    if (effect !== 'allow') return { decision, changes: attempt.drop(code ?? decision.code) };
    const { refused, end } = replayed;
    if (refused !== null && !isAfterReserving(replayed)) return { decision, changes: attempt.drop(refused) };
    attempt.reserve();
    const ahead = { attempt, replayed, decision, now };
    if (refused !== null) return { decision, changes: released(ahead) };
    if (end === 'never') return { decision, changes: attempt.settle(EMPTY, now ?? 0) };
    if (end !== 'later') return { decision, changes: this.#settle(ahead, end) };
    const forgotten = this.#ahead.add(id, ahead);
    return { decision, changes: forgotten === undefined ? [] : forgotten.attempt.settle(UNKNOWN, now ?? 0) };
  }

  /** The call with this id ended. Of no account where this policy did not let it go ahead. */
  end(id: string, end: RecordedEnd): readonly HistoryChange[] {
    const ahead = this.#ahead.take(id);
    return ahead === undefined ? [] : this.#settle(ahead, end);
  }

  #settle(ahead: Ahead, end: RecordedEnd): readonly HistoryChange[] {
    const { attempt, replayed, decision, now } = ahead;
    const at = end.at ?? (now ?? 0) + end.durationMs;
    if (!wentAhead(replayed, end)) return attempt.settle(EMPTY, at);
    const { server, method, params } = replayed.call;
    const name = method === 'tools/call' ? own(params, 'name') : undefined;
    const { outcome } = countEnded({
      policy: this.policy,
      server,
      tool: typeof name === 'string' ? name : undefined,
      rules: decision.obligations.result,
      outcome: end.outcome,
      code: end.code,
      durationMs: end.durationMs,
      found: end.found,
      get response() {
        return end.response;
      },
      get result() {
        return end.result;
      },
    });
    return outcome === undefined ? released(ahead, at) : attempt.settle(outcome, at);
  }
}

/** What nobody noted the end of, because it did not go ahead then, is taken to succeed and to bring nothing. */
const EMPTY = Object.freeze({ outcome: 'ok', durationMs: 0, bytes: 0 } as const);
const UNKNOWN = Object.freeze({ outcome: 'unknown', durationMs: 0, bytes: 0 } as const);

function released({ attempt, now }: Ahead, at: Instant = now ?? 0): readonly HistoryChange[] {
  attempt.release(at);
  return [];
}

/** Whether a call went ahead when it was recorded, so that what is noted of its end is of that. */
export function wentAhead({ earlier }: ReplayCall, { outcome }: RecordedEnd): boolean {
  return earlier === null ? outcome !== 'denied' : earlier.effect === 'allow';
}

/** Whether a log has, or will have, the outcome of a call that went ahead. */
export function hadGoneAhead(replayed: ReplayCall): boolean {
  const { end, earlier, refused } = replayed;
  if (refused !== null || end === 'never') return false;
  return end === 'later' ? earlier?.effect === 'allow' : end.isNoted && wentAhead(replayed, end);
}

/** Codes by which a gate refuses what it had reserved by then: nothing happened. Others refuse before, and count as denials. */
const AFTER_RESERVING: ReadonlySet<string> = new Set(['interceptor.refused', 'interceptor.failed', 'evaluation.error']);

function isAfterReserving({ refused, call }: ReplayCall): boolean {
  return refused !== null && call.direction === 'client-to-server' && AFTER_RESERVING.has(refused);
}
