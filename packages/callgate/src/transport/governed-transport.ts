/* oxlint-disable typescript/no-explicit-any -- assignable to the transports of both SDK majors, which type messages differently */
import type { ServerIdentity } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import { admitStart } from '../connection/admit-start.ts';
import { Connection } from '../connection/connection.ts';
import type { GateCore } from '../core.ts';
import { GateError } from '../errors.ts';
import type { LockGuard } from '../lock/lock-guard.ts';
import { ObservedIdentity, detachAddress } from './observe-identity.ts';
import { sealTransport, type SealedTransport } from './seal.ts';
import { readSendOptions } from './send-options.ts';
import type { OptionalMembers, TransportLike } from './transport-shape.ts';

/** What a governed transport is made for. */
export interface GovernedOptions {
  readonly serverName: string;
  /** What the host declares; counts where the transport shows nothing. */
  readonly identity: ServerIdentity | undefined;
  readonly defaultActor: Actor;
  /** Called once when the connection may open, and once when it has ended. */
  readonly onStarted: (transport: GovernedTransport, abandon: () => void) => void;
  readonly onEnded: (transport: GovernedTransport) => void;
}

/**
 * The doorway: to an SDK's client an ordinary transport, in which everything passes the gate.
 *
 * Shaped for both SDK majors and the AI SDK at once. Handlers and `start`/`close` stay assignable, because SDK v2 swaps
 * them while it negotiates. The transport inside is private: `client.transport` hands this object to the host.
 */
export class GovernedTransport {
  onmessage: ((message: any, extra?: any) => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  onclose: (() => void) | undefined;
  readonly #inner: TransportLike & OptionalMembers;
  readonly #gate: GateCore;
  readonly #sealed: SealedTransport;
  readonly #identity: ObservedIdentity;
  #connection: Connection;
  readonly #options: GovernedOptions;

  constructor(gate: GateCore, inner: TransportLike, options: GovernedOptions) {
    this.#inner = inner;
    this.#gate = gate;
    this.#options = options;
    this.#sealed = sealTransport(
      inner,
      (message, extra) => this.#connection.receive(message, extra),
      (message) => this.#connection.isApproved(message),
      () => this.#connection.anomaly('inner.send_refused', null),
    );
    detachAddress(inner);
    this.#identity = new ObservedIdentity(inner, options.identity);
    this.#connection = this.#connect();
    this.#forwardEvents();
    this.#exposeOptionalMembers();
  }

  /**
   * Starts the transport inside; again, where that can be started again after its close.
   *
   * @throws {GateError} `CALLGATE_GATE_CLOSED`; `CALLGATE_SERVER_REFUSED` for a program that policy would not talk to
   */
  async start(): Promise<void> {
    if (this.#gate.isClosed) throw new GateError('CALLGATE_GATE_CLOSED', 'expected an open gate');
    if (this.#connection.isClosed) this.#connection = this.#connect();
    if (this.#connection.lock !== undefined) await this.#prepareLock(this.#connection.lock);
    admitStart(this.#connection);
    this.#options.onStarted(this, () => this.#end());
    await this.#inner.start();
  }

  /** Looks at who the server is before anything of it runs. */
  async #prepareLock(lock: LockGuard): Promise<void> {
    await lock.prepare(this.#connection.identity, this.#identity.place());
    if (this.#gate.isClosed) throw new GateError('CALLGATE_GATE_CLOSED', 'expected an open gate');
  }

  /** Sends what the gate allows. Resolves for a message that was answered from here; rejects with the transport's own errors. */
  send(message: any, options?: any): Promise<void> {
    try {
      return this.#connection.send(message, readSendOptions(options));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('send failed', { cause: error }));
    }
  }

  /** Closes the transport inside, and with it the connection. */
  async close(...parameters: unknown[]): Promise<void> {
    try {
      await this.#inner.close(...parameters);
    } finally {
      this.#end();
    }
  }

  /** SDKs resume instead of initialising when this is defined, so it must be what the transport inside says. */
  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  /** Whether cancelling a request closes its stream (SDK v2, Streamable HTTP). */
  get hasPerRequestStream(): boolean {
    return this.#inner.hasPerRequestStream === true;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  /** Requests that are open, for a gate that drains. */
  get openRequests(): number {
    return this.#connection.open.size;
  }

  #connect(): Connection {
    const { serverName, defaultActor } = this.#options;
    return new Connection(
      this.#gate,
      this.#sealed,
      { serverName, defaultActor, identity: this.#identity },
      {
        deliver: (message, extra) => this.onmessage?.(message, extra),
        report: (error) => this.onerror?.(error),
        sessionId: () => this.#inner.sessionId,
      },
    );
  }

  #forwardEvents(): void {
    const { onerror, onclose } = this.#inner;
    this.#inner.onerror = (error: Error) => {
      try {
        onerror?.(error);
      } finally {
        this.#connection.report(error);
      }
    };
    this.#inner.onclose = () => {
      try {
        onclose?.();
      } finally {
        this.#end();
        this.onclose?.();
      }
    };
  }

  #end(): void {
    if (this.#connection.isClosed) return;
    this.#connection.closed();
    this.#options.onEnded(this);
  }

  /** SDKs and hosts sniff these with `in`, so they exist here exactly where they exist inside. */
  #exposeOptionalMembers(): void {
    const inner = this.#inner;
    for (const name of ['stderr', 'pid'] as const) {
      if (name in inner)
        Object.defineProperty(this, name, { get: () => inner[name], enumerable: true, configurable: true });
    }
    if ('protocolVersion' in inner) {
      Object.defineProperty(this, 'protocolVersion', {
        get: () => inner.protocolVersion,
        set: (version: string | undefined) => {
          inner.protocolVersion = version;
        },
        enumerable: true,
        configurable: true,
      });
    }
    if (typeof inner.resumeStream === 'function') {
      const resume = inner.resumeStream.bind(inner);
      const value = (token: unknown, options: unknown): Promise<void> =>
        this.#connection.resume(token, readSendOptions(options), resume);
      Object.defineProperty(this, 'resumeStream', { value, enumerable: false, configurable: true, writable: true });
    }
    for (const name of ['terminateSession', 'finishAuth', 'setSupportedProtocolVersions'] as const) {
      const member: unknown = inner[name];
      if (typeof member !== 'function') continue;
      const bound: unknown = member.bind(inner);
      Object.defineProperty(this, name, { value: bound, enumerable: false, configurable: true, writable: true });
    }
  }
}
