import { trace, type Span } from '@opentelemetry/api';

import { own, type JsonObject } from '@callgate/canonical';

import { quietly } from './quietly.ts';

/** A W3C trace context as records hold it. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

// W3C Trace Context §3.2: version-traceid-parentid-flags, lower-case hex, ids not all zero
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/u;

/** The trace context a message's `_meta` carries (SEP-414), or null. */
export function readTraceContext(meta: JsonObject | undefined): TraceContext | null {
  const header = meta === undefined ? undefined : own(meta, 'traceparent');
  if (typeof header !== 'string') return null;
  const match = TRACEPARENT.exec(header);
  return match === null ? null : { traceId: match[1] as string, spanId: match[2] as string };
}

/** The trace context of the host's active span, or null. */
export function activeTraceContext(): TraceContext | null {
  const context = quietly(() => trace.getActiveSpan()?.spanContext());
  return context === undefined || !trace.isSpanContextValid(context)
    ? null
    : { traceId: context.traceId, spanId: context.spanId };
}

/** The `traceparent` and `tracestate` that make the server's spans children of `span`; undefined where it does not tell. */
export function traceMeta(span: Span): JsonObject | undefined {
  return quietly(() => readTraceMeta(span));
}

function readTraceMeta(span: Span): JsonObject {
  const context = span.spanContext();
  const flags = context.traceFlags.toString(16).padStart(2, '0');
  const state = context.traceState?.serialize();
  return {
    traceparent: `00-${context.traceId}-${context.spanId}-${flags}`,
    ...(state === undefined || state === '' ? {} : { tracestate: state }),
  };
}
