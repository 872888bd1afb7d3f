import type { Ledger } from '@callgate/audit';
import { clonePlain, isJsonObject, type JsonObject } from '@callgate/canonical';
import { ToolNames } from '@callgate/inspector';
import { decide, type CompiledPolicy, type Decision, type Principal, type ServerIdentity } from '@callgate/policy';

import { ActorContext, NOBODY, createActor, type Actor } from './actor.ts';
import { assertBody, assertGateOptions, assertTransport, assertWrapOptions } from './assert-options.ts';
import { ResumptionBook } from './connection/resumption-book.ts';
import type { GateCore } from './core.ts';
import { EgressGuard, type FetchLike } from './egress-guard.ts';
import { GateError } from './errors.ts';
import { EventHub, type GateEventName, type GateEvents } from './events.ts';
import { Evidence } from './evidence.ts';
import { openGateHistory, type GateHistory } from './history/gate-history.ts';
import { createHistoryControl, type HistoryControl } from './history/history-control.ts';
import { historyFile, historyHooks } from './history/history-hooks.ts';
import { KeptOutcomes } from './history/kept-outcomes.ts';
import { governClient, type GovernableClient } from './govern-client.ts';
import { Inspectors } from './inspection/inspectors.ts';
import { InterceptorChains } from './interceptors.ts';
import { openGateLedger, type GateLedger } from './open-gate-ledger.ts';
import type { GateOptions, WrapOptions } from './options.ts';
import { gateHooks } from './quarantine/gate-hooks.ts';
import type { QuarantineControl } from './quarantine/quarantine-control.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import { openQuarantineFor } from './quarantine/quarantine-options.ts';
import { reloadPolicy, reportPolicyFailure, type ReloadOptions, type ReloadResult } from './reload-policy.ts';
import { monotonicMs, randomIds, systemClock } from './system.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import type { CallTracer } from './trace/call-tracer.ts';
import { openGateTrace } from './trace/open-gate-trace.ts';
import type { TraceStatus } from './trace/trace-writer.ts';
import { wrapClonable } from './transport/clonable-transport.ts';
import type { GovernedTransport } from './transport/governed-transport.ts';
import type { TransportLike } from './transport/transport-shape.ts';

const DEFAULT_MAX_OPEN_REQUESTS = 10_000;
const DEFAULT_DRAIN_MS = 5_000;
const DEFAULT_INSPECTION_MS = 5_000;

/** How long a transport may take to close. Those of both SDKs give a server's process four seconds to end. */
const CLOSE_MS = 5_000;

/** …a history to be written, */
const HISTORY_MS = 5_000;

/** …and a trace to be written out. */
const TRACE_MS = 5_000;

/** One call for a dry run. */
export interface DryCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments?: JsonObject;
  /** Default: the actor of the current context. */
  readonly principal?: Principal;
  readonly run?: string;
}

