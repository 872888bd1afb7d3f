import {
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  createNoopMeter,
  metrics,
  trace,
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type Span,
  type Tracer,
} from '@opentelemetry/api';

import type { LedgerHealth } from '@callgate/audit';
import type { Principal } from '@callgate/policy';

import type { Verdict } from '../codes.ts';
import { quietly } from './quietly.ts';

const SCOPE = 'callgate';
const VERSION = '0.1.0';

/** What a call looks like to telemetry: names and codes, never content. */
export interface CallFacts {
  readonly server: string;
  readonly method: string;
  readonly target: string | null;
  readonly requestId: string | number | undefined;
  readonly request: string;
  readonly sessionId: string | undefined;
}

/** How a governed request ended. */
export interface EndedOperation {
  readonly outcome: string;
  readonly durationMs: number;
  readonly redactions: number;
  /** In units of the policy; undefined where it does not say. */
  readonly cost: number | undefined;
  readonly principal: Principal;
}

/**
 * Spans and metrics through `@opentelemetry/api` alone. Without an SDK registered every call here returns at once.
 *
 * Names follow the OpenTelemetry semantic conventions for MCP and generative AI where they have one
 * (`mcp.method.name`, `gen_ai.tool.name`, `mcp.client.operation.duration`); the rest is under `callgate.`.
 */
export class Telemetry {
  readonly #tracer: Tracer;
  readonly #meter: Meter;
  readonly #isMetered: boolean;
  readonly #calls: Counter;
  readonly #decisionDuration: Histogram;
  readonly #operationDuration: Histogram;
  readonly #redactions: Counter;
  readonly #cost: Counter;
  readonly #breakers: Counter;
  readonly #unregistered: Counter;
  readonly #scopeExpansion: Counter;
  readonly #anomalies: Counter;

