import type { Clock } from '@callgate/canonical';

import { GateError } from '../errors.ts';
import type { EventHub } from '../events.ts';
import { CallTracer } from './call-tracer.ts';
import { parseTraceKey } from './trace-key.ts';
import { DEFAULT_TRACE_BYTES, MIN_TRACE_BYTES, type TraceOptions } from './trace-options.ts';
import type { TraceBegin } from './trace-records.ts';
import { createFrameSealer } from './trace-seal.ts';
import { createTraceFile } from './trace-sink.ts';
import { TraceWriter } from './trace-writer.ts';

const TRACE_OPTIONS: Record<keyof TraceOptions, true> = {
  file: true,
  sink: true,
  key: true,
  maxBytes: true,
  results: true,
};

/**
 * Checks a gate's `trace` option.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS`
 */
export function assertTraceOptions(trace: TraceOptions): void {
  if (typeof trace !== 'object' || trace === null) throw invalid('trace: expected an object with `file` and `key`');
  const { file, sink, key, maxBytes = DEFAULT_TRACE_BYTES, results = true } = trace;
  const unknown = Object.keys(trace).find((name) => !Object.hasOwn(TRACE_OPTIONS, name));
  if (unknown !== undefined) throw invalid(`trace: expected only ${Object.keys(TRACE_OPTIONS).join(', ')}`);
  if ((file === undefined) === (sink === undefined)) throw invalid('trace: expected `file` or `sink`, and not both');
  if (file !== undefined && (typeof file !== 'string' || file === '')) throw invalid('trace.file: expected a path');
  if (sink !== undefined && (typeof sink?.write !== 'function' || typeof sink.close !== 'function'))
    throw invalid('trace.sink: expected an object with `write` and `close`');
  if (typeof key !== 'string') throw invalid('trace.key: expected a key, as `callgate trace keygen` makes it');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_TRACE_BYTES)
    throw invalid(`trace.maxBytes: expected an integer of at least ${MIN_TRACE_BYTES}`);
  if (typeof results !== 'boolean') throw invalid('trace.results: expected true or false');
}

/**
 * Opens a gate's trace.
 *
 * @throws {TraceError} `CALLGATE_TRACE_KEY_INVALID`, `CALLGATE_TRACE_UNWRITABLE`
 */
export async function openGateTrace(
  options: TraceOptions,
  about: { readonly clock: Clock; readonly events: EventHub; readonly policy: TraceBegin['policy'] },
): Promise<CallTracer> {
  const { clock, events, policy } = about;
  const sealer = createFrameSealer(parseTraceKey(options.key));
  const sink = options.sink ?? (await createTraceFile(options.file ?? '', clock.now()));
  const maxBytes = options.maxBytes ?? DEFAULT_TRACE_BYTES;
  const tracer = new CallTracer(new TraceWriter({ sink, sealer, clock, events, maxBytes }), {
    results: options.results ?? true,
  });
  tracer.begin(clock.now(), policy);
  return tracer;
}

function invalid(message: string): GateError {
  return new GateError('CALLGATE_GATE_OPTIONS', message);
}