/** The checkpoint a host creates once per process. */
export interface Gate {
  readonly policy: CompiledPolicy;
  readonly ledger: Ledger;
  /** How the trace stands; undefined where the host asked for none. */
  readonly trace: TraceStatus | undefined;
  /**
   * Wraps a transport, or a function that makes one (better: nobody else then holds it). From here on nothing crosses it
   * ungoverned.
   *
   * @throws {TypeError} for an option it does not know, or what is no transport
   * @throws {GateError} `CALLGATE_GATE_CLOSED`, `CALLGATE_TRANSPORT_UNSEALABLE`
   */
  wrap(transport: TransportLike | (() => TransportLike), options: WrapOptions): GovernedTransport;
  /**
   * Makes a client wrap every transport it connects to, for hosts whose framework builds transports itself.
   *
   * @throws {GateError} `CALLGATE_TRANSPORT_UNSEALABLE` when the client is connected already: that would stay ungoverned
   */
  governClient<Client extends GovernableClient>(client: Client, options: WrapOptions): Client;
  /**
   * Runs `body` as somebody, in a run: every call made in it, and in what it awaits, is theirs. A run inside another is part of it: it uses
   * up the budgets of both, and shares their labels. At most 16 inside each other.
   */
  as<T>(principal: Principal, context: { readonly run?: string }, body: () => T): T;
  /** What inspection withheld: look at it, hand it out, remove it. */
  readonly quarantine: QuarantineControl;
  /** What the controls of the policy have counted: look at it, lift labels, end runs. */
  readonly history: HistoryControl;
  /** What policy would decide on a tool call, without sending or recording anything. */
  decide(call: DryCall): Decision;
  /**
   * Puts another policy in force: one that only narrows at once, one that widens only with `acceptWidening`.
   *
   * @throws {TypeError} when `policy` is not a compiled policy
   */
  reload(policy: CompiledPolicy, options?: ReloadOptions): ReloadResult;
  /** Records and announces (`policy-failed`) that a newer policy could not be had, for whoever keeps a gate on one. */
  reportPolicyFailure(error: unknown): void;
  /** A fetch to put innermost into an HTTP transport: JSON-RPC leaves through it only as it was decided on. */
  guardFetch(fetch?: FetchLike): FetchLike;
  /** Listens; returns what stops listening. */
  on<Name extends GateEventName>(name: Name, listener: (payload: GateEvents[Name]) => void): () => void;
  /** Resolves once everything that happened so far is recorded and durable, and traced where there is a trace. */
  flush(signal?: AbortSignal): Promise<void>;
  /**
   * Refuses new calls, waits for open ones (`drainMs`, or until `signal` aborts), closes every wrapped transport, the trace
   * and the ledger that the gate opened. Safe to call twice.
   */
  close(options?: { readonly signal?: AbortSignal }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Creates the gate.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS` for bad options
 * @throws {AuditError} when the ledger cannot be opened (locked, unreadable, broken chain)
 * @throws {HistoryError} when the history cannot be read
 * @throws {QuarantineError} when the quarantine cannot be opened, or its key is none
 * @throws {TraceError} when the trace cannot be made, or its key is none
 */
export async function createGate(options: GateOptions): Promise<Gate> {
  assertGateOptions(options);
  const clock = options.clock ?? systemClock;
  const lockGuard = options.lock && (await import('./lock/lock-guard.ts')).createLockGuards(options.lock);
  const opened = await openGateLedger(options.ledger ?? 'memory', clock);
  const events = new EventHub();
  const { name, version, digest } = options.policy;
  const policy = Object.freeze({ name, version, digest });
  try {
    const evidence = new Evidence(opened.ledger, events);
    const telemetry = new Telemetry();
    const hooks = gateHooks({ ledger: opened.ledger, evidence, events, clock });
    const quarantine = await openQuarantineFor(options.quarantine ?? {}, { clock, hooks });
    const history = await openGateHistory({
      options: options.history ?? {},
      file: historyFile(options.history?.keep, opened.folder),
      clock,
      ...historyHooks({ evidence, events, clock, telemetry }),
    });
    const trace = options.trace && (await openGateTrace(options.trace, { clock, events, policy }));
    return new ProcessGate(options, {
      opened,
      evidence,
      events,
      policy,
      quarantine,
      history,
      trace,
      lockGuard,
      telemetry,
    });
  } catch (error) {
    if (opened.isOwned) await opened.ledger.close();
    throw error;
  }
}

class ProcessGate implements Gate {
  readonly #core: GateCore;
  readonly #ledger: Ledger;
  readonly #isLedgerOwned: boolean;
  readonly #drainMs: number;
  readonly #history: HistoryControl;
  /** What is started, with what gives it up. */
  readonly #transports = new Map<GovernedTransport, () => void>();
  readonly #stopWatching: () => void;
  #closing: Promise<void> | undefined;

  constructor(
    options: GateOptions,
    parts: {
      readonly opened: GateLedger;
      readonly evidence: Evidence;
      readonly events: EventHub;
      readonly quarantine: Quarantine;
      readonly history: GateHistory;
      readonly telemetry: Telemetry;
      readonly policy: GateCore['policyRecord'];
      readonly trace: CallTracer | undefined;
      readonly lockGuard: GateCore['lockGuard'];
    },
  ) {
    const { opened, evidence, events, policy, quarantine, history, trace, lockGuard, telemetry } = parts;
    const clock = options.clock ?? systemClock;
    const { ledger } = opened;
    this.#ledger = ledger;
    this.#core = {
      policy: options.policy,
      policyRecord: policy,
      clock,
      elapsedMs: monotonicMs,
      ids: options.ids ?? countedIds(randomIds('call-')()),
      evidence,
      events,
      telemetry,
      trace,
      lockGuard,
      actors: new ActorContext(),
      interceptors: new InterceptorChains(options.interceptors ?? []),
      resumptions: new ResumptionBook(),
      egress: new EgressGuard(() => this.#refusedEgress()),
      inspectors: new Inspectors(options.detectors ?? []),
      quarantine,
      history,
      keptOutcomes: new KeptOutcomes(),
      random: options.random ?? Math.random,
      toolNames: new ToolNames(),
      maxInspectionMs: options.maxInspectionMs ?? DEFAULT_INSPECTION_MS,
      onDeny: options.onDeny ?? 'result',
      whenLedgerFails: options.whenLedgerFails ?? 'deny',
      propagateTrace: options.propagateTrace ?? true,
      messageLimits: options.messageLimits ?? {},
      maxOpenRequests: options.maxOpenRequests ?? DEFAULT_MAX_OPEN_REQUESTS,
      isClosed: false,
    };
    this.#isLedgerOwned = opened.isOwned;
    this.#history = createHistoryControl({ history, evidence, ledger, clock });
    this.#drainMs = options.drainMs ?? DEFAULT_DRAIN_MS;
    this.#stopWatching = telemetry.watchLedger(() => ledger.health());
    ledger.append({ kind: 'lifecycle', time: clock.now(), event: 'policy', detail: { ...policy } });
  }

  get policy(): CompiledPolicy {
    return this.#core.policy;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  get trace(): TraceStatus | undefined {
    return this.#core.trace?.status;
  }

  get history(): HistoryControl {
    return this.#history;
  }

  get quarantine(): QuarantineControl {
    return this.#core.quarantine;
  }

  wrap(transport: TransportLike | (() => TransportLike), options: WrapOptions): GovernedTransport {
    const core = this.#core;
    if (core.isClosed) throw new GateError('CALLGATE_GATE_CLOSED', 'expected an open gate');
    assertWrapOptions(options);
    const defaultActor = actorOf(options.principal, options.run);
    const inner = typeof transport === 'function' ? transport() : transport;
    assertTransport(inner);
    if (core.policy.servers.get(options.server) === undefined)
      core.events.emit('server-unregistered', { server: options.server });
    const governed = wrapClonable(core, inner, {
      serverName: options.server,
      identity: options.identity,
      defaultActor,
      onStarted: (started, abandon) => this.#transports.set(started, abandon),
      onEnded: (ended) => this.#transports.delete(ended),
    });
    return governed;
  }

  governClient<Client extends GovernableClient>(client: Client, options: WrapOptions): Client {
    return governClient(this, client, options);
  }

  as<T>(principal: Principal, context: { readonly run?: string }, body: () => T): T {
    assertBody(context, body);
    const { actors } = this.#core;
    return actors.run(createActor(principal, context.run, actors.current()), body);
  }

  decide(call: DryCall): Decision {
    const actor =
      call.principal === undefined ? (this.#core.actors.current() ?? NOBODY) : createActor(call.principal, call.run);
    const params = clonePlain({ name: call.tool, arguments: call.arguments ?? {} });
    if (!isJsonObject(params)) throw new TypeError('arguments: expected an object');
    const run = call.run ?? actor.run;
    const dry = {
      server: call.server,
      ...identityOf(this.#core.policy, call.server),
      direction: 'client-to-server',
      method: 'tools/call',
      params,
      principal: actor.principal,
      ...(run === undefined ? {} : { run, parents: actor.run === run ? actor.parents : [] }),
    } as const;
    const now = this.#core.clock.now();
    return decide(this.#core.policy, dry, { now, history: this.#core.history.attempt('dry', now) });
  }

  reload(policy: CompiledPolicy, options: ReloadOptions = {}): ReloadResult {
    return reloadPolicy(this.#core, policy, options);
  }

  reportPolicyFailure(error: unknown): void {
    reportPolicyFailure(this.#core, error);
  }

  guardFetch(fetch: FetchLike = globalThis.fetch): FetchLike {
    return this.#core.egress.wrap(fetch);
  }

  on<Name extends GateEventName>(name: Name, listener: (payload: GateEvents[Name]) => void): () => void {
    return this.#core.events.on(name, listener);
  }

  async flush(signal?: AbortSignal): Promise<void> {
    const { evidence, trace } = this.#core;
    evidence.drain();
    const traced = trace === undefined ? undefined : within(trace.flush(), TRACE_MS, signal);
    const kept = this.#core.history.flush();
    try {
      await this.#ledger.flush(signal);
    } finally {
      await kept;
      await traced;
    }
  }

  close(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    this.#closing ??= this.#close(options.signal);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(signal: AbortSignal | undefined): Promise<void> {
    this.#core.isClosed = true;
    await this.#drain(signal);
    await this.#closeTransports(signal);
    this.#stopWatching();
    this.#core.evidence.drain();
    await within(this.#core.history.flush(), HISTORY_MS, signal);
    if (this.#core.trace !== undefined) await within(this.#core.trace.close(), TRACE_MS, signal);
    if (this.#isLedgerOwned) await this.#ledger.close();
    else await this.#ledger.flush();
  }

  /** Closes what is wrapped. A transport that does not close in time is left to itself; what was open on it is unknown. */
  async #closeTransports(signal: AbortSignal | undefined): Promise<void> {
    const closing = Promise.allSettled(Array.from(this.#transports.keys(), (transport) => transport.close()));
    await within(closing, CLOSE_MS, signal);
    for (const abandon of this.#transports.values()) abandon();
  }

  /** Waits until no call is open, the time is up or the caller gives up. */
  async #drain(signal: AbortSignal | undefined): Promise<void> {
    const isIdle = (): boolean => [...this.#transports.keys()].every((transport) => transport.openRequests === 0);
    if (isIdle() || signal?.aborted === true) return;
    let stop = (): void => undefined;
    const idle = new Promise<void>((resolve) => {
      stop = this.#core.events.on('call-settled', () => {
        if (isIdle()) resolve();
      });
    });
    await within(idle, this.#drainMs, signal);
    stop();
  }

  #refusedEgress(): void {
    const { evidence, clock, events, telemetry } = this.#core;
    evidence.note({
      kind: 'anomaly',
      time: clock.now(),
      server: '',
      code: 'egress.refused',
      request: null,
      detail: {},
    });
    telemetry.anomaly('', 'egress.refused');
    events.emit('anomaly', { server: '', code: 'egress.refused', request: null });
  }
}

/** Waits for `work`, and no longer than `timeoutMs` or until `signal` aborts. */
async function within(work: Promise<unknown>, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, timeoutMs);
    signal?.addEventListener('abort', finish, { once: true });
    work.then(finish, finish);
  });
}

/** Ids that are unguessable as a whole and cheap one by one: a random prefix and a count. */
function countedIds(prefix: string): () => string {
  let next = 0;
  return () => {
    next += 1;
    return `${prefix}-${next.toString(36)}`;
  };
}

function actorOf(principal: Principal | undefined, run: string | undefined): Actor {
  return principal === undefined && run === undefined ? NOBODY : createActor(principal ?? {}, run);
}

/** A dry run assumes that the server is who the policy says. */
function identityOf(policy: CompiledPolicy, server: string): { readonly identity?: ServerIdentity } {
  const identity = policy.servers.get(server)?.identity;
  return identity === undefined || identity === null ? {} : { identity };
}