  constructor() {
    this.#tracer = trace.getTracer(SCOPE, VERSION);
    this.#meter = metrics.getMeter(SCOPE, VERSION);
    this.#isMetered = this.#meter !== createNoopMeter();
    this.#calls = this.#meter.createCounter('callgate.calls', {
      description: 'Governed messages by decision, code and stage',
      unit: '{call}',
    });
    this.#decisionDuration = this.#meter.createHistogram('callgate.decision.duration', {
      description: 'Time to decide one message',
      unit: 's',
      advice: { explicitBucketBoundaries: [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 1e-3, 1e-2] },
    });
    this.#operationDuration = this.#meter.createHistogram('mcp.client.operation.duration', {
      description: 'Duration of the MCP request as observed on the client',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] },
    });
    this.#redactions = this.#meter.createCounter('callgate.redactions', {
      description: 'Places redacted in results',
      unit: '{redaction}',
    });
    this.#cost = this.#meter.createCounter('callgate.cost', {
      description: 'What calls cost, in units of the policy',
      unit: '{unit}',
    });
    this.#breakers = this.#meter.createCounter('callgate.breakers', {
      description: 'Breakers that opened or closed',
      unit: '{change}',
    });
    this.#unregistered = this.#meter.createCounter('callgate.unregistered_server.attempts', {
      description: 'Messages to or from servers that policy does not know',
      unit: '{attempt}',
    });
    this.#scopeExpansion = this.#meter.createCounter('callgate.scope_expansion.requests', {
      description: 'Calls held for an approval',
      unit: '{request}',
    });
    this.#anomalies = this.#meter.createCounter('callgate.anomalies', {
      description: 'Messages dropped or mended',
      unit: '{anomaly}',
    });
  }

  /** Whether decision times are wanted; reading the clock twice per call is skipped otherwise. */
  get isMetered(): boolean {
    return this.#isMetered;
  }

  /** Starts the span of a governed request; undefined where nobody records it. */
  startCall(facts: CallFacts): Span | undefined {
    return isTraced() ? quietly(() => this.#startCall(facts)) : undefined;
  }

  #startCall(facts: CallFacts): Span | undefined {
    const span = this.#tracer.startSpan(facts.target === null ? facts.method : `${facts.method} ${facts.target}`, {
      kind: SpanKind.CLIENT,
    });
    if (!span.isRecording()) return undefined;
    span.setAttributes({
      'mcp.method.name': facts.method,
      'callgate.server': facts.server,
      'callgate.request': facts.request,
      ...(facts.requestId === undefined ? {} : { 'jsonrpc.request.id': String(facts.requestId).slice(0, 128) }),
      ...(facts.sessionId === undefined ? {} : { 'mcp.session.id': facts.sessionId }),
      ...targetAttributes(facts),
    });
    return span;
  }

  /** A child span for one decision, and the decision's metrics. */
  decided(facts: CallFacts, verdict: Verdict, parent: Span | undefined, durationMs: number): void {
    if (parent === undefined && !this.#isMetered) return;
    quietly(() => this.#decided(facts, verdict, parent, durationMs));
  }

  #decided(facts: CallFacts, verdict: Verdict, parent: Span | undefined, durationMs: number): void {
    if (parent !== undefined) {
      const attributes = decisionAttributes(facts, verdict);
      const end = Date.now();
      const context = trace.setSpan(ROOT_CONTEXT, parent);
      this.#tracer.startSpan('callgate.decide', { attributes, startTime: end - durationMs }, context).end(end);
      parent.setAttributes({
        'callgate.decision': verdict.effect,
        'callgate.code': verdict.code,
        'callgate.stage': verdict.stage,
        ...(verdict.would === undefined ? {} : { 'callgate.would': verdict.would }),
      });
    }
    if (!this.#isMetered) return;
    const attributes = decisionAttributes(facts, verdict);
    this.#calls.add(1, attributes);
    this.#decisionDuration.record(durationMs / 1000, { 'mcp.method.name': facts.method });
    if (verdict.code === 'server.unregistered') this.#unregistered.add(1, { 'callgate.server': facts.server });
    if ((verdict.would ?? verdict.effect) === 'hold') this.#scopeExpansion.add(1, attributes);
  }

  /** Ends a call's span and records how long it took. */
  settled(facts: CallFacts, span: Span | undefined, ended: EndedOperation): void {
    if (span === undefined && !this.#isMetered) return;
    quietly(() => this.#settled(facts, span, ended));
  }

  #settled(facts: CallFacts, span: Span | undefined, ended: EndedOperation): void {
    const { outcome, durationMs, redactions, cost, principal } = ended;
    const isFailure = outcome !== 'ok';
    if (span !== undefined) {
      span.setAttribute('callgate.outcome', outcome);
      if (isFailure) {
        span.setAttribute('error.type', outcome);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    }
    if (!this.#isMetered) return;
    this.#operationDuration.record(durationMs / 1000, {
      'mcp.method.name': facts.method,
      ...targetAttributes(facts),
      ...(isFailure ? { 'error.type': outcome } : {}),
    });
    if (redactions > 0) this.#redactions.add(redactions, { 'callgate.server': facts.server });
    if (cost !== undefined) {
      this.#cost.add(cost, {
        'callgate.server': facts.server,
        ...targetAttributes(facts),
        ...payerAttributes(principal),
      });
    }
  }

  /** A breaker opened or closed. */
  breaker(control: string, change: string): void {
    if (!this.#isMetered) return;
    quietly(() => this.#breakers.add(1, { 'callgate.control': control, 'callgate.change': change }));
  }

  anomaly(server: string, code: string): void {
    if (!this.#isMetered) return;
    quietly(() => this.#anomalies.add(1, { 'callgate.server': server, 'callgate.code': code }));
  }

  /** Publishes the ledger's state as gauges; returns what stops it. */
  watchLedger(health: () => LedgerHealth): () => void {
    if (!this.#isMetered) return () => undefined;
    const pending = this.#meter.createObservableGauge('callgate.ledger.pending', {
      unit: '{record}',
      description: 'Records appended and not yet durable',
    });
    const dropped = this.#meter.createObservableGauge('callgate.ledger.dropped', {
      unit: '{record}',
      description: 'Records dropped',
    });
    const isOpen = this.#meter.createObservableGauge('callgate.ledger.open', {
      description: '1 while the ledger takes records',
    });
    const onPending = (result: Observation): void => result.observe(health().pending);
    const onDropped = (result: Observation): void => result.observe(health().dropped);
    const onOpen = (result: Observation): void => result.observe(health().state === 'open' ? 1 : 0);
    pending.addCallback(onPending);
    dropped.addCallback(onDropped);
    isOpen.addCallback(onOpen);
    return () => {
      pending.removeCallback(onPending);
      dropped.removeCallback(onDropped);
      isOpen.removeCallback(onOpen);
    };
  }
}

/** Whether a tracer provider is registered; asked per call, because hosts may register one late. */
function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(SCOPE, VERSION) !== undefined;
}

interface Observation {
  observe(value: number): void;
}

function targetAttributes(facts: CallFacts): Attributes {
  if (facts.target === null) return {};
  if (facts.method === 'tools/call')
    return { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': facts.target };
  if (facts.method === 'prompts/get') return { 'gen_ai.prompt.name': facts.target };
  return {};
}

/** Who a cost is attributed to. A user is left out: as an attribute each would be a time series of its own. Records have it. */
function payerAttributes({ agent, team, tenant }: Principal): Attributes {
  return {
    ...(agent === undefined ? {} : { 'gen_ai.agent.id': agent }),
    ...(team === undefined ? {} : { 'callgate.team': team }),
    ...(tenant === undefined ? {} : { 'callgate.tenant': tenant }),
  };
}

function decisionAttributes(facts: CallFacts, verdict: Verdict): Attributes {
  return {
    'mcp.method.name': facts.method,
    'callgate.server': facts.server,
    'callgate.decision': verdict.effect,
    'callgate.code': verdict.code,
    'callgate.stage': verdict.stage,
    ...(verdict.would === undefined ? {} : { 'callgate.would': verdict.would }),
    ...targetAttributes(facts),
  };
}
