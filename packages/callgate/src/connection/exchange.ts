import type { Attempt } from '@callgate/breaker';
import type { Digest, Instant, JsonObject } from '@callgate/canonical';
import type { Span } from '@opentelemetry/api';

import type { Actor } from '../actor.ts';
import type { Verdict } from '../codes.ts';
import type { CallFacts } from '../telemetry/telemetry.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import type { RequestId } from '../wire.ts';
import type { Asked } from './ask-policy.ts';

/**
 * One request of the client on its way: `deciding` until it is decided and recorded, `sent` while the server has it,
 * `done` from the moment its one answer is fixed. Answers are accepted in `sent` only.
 */
export interface Exchange {
  readonly id: RequestId;
  /** The gate's id of this request, as in records and denials. */
  readonly request: string;
  readonly method: string;
  readonly actor: Actor;
  readonly isModern: boolean;
  /** A `tools/call` that asked to run as a task. */
  isTaskCall: boolean;
  readonly options: SendOptions;
  readonly startedMs: number;
  /** The params as they will be, or were, sent; `{}` where the message has none. */
  params: JsonObject;
  /** Whether the message has a `params` member: what allows is transparent to that detail. */
  hasParams: boolean;
  /** The very message that was sent: what the sealed transport lets out while the exchange is open. */
  wire: object | undefined;
  phase: 'deciding' | 'sent' | 'done';
  /** When it was decided; until then, when it came. */
  decidedAt: Instant;
  /** What policy was asked about it, once it was. */
  asked: Asked | undefined;
  verdict: Verdict | undefined;
  /** Labels of content from quarantine among its arguments. */
  carries: readonly string[];
  /** What is reserved for it, from when it is allowed until it ends. */
  reserved: Attempt | undefined;
  /** Whether the decision record was appended; a request without one has no outcome either. */
  isRecorded: boolean;
  /** The span and names for telemetry. */
  facts: CallFacts;
  span: Span | undefined;
  /** Progress notifications seen. */
  progress: number;
  readonly progressToken: RequestId | undefined;
  /** Cancels the request upstream where the transport has a stream per request. */
  abort: AbortController | undefined;
  /** Undoes what was set up when the request was sent: timer, listeners, egress approval. */
  readonly cleanups: (() => void)[];
  /** Digest of the params for the resumption book, once needed. */
  resumableDigest: Digest | undefined;
}

/** Runs and forgets an exchange's cleanups. */
export function releaseExchange(exchange: Exchange): void {
  for (const cleanup of exchange.cleanups.splice(0)) cleanup();
}
