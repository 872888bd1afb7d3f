import type { DecisionEntry } from '@callgate/audit';
import { PlainDataError, clonePlain, deepFreeze, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { CompiledServer, ServerIdentity } from '@callgate/policy';

import type { Actor } from '../actor.ts';
import type { AnomalyCode } from '../codes.ts';
import type { GateCore } from '../core.ts';
import { GateError } from '../errors.ts';
import { errorClass } from '../interceptors.ts';
import type { LockGuard } from '../lock/lock-guard.ts';
import type { ObservedIdentity } from '../transport/observe-identity.ts';
import type { SealedTransport } from '../transport/seal.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import { classify, isMethod, isRequestId, type RequestId, type Wire } from '../wire.ts';
import { Definitions } from './definitions.ts';
import type { Exchange } from './exchange.ts';
import { receiveNotification } from './inbound-notification.ts';
import { receiveRequest } from './inbound-request.ts';
import { quarantine, receiveResponse } from './inbound-response.ts';
import { InputBook } from './input-book.ts';
import type { Link } from './link.ts';
import { OpenRequests } from './open-requests.ts';
import { OutboundMeta } from './outbound-meta.ts';
import { sendNotification } from './outbound-notification.ts';
import { sendReply } from './outbound-reply.ts';
import { refuseUnreadable, sendRequest } from './outbound-request.ts';
import { ServerRequests } from './server-requests.ts';
import { settle } from './settle.ts';
import { TaskBook } from './task-book.ts';
import { TokenBucket } from './token-bucket.ts';

/** Messages a server may send unasked: a burst, and a rate per second. Beyond it they are dropped, and counted. */
const UNASKED_BURST = 10_000;
const UNASKED_PER_SECOND = 1_000;

/** Drops within this time of the first one are one flood. */
const FLOOD_WINDOW_MS = 10_000;

/** Messages that may wait behind a slow interceptor, per connection. */
const MAX_INBOX = 10_000;

/** …and their size as JSON, in UTF-16 code units. One message may have half of it. */
const MAX_INBOX_UNITS = 32 * 1024 * 1024;

/** Messages on their way that nothing answers. A server that asks and does not read gets no more refusals than this. */
const MAX_PASSING = 1_000;

/** A message that waits its turn. */
interface Queued {
  readonly message: JsonValue;
  readonly extra: unknown;
  readonly units: number;
}

/** What the wrapped transport hears from its connection. */
export interface ConnectionHost {
  deliver(message: unknown, extra: unknown): void;
  report(error: Error): void;
  sessionId(): string | undefined;
}

/** One wrapped transport at work, from its start to its close: both directions, one order. */
export class Connection implements Link {
  readonly gate: GateCore;
  readonly serverName: string;
  readonly defaultActor: Actor;
  readonly open: OpenRequests = new OpenRequests();
  readonly serverRequests: ServerRequests = new ServerRequests();
  readonly tasks: TaskBook = new TaskBook();
  readonly inputs: InputBook = new InputBook();
  readonly definitions: Definitions = new Definitions();
  readonly lock: LockGuard | undefined;
  era: 'legacy' | 'modern' | undefined;
  readonly #host: ConnectionHost;
  readonly #identity: ObservedIdentity;
  readonly #sealed: SealedTransport;
  readonly #unasked: TokenBucket;
  /** Notifications and replies being sent. */
  readonly #passing = new Set<object>();
  /** Requests of the gate's own, by id. */
  readonly #asked = new Map<RequestId, (result: JsonValue | undefined) => void>();
  readonly #inbox: Queued[] = [];
  #inboxUnits = 0;
  #isReceiving = false;
  #serverRecord: DecisionEntry['server'] | undefined;
  /** The server that the record is of: another policy may know it otherwise. */
  #recorded: CompiledServer | undefined;
  #outboundMeta: OutboundMeta | undefined;
  #isClosed = false;
  #dropped = 0;
  #floodSinceMs = 0;

  constructor(
    gate: GateCore,
    sealed: SealedTransport,
    about: { readonly serverName: string; readonly identity: ObservedIdentity; readonly defaultActor: Actor },
    host: ConnectionHost,
  ) {
    this.gate = gate;
    this.serverName = about.serverName;
    this.#identity = about.identity;
    this.defaultActor = about.defaultActor;
    this.lock = gate.lockGuard?.(about.serverName);
    this.#host = host;
    this.#unasked = new TokenBucket(UNASKED_BURST, UNASKED_PER_SECOND, gate.elapsedMs());
    this.#sealed = sealed;
  }

  /** As the policy in force knows it. */
  get server(): CompiledServer | undefined {
    return this.gate.policy.servers.get(this.serverName);
  }

  get outboundMeta(): OutboundMeta | undefined {
    const { server } = this;
    if (server === undefined) return undefined;
    this.#outboundMeta ??= new OutboundMeta(() => this.server ?? server);
    return this.#outboundMeta;
  }

  /** As it is now. */
  get identity(): ServerIdentity | undefined {
    return this.#identity.current();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  sessionId(): string | undefined {
    return this.#host.sessionId();
  }

  serverRecord(): DecisionEntry['server'] {
    const { manifest } = this.definitions;
    const { server } = this;
    if (this.#serverRecord?.manifest !== manifest || this.#recorded !== server) {
      this.#recorded = server;
      this.#serverRecord = deepFreeze({
        name: this.serverName,
        trust: server?.trust ?? null,
        identity: server?.identity ?? null,
        manifest,
      });
    }
    return this.#serverRecord;
  }

  dispatch(message: object, options: SendOptions): Promise<void> {
    return this.#sealed.dispatch(message, options);
  }

  get isCongested(): boolean {
    return this.#passing.size >= MAX_PASSING;
  }

  async dispatchOnce(message: object, options: SendOptions): Promise<void> {
    const release = this.gate.egress.approve(message);
    this.#passing.add(message);
    try {
      await this.#sealed.dispatch(message, { relatedRequestId: options.relatedRequestId });
    } finally {
      this.#passing.delete(message);
      release();
    }
  }

  /**
   * Resumes a stream of the transport inside. It replays answers, so the token must be one that a governed call was given;
   * the answers themselves match open requests, or are dropped.
   *
   * @throws {GateError} `CALLGATE_MESSAGE_REFUSED` for any other token, and from a closed gate
   */
  async resume(
    token: unknown,
    options: SendOptions,
    resumeStream: (token: string, options: SendOptions) => Promise<void>,
  ): Promise<void> {
    const { resumptions, isClosed } = this.gate;
    const known = typeof token === 'string' && !isClosed ? resumptions.find(this.serverName, token) : undefined;
    if (known === undefined || typeof token !== 'string') {
      throw new GateError('CALLGATE_MESSAGE_REFUSED', 'expected a resumption token that a governed call was given');
    }
    const { onresumptiontoken: onToken } = options;
    const noting = (next: string): void => {
      resumptions.note(next, known);
      onToken?.(next);
    };
    await resumeStream(token, { onresumptiontoken: noting });
  }

  /** Approved are the messages of open exchanges, and those on their way that nothing answers. */
  isApproved(message: object): boolean {
    const id = dataProperty(message, 'id');
    return this.#passing.has(message) || (isRequestId(id) && this.open.get(id)?.wire === message);
  }

  /** A handler of the host that throws is the host's error, as with any transport; it stops nothing here. */
  deliver(message: unknown, extra: unknown): void {
    if (this.#asked.size > 0 && this.#isAsked(message)) return;
    try {
      this.#host.deliver(message, extra);
    } catch (error) {
      this.report(error instanceof Error ? error : new Error('the message handler failed', { cause: error }));
    }
  }

  ask(method: string, params: JsonObject): Promise<JsonValue | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    const id = `callgate-${this.gate.ids()}`;
    const answer = new Promise<JsonValue | undefined>((resolve) => this.#asked.set(id, resolve));
    sendRequest(this, deepFreeze({ jsonrpc: '2.0', id, method, params }), {}).catch(() => this.#answer(id, undefined));
    return answer;
  }

  /** Takes the answer to a request of the gate's own. */
  #isAsked(message: unknown): boolean {
    const id = dataProperty(message, 'id');
    if (id === undefined || !this.#asked.has(id)) return false;
    this.#answer(id, (message as { readonly result?: JsonValue }).result);
    return true;
  }

  #answer(id: RequestId, result: JsonValue | undefined): void {
    this.#asked.get(id)?.(result);
    this.#asked.delete(id);
  }

  report(error: Error): void {
    try {
      this.#host.report(error);
    } catch (failure) {
      this.gate.events.emit('listener-failed', { event: 'onerror', error: failure });
    }
  }

  anomaly(code: AnomalyCode, request: string | null, detail: JsonObject = {}): void {
    const { gate, serverName } = this;
    this.gate.evidence.note({ kind: 'anomaly', time: gate.clock.now(), server: serverName, code, request, detail });
    gate.telemetry.anomaly(serverName, code);
    gate.events.emit('anomaly', { server: serverName, code, request });
    if (TOLD_TO_HOST.has(code))
      this.report(new GateError('CALLGATE_ANOMALY', `${code} on the connection to \`${serverName}\``));
  }

  /** From the client. Takes its snapshot before anything waits: what the caller does to the object later changes nothing. */
  send(message: unknown, options: SendOptions): Promise<void> {
    // Answered from here it would never be: nothing is delivered on a closed connection.
    if (this.#isClosed) {
      return Promise.reject(new GateError('CALLGATE_MESSAGE_REFUSED', 'expected an open connection'));
    }
    if (Array.isArray(message)) {
      this.anomaly('message.batch', null);
      return Promise.reject(new GateError('CALLGATE_MESSAGE_REFUSED', 'expected one message, got a batch'));
    }
    let wire: Wire;
    try {
      wire = classify(clonePlain(message, this.gate.messageLimits, OUTBOUND));
    } catch (error) {
      return this.#refuseOutbound(message, error);
    }
    switch (wire.kind) {
      case 'request':
        return sendRequest(this, wire.message, options);
      case 'notification':
        return sendNotification(this, wire.message, options);
      case 'result':
      case 'error':
        return sendReply(this, wire.message, options);
      case 'invalid':
        this.anomaly('message.malformed', null);
        return Promise.reject(new GateError('CALLGATE_MESSAGE_REFUSED', `not a JSON-RPC message: ${wire.reason}`));
    }
  }

  /** A message that is no plain data: a request is answered with a denial where its id can be read, anything else rejects. */
  #refuseOutbound(message: unknown, error: unknown): Promise<void> {
    if (!(error instanceof PlainDataError)) throw error;
    this.anomaly('message.not_plain', null);
    const id = dataProperty(message, 'id');
    const method = dataProperty(message, 'method');
    if (isRequestId(id) && isMethod(method) && this.open.get(id) === undefined) {
      return refuseUnreadable(this, id, method, `expected ${error.expected}, got ${error.got}`);
    }
    return Promise.reject(new GateError('CALLGATE_MESSAGE_REFUSED', error.message, { cause: error }));
  }

  /** From the server. Synchronous and in order; behind a slow interceptor, messages wait in that order. */
  receive(raw: unknown, extra: unknown): void {
    if (this.#isClosed) return;
    let message: JsonValue;
    try {
      // The snapshot: an in-memory server could change its object after inspection.
      message = clonePlain(raw, this.gate.messageLimits, INBOUND);
    } catch (error) {
      this.#refuseInbound(raw, error);
      return;
    }
    if (this.#isReceiving) {
      this.#queue(message, extra);
      return;
    }
    this.#process(message, extra);
  }

  #queue(message: JsonValue, extra: unknown): void {
    const units = JSON.stringify(message).length;
    if (this.#inbox.length >= MAX_INBOX || this.#inboxUnits + units > MAX_INBOX_UNITS) {
      this.#drop('notification.flood');
      return;
    }
    this.#inboxUnits += units;
    this.#inbox.push({ message, extra, units });
  }

  #nextQueued(): Queued | undefined {
    const next = this.#inbox.shift();
    this.#inboxUnits -= next?.units ?? 0;
    return next;
  }

  #process(message: JsonValue, extra: unknown): void {
    const pending = this.#route(message, extra);
    if (pending === undefined) return;
    this.#isReceiving = true;
    const next = (): void => {
      this.#isReceiving = false;
      let waiting = this.#nextQueued();
      while (waiting !== undefined) {
        this.#process(waiting.message, waiting.extra);
        if (this.#isReceiving) return;
        waiting = this.#nextQueued();
      }
    };
    pending.then(next, (error: unknown) => {
      this.#failInbound(message, error);
      next();
    });
  }

  #route(message: JsonValue, extra: unknown): Promise<void> | undefined {
    try {
      const wire = classify(message);
      switch (wire.kind) {
        case 'result':
        case 'error':
          // What answers nothing is as unasked as a notification.
          if (this.open.get(wire.message.id)?.phase !== 'sent' && this.#isFlooding()) return undefined;
          return receiveResponse(this, wire.message, extra) ?? undefined;
        case 'request':
          return this.#isFlooding() ? undefined : (receiveRequest(this, wire.message, extra) ?? undefined);
        case 'notification':
          return this.#isFlooding() ? undefined : (receiveNotification(this, wire.message, extra) ?? undefined);
        case 'invalid':
          this.#refuseInbound(message, undefined);
          return undefined;
      }
    } catch (error) {
      this.#failInbound(message, error);
      return undefined;
    }
  }

  #isFlooding(): boolean {
    if (this.#unasked.take(this.gate.elapsedMs())) {
      this.#reportDropped();
      return false;
    }
    this.#drop('notification.flood');
    return true;
  }

  /** One anomaly when a flood begins, one gap record with the count once it is over: a flood must not flood the ledger. */
  #drop(code: AnomalyCode): void {
    if (this.#dropped === 0) {
      this.anomaly(code, null);
      this.#floodSinceMs = this.gate.elapsedMs();
    }
    this.#dropped += 1;
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    if (!this.#isClosed && this.gate.elapsedMs() - this.#floodSinceMs < FLOOD_WINDOW_MS) return;
    this.gate.evidence.note({
      kind: 'gap',
      time: this.gate.clock.now(),
      count: this.#dropped,
      code: 'notification.flood',
    });
    this.#dropped = 0;
  }

  /** Garbage. Where it claims to answer an open request, that request is answered with a quarantine; never passed. */
  #refuseInbound(raw: unknown, error: unknown): void {
    const isPlain = !(error instanceof PlainDataError);
    const exchange = this.#answeredBy(raw);
    if (exchange?.phase !== 'sent' && this.#isFlooding()) return;
    this.anomaly(isPlain ? 'message.malformed' : 'message.not_plain', exchange?.request ?? null);
    if (exchange?.phase !== 'sent') return;
    const reason =
      error instanceof PlainDataError ? `expected ${error.expected}, got ${error.got}` : 'not a JSON-RPC message';
    quarantine(this, exchange, { code: 'response.malformed', message: `the server's answer is malformed: ${reason}` });
  }

  /** An exception while inspecting: the answer is withheld, never passed. */
  #failInbound(message: JsonValue, error: unknown): void {
    const exchange = this.#answeredBy(message);
    this.anomaly('evaluation.error', exchange?.request ?? null, { error: errorClass(error) });
    if (exchange?.phase !== 'sent') return;
    quarantine(this, exchange, { code: 'response.quarantined', message: 'the answer could not be inspected' });
  }

  /** The open exchange that a message claims to answer, as far as its head can be read. */
  #answeredBy(message: unknown): Exchange | undefined {
    const id = dataProperty(message, 'id');
    return isRequestId(id) && dataProperty(message, 'method') === undefined ? this.open.get(id) : undefined;
  }

  /** The connection ended: what is open has an unknown outcome. */
  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reportDropped();
    for (const exchange of this.open.snapshot()) {
      settle(this, exchange, {
        outcome: exchange.phase === 'sent' ? 'unknown' : 'not_sent',
        code: 'connection.closed',
      });
    }
    for (const id of this.#asked.keys()) this.#answer(id, undefined);
    this.serverRequests.drain();
    this.#inbox.length = 0;
    this.#inboxUnits = 0;
  }
}

/** Anomalies that the SDK would report through `onerror` without a gate, or that the host must hear of to debug. */
const TOLD_TO_HOST: ReadonlySet<AnomalyCode> = new Set<AnomalyCode>([
  'message.malformed',
  'message.not_plain',
  'response.unmatched',
  'response.late',
  'response.forged',
  'progress.unmatched',
]);

/** Left out as every serialiser leaves it out: undefined values, and what schema libraries hide on plain objects. */
const OUTBOUND = Object.freeze({ dropUndefined: true, dropHidden: true });
const INBOUND = Object.freeze({ ...OUTBOUND, freeze: false });

/** The value of an own data property that is a string or a number, read without running foreign code. */
function dataProperty(value: unknown, key: string): RequestId | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  const data: unknown = descriptor === undefined ? undefined : descriptor.value;
  return typeof data === 'string' || typeof data === 'number' ? data : undefined;
}
