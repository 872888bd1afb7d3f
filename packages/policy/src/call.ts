import type { Digest, Instant, JsonObject } from '@callgate/canonical';

import type { HistoryView } from './history/history-view.ts';

/** Who acts. Every member is optional; what is absent satisfies no condition about it. */
export interface Principal {
  readonly user?: string;
  readonly agent?: string;
  readonly workload?: string;
  readonly team?: string;
  readonly tenant?: string;
  readonly roles?: readonly string[];
}

/** Which way a message goes: the client asks the server, or the server asks (or tells) the client. */
export type Direction = 'client-to-server' | 'server-to-client';

/**
 * One message to decide on: a request or a notification in either direction, frozen.
 *
 * `params` is the JSON-RPC `params` object, deep-frozen plain data, `{}` where the message has none. For `tools/call`
 * the tool and its arguments are `params.name` and `params.arguments`.
 */
export interface Call {
  /** The server's registered name. */
  readonly server: string;
  /** What was observed of the server's identity; absent where nothing could be observed. */
  readonly identity?: ServerIdentity | undefined;
  readonly direction: Direction;
  /** JSON-RPC method, for instance `tools/call`. */
  readonly method: string;
  readonly params: JsonObject;
  readonly principal: Principal;
  /** One agent run (one task, one trace). */
  readonly run?: string | undefined;
  /** The runs that it is part of, innermost first, at most 16. Their budgets and labels are its own too. */
  readonly parents?: readonly string[] | undefined;
}

/** What a decision depends on besides policy and call. */
export interface DecisionContext {
  /** When the decision is made. Absent: a condition that reads `now` cannot be evaluated, and no exception is in force. */
  readonly now?: Instant | undefined;
  /** What happened before. Absent: a call that a control is about cannot be evaluated. */
  readonly history?: HistoryView | undefined;
}

/** How a server is reached: a local command, or a URL. */
export type ServerIdentity = { readonly command: string; readonly args: readonly string[] } | { readonly url: string };

/** The digest of a policy document's canonical form. */
export type PolicyDigest = Digest;
