import type { TraceSink } from './trace-sink.ts';

/** Options of a gate's trace. */
export interface TraceOptions {
  /** A file that is not there yet, or a folder in which each gate makes a file of its own. */
  readonly file?: string;
  /** …or where else the sealed bytes go. The gate closes it. */
  readonly sink?: TraceSink;
  /**
   * The key to seal with, as `generateTraceKey` or `callgate trace keygen` made it. A public key is enough, and better: then
   * this process can read nothing back.
   */
  readonly key: string;
  /** The most bytes of one trace, default 1 GiB, at least 64 KiB. At the bound the trace ends; calls go on. */
  readonly maxBytes?: number;
  /** Trace what servers answer, default true. */
  readonly results?: boolean;
}

export const DEFAULT_TRACE_BYTES: number = 1024 * 1024 * 1024;
export const MIN_TRACE_BYTES: number = 64 * 1024;
