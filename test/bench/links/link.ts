import type { TransportLike } from 'callgate';

/** Puts something (or nothing) between a client and its transport. */
export type Wrap = <Transport extends TransportLike>(transport: Transport) => Transport;

/** A client that is connected to an echo server. */
export interface EchoClient {
  /** Calls `echo` and returns the length of the text that came back. */
  echo(bytes: number): Promise<number>;
  close(): Promise<void>;
}

/** One way to reach an echo server: SDK major, protocol revision and transport. */
export interface Link {
  readonly name: string;
  readonly transport: 'in-memory' | 'stdio' | 'http';
  open(wrap: Wrap): Promise<EchoClient>;
}

/** The length of the text in a `tools/call` result. */
export function textLength(result: object): number {
  const { content } = result as { readonly content?: readonly { readonly text?: string }[] };
  const text = content?.[0]?.text;
  if (text === undefined) throw new TypeError(`expected a text result, got ${JSON.stringify(result).slice(0, 500)}`);
  return text.length;
}
