/* oxlint-disable typescript/no-explicit-any -- the SDK majors type messages differently; the gate takes both and checks at run time */

/** The transport of either SDK major, of the AI SDK's client, or of anything shaped like them. */
export interface TransportLike {
  start(): Promise<void>;
  send(message: any, options?: any): Promise<void>;
  close(...args: any[]): Promise<void>;
  onmessage?: ((message: any, extra?: any) => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onclose?: (() => void) | undefined;
  readonly sessionId?: string | undefined;
  setProtocolVersion?: ((version: string) => void) | undefined;
}

/** What SDKs pass to `send`, as far as the gate knows it. Unknown members are not passed on. */
export interface SendOptions {
  readonly relatedRequestId?: string | number | undefined;
  readonly resumptionToken?: string | undefined;
  readonly onresumptiontoken?: ((token: string) => void) | undefined;
  readonly requestSignal?: AbortSignal | undefined;
  readonly onRequestStreamEnd?: (() => void) | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Members beyond the minimum that a transport may have; see `docs/architecture.md`, "the wrapped transport". */
export interface OptionalMembers {
  readonly hasPerRequestStream?: boolean;
  readonly stderr?: unknown;
  readonly pid?: number | null;
  terminateSession?(...args: unknown[]): Promise<void>;
  finishAuth?(...args: unknown[]): Promise<void>;
  resumeStream?(...args: unknown[]): Promise<void>;
  protocolVersion?: string | undefined;
  setSupportedProtocolVersions?(versions: string[]): void;
  readonly _serverParams?: unknown;
  readonly _url?: unknown;
  _dispose?(): Promise<void>;
}
