import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { govern } from './support.ts';

const spans = new InMemorySpanExporter();
let points: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;

beforeEach(() => {
  points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 3_600_000 });
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
});
afterEach(() => {
  trace.disable();
  metrics.disable();
  spans.reset();
});

describe('telemetry', () => {
  it('an allowed call is a client span with a decision inside, named by the conventions, without content', async () => {
    const { call, server } = await govern();
    await call('lookup', { region: 'us-east', limit: 25 });
    const finished = spans.getFinishedSpans();
    const decision = finished.find((span) => span.name === 'callgate.decide');
    const operation = finished.find((span) => span.name === 'tools/call lookup');
    expect(operation?.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'lookup',
      'callgate.decision': 'allow',
      'callgate.outcome': 'ok',
    });
    expect(decision?.parentSpanContext?.spanId).toBe(operation?.spanContext().spanId);
    expect(
      JSON.stringify(finished.map(({ name, attributes, events }) => ({ name, attributes, events }))),
    ).not.toContain('us-east');
    const meta = server.received[0]?.params?.['_meta'] as { readonly traceparent: string };
    expect(meta.traceparent).toBe(`00-${operation?.spanContext().traceId}-${operation?.spanContext().spanId}-01`);
  });

  it('the decision record holds the trace of its call', async () => {
    const { call, records } = await govern();
    await call('lookup', { region: 'us-east' });
    const operation = spans.getFinishedSpans().find((span) => span.name === 'tools/call lookup');
    expect(records().find((record) => record.kind === 'decision')).toMatchObject({
      trace: { traceId: operation?.spanContext().traceId, spanId: operation?.spanContext().spanId },
    });
  });

  it('the trace context stays at home where the host says so', async () => {
    const { call, server } = await govern({ gate: { propagateTrace: false } });
    await call('lookup', { region: 'us-east' });
    expect(server.received[0]?.params).not.toHaveProperty('_meta');
  });

  it('a denied call is a span in error with the code, and is counted by decision, code and stage', async () => {
    const { call, gate } = await govern();
    await call('lookup', { region: '*' });
    await call('remove', {});
    const operation = spans.getFinishedSpans().find((span) => span.name === 'tools/call lookup');
    expect(operation?.attributes).toMatchObject({ 'callgate.code': 'arguments.envelope', 'error.type': 'denied' });
    await reader.forceFlush();
    const exported =
      points
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    const names = exported.map((metric) => metric.descriptor.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'callgate.calls',
        'callgate.decision.duration',
        'mcp.client.operation.duration',
        'callgate.ledger.open',
      ]),
    );
    const calls = exported.find((metric) => metric.descriptor.name === 'callgate.calls');
    expect(calls?.dataPoints.map((point) => point.attributes['callgate.code'])).toEqual(
      expect.arrayContaining(['arguments.envelope', 'approval.required']),
    );
    expect(names).toContain('callgate.scope_expansion.requests');
    await gate.close();
  });

  it('counts what calls cost, for whom, and the breakers that open; and tells hosts of both and of soft limits', async () => {
    const { call, gate, server } = await govern({
      policy: `
callgate: 1
name: costs
version: "1"
meters: [{ id: budget, sum: cost, per: [principal.team], soft: 3, max: 9 }]
breakers: [{ id: down, on: consecutive failure, per: [tool], after: 1, open: 1m }]
servers: { inventory: { tools: { lookup: { ring: 0, cost: 2 } } } }`,
      wrap: { principal: { user: 'u-1', team: 'field', tenant: 'acme' } },
    });
    const told: unknown[] = [];
    gate.on('call-settled', ({ cost }) => told.push(cost));
    gate.on('call-decided', ({ notices }) => told.push(notices?.map(({ id }) => id)));
    gate.on('breaker-opened', ({ control }) => told.push(control));
    await call('lookup');
    server.handle('tools/call', () => ({ content: [], isError: true }));
    await call('lookup');
    expect(told).toEqual([undefined, 2, ['budget'], 'down', 2]);
    await reader.forceFlush();
    const metricsOf = (name: string): unknown =>
      points
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics)
        .find((metric) => metric.descriptor.name === name)
        ?.dataPoints.map(({ attributes, value }) => ({ ...attributes, value }));
    expect(metricsOf('callgate.cost')).toEqual([
      expect.objectContaining({ 'callgate.team': 'field', 'callgate.tenant': 'acme', value: 4 }),
    ]);
    expect(JSON.stringify(metricsOf('callgate.cost'))).not.toContain('u-1');
    expect(metricsOf('callgate.breakers')).toEqual([
      { 'callgate.control': 'down', 'callgate.change': 'opened', value: 1 },
    ]);
    await gate.close();
  });

  it('an unregistered server is counted', async () => {
    const { call } = await govern({ wrap: { server: 'nowhere' } });
    await call('lookup');
    await reader.forceFlush();
    const exported =
      points
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    expect(exported.map((metric) => metric.descriptor.name)).toContain('callgate.unregistered_server.attempts');
  });
});
