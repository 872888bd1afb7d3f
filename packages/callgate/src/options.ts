import type { AuditSink, Ledger } from '@callgate/audit';
import type { Clock, IdSource, PlainDataLimits } from '@callgate/canonical';
import type { Detector } from '@callgate/inspector';
import type { CompiledPolicy, Principal, ServerIdentity } from '@callgate/policy';
import type { Lock } from '@callgate/registry/lock';

import type { HistoryOptions } from './history/history-options.ts';
import type { Interceptor } from './interceptors.ts';
import type { QuarantineOptions } from './quarantine/quarantine-options.ts';
import type { TraceOptions } from './trace/trace-options.ts';

/** Options of `createGate`. */
export interface GateOptions {
  /** The policy in force. Without one nothing is allowed, so it is required. */
  readonly policy: CompiledPolicy;
  /**
   * Where records go: a folder (file sink), `memory` (the default: the newest 10,000 records, gone with the process), a sink, or a ledger
   * that the host opened and closes itself.
   */
  readonly ledger?: string | AuditSink | Ledger;
  /**
   * What servers were approved to be (`loadLock`). What differs from it is withheld, denied or held, as the policy's `drift` says;
   * a server that is not in it, all of it. Without a lock nothing is compared.
   */
  readonly lock?: Lock;
  /** Extension points on the path; see {@link Interceptor}. */
  readonly interceptors?: readonly Interceptor[];
  /** How a denied `tools/call` is answered: as a result with `isError` (default), or as a protocol error. */
  readonly onDeny?: 'result' | 'throw';
  /**
   * Whether reads of ring 0 and 1 may go ahead while the ledger takes no records. Default `deny`. Rings 2 and 3 are
   * denied either way.
   */
  readonly whenLedgerFails?: 'deny' | 'allow-reads';
  /**
   * Keep a trace: every call and answer in full, sealed, for `callgate replay` and `callgate suggest`. Off unless given. It
   * holds what records never do; see docs/guide/record-and-replay.md.
   */
  readonly trace?: TraceOptions;
  /** Put the active trace context into `_meta` (SEP-414: `traceparent`, `tracestate`). Default true. */
  readonly propagateTrace?: boolean;
  /** Bounds of one message, both directions. */
  readonly messageLimits?: Partial<PlainDataLimits>;
  /** Requests open at a time on one connection, default 10,000. */
  readonly maxOpenRequests?: number;
  /**
   * Detectors of your own, beside the standard ones, for everything that servers send. One that throws withholds the message. Policy
   * treats their findings like those of their kind; those of kind `custom` are withheld.
   */
  readonly detectors?: readonly Detector[];
  /** Milliseconds that inspecting one message may take, default 5,000; what takes longer is withheld. Small messages take microseconds. */
  readonly maxInspectionMs?: number;
  /**
   * Where what inspection withholds is kept, sealed. Default: in memory, the newest 100 answers and 16 MiB of them, for an hour. See
   * docs/guide/quarantine.md.
   */
  readonly quarantine?: QuarantineOptions;
  /**
   * What the gate remembers of what happened before, for meters, breakers and flows: where it is kept, and its bounds. See
   * docs/guide/history.md.
   */
  readonly history?: HistoryOptions;
  /** Milliseconds that `close` waits for open calls, default 5,000. */
  readonly drainMs?: number;
  /** For tests and replays. */
  readonly clock?: Clock;
  /** For tests and replays: the ids of requests. */
  readonly ids?: IdSource;
  /** For tests: from 0 up to 1, what spreads the pauses between retries. */
  readonly random?: () => number;
}

/** Options of `wrap`. */
export interface WrapOptions {
  /** The server's registered name in the policy. */
  readonly server: string;
  /** Who acts when no `as` is around the call. */
  readonly principal?: Principal;
  /** The run of calls that no `as` is around. */
  readonly run?: string;
  /**
   * What the host knows of the server's identity, for transports that do not show it. Where the transport shows it, that
   * is what counts.
   */
  readonly identity?: ServerIdentity;
}
