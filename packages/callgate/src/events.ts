import { excerpt } from '@callgate/canonical';

import type { DecisionNotice } from '@callgate/policy';

import type { AnomalyCode, GateCode } from './codes.ts';

/** What a host may listen to. Payloads hold names, codes and ids; never arguments or results. */
export interface GateEvents {
  /** A request or notification was decided, either way. */
  'call-decided': CallEvent;
  /** …and refused, or would have been under enforcement (`enforced` false). */
  'call-denied': CallEvent;
  /** …and waits for an approval. */
  'call-held': CallEvent;
  /** A request that was sent has its outcome. */
  'call-settled': {
    readonly server: string;
    readonly method: string;
    readonly target: string | null;
    readonly request: string;
    readonly outcome: string;
    readonly durationMs: number;
    /** In units of the policy, where it says what calls cost. */
    readonly cost?: number;
  };
  /** A request that failed on its way is sent again. `tries`: the failures so far. */
  'call-retried': { readonly server: string; readonly request: string; readonly tries: number };
  /** Too many failures, or what else a breaker looks for: it is open, or closed again. */
  'breaker-opened': BreakerEvent;
  'breaker-closed': BreakerEvent;
  /** The history could not be written: what happened since is forgotten by a restart. */
  'history-failed': { readonly error: unknown };
  /** Something on the wire was dropped or mended. */
  anomaly: { readonly server: string; readonly code: AnomalyCode; readonly request: string | null };
  /** A server listed its tools, or listed other definitions than before. */
  'definition-listed': {
    readonly server: string;
    readonly event: 'listed' | 'changed' | 'rejected';
    readonly tools: number;
  };
  /** What a server advertises differs from the lock, or differs otherwise than before. Counts are of its items, and of the server. */
  'definition-drifted': {
    readonly server: string;
    readonly drifted: number;
    /** Those that policy does not just allow. */
    readonly withheld: number;
    readonly classes: readonly string[];
  };
  /** A connection was wrapped for a server that policy does not know. */
  'server-unregistered': { readonly server: string };
  /** The ledger refused a record. */
  'ledger-failed': { readonly error: unknown };
  /** Another policy is in force. */
  'policy-changed': PolicyEvent;
  /** Another policy was not put in force: it would let more pass, and that was not accepted. */
  'policy-refused': PolicyEvent;
  /** A newer policy could not be had: its file, or its bundle, does not load or is not trusted. The one in force stays. */
  'policy-failed': { readonly code: string; readonly error: unknown };
  /** Calls are not in the trace: what writes it cannot keep up, or a record could not be made. One event per gap. */
  'trace-dropped': { readonly reason: 'lagging' | 'failed' };
  /** The trace ended before the gate closed: it reached its bound, or could not be written. Calls go on untraced. */
  'trace-ended': { readonly reason: 'full' | 'failed'; readonly error?: unknown };
  /** An answer that inspection withheld is kept. */
  'quarantine-stored': {
    readonly id: string;
    readonly server: string;
    readonly target: string | null;
    readonly request: string;
    readonly bytes: number;
  };
  /** Something kept was removed to stay within a bound. */
  'quarantine-evicted': { readonly id: string; readonly reason: 'count' | 'bytes' | 'age' };
  /** Something kept was handed out. */
  'quarantine-released': {
    readonly id: string;
    readonly server: string;
    readonly target: string | null;
    readonly by: string;
  };
  /** An answer could not be kept (it is withheld all the same), or the content of something released could not be removed. */
  'quarantine-failed': { readonly server: string | null; readonly request: string | null; readonly error: unknown };
  /** A listener threw. */
  'listener-failed': { readonly event: string; readonly error: unknown };
}

/** A breaker of the policy, and the call that changed it. */
export interface BreakerEvent {
  readonly control: string;
  readonly request: string;
}

/** A policy that was offered to the gate, and how it differs from the one before. */
export interface PolicyEvent {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly change: 'same' | 'widened' | 'unknown' | 'narrowed' | 'changed';
}

export interface CallEvent {
  readonly server: string;
  readonly direction: string;
  readonly method: string;
  readonly target: string | null;
  readonly request: string;
  readonly run: string | null;
  readonly effect: 'allow' | 'deny' | 'hold';
  readonly would: 'allow' | 'deny' | 'hold' | null;
  /** The code enforcement would have given; null where `would` is. */
  readonly wouldCode: string | null;
  readonly stage: string;
  readonly code: GateCode;
  readonly message: string;
  readonly enforced: boolean;
  /** Soft limits that the call is over: what the model could be told before a hard one stops it. */
  readonly notices?: readonly DecisionNotice[];
}

export type GateEventName = keyof GateEvents;

const EVENT_NAMES: Record<GateEventName, true> = {
  'call-decided': true,
  'call-denied': true,
  'call-held': true,
  'call-settled': true,
  'call-retried': true,
  'breaker-opened': true,
  'breaker-closed': true,
  'history-failed': true,
  anomaly: true,
  'definition-listed': true,
  'definition-drifted': true,
  'server-unregistered': true,
  'ledger-failed': true,
  'policy-changed': true,
  'policy-refused': true,
  'policy-failed': true,
  'trace-dropped': true,
  'trace-ended': true,
  'quarantine-stored': true,
  'quarantine-evicted': true,
  'quarantine-released': true,
  'quarantine-failed': true,
  'listener-failed': true,
};

type Listener = (payload: never) => void;

/** A small typed emitter. A throwing listener never disturbs the path: it becomes a `listener-failed` event. */
export class EventHub {
  readonly #listeners = new Map<GateEventName, Set<Listener>>();

  /** @throws {TypeError} for an event there is none of, or a listener that is no function: it would never be called */
  on<Name extends GateEventName>(name: Name, listener: (payload: GateEvents[Name]) => void): () => void {
    if (!Object.hasOwn(EVENT_NAMES, name))
      throw new TypeError(`name: expected one of ${Object.keys(EVENT_NAMES).join(', ')}, got \`${excerpt(name)}\``);
    if (typeof listener !== 'function') throw new TypeError('listener: expected a function');
    const listeners = this.#listeners.get(name) ?? new Set<Listener>();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** Whether anybody listens; callers skip building a payload otherwise. */
  has(name: GateEventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  emit<Name extends GateEventName>(name: Name, payload: GateEvents[Name]): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      const onFailure = (error: unknown): void => {
        if (name !== 'listener-failed') this.emit('listener-failed', { event: name, error });
      };
      try {
        const returned: unknown = (listener as (payload: GateEvents[Name]) => unknown)(payload);
        // An asynchronous listener fails later: unheard, that would end the process.
        if (returned instanceof Promise) returned.catch(onFailure);
      } catch (error) {
        onFailure(error);
      }
    }
  }
}
