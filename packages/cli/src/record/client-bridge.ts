import type { GovernedTransport } from 'callgate';

import type { CommandIo } from '../command-io.ts';
import { createLineSplitter, type InputLine } from '../input/split-lines.ts';
import { standardInput } from '../input/standard-input.ts';
import type { Writer } from '../output/writer.ts';

const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Messages of the client that are on their way to the server; no more are read before some have arrived. */
const MAX_ON_THE_WAY = 1_000;

/** Why a bridge ended. */
export type BridgeEnd = 'client-left' | 'server-left' | 'interrupted';

/**
 * Joins a client on standard input and output with a governed transport: what the client writes is sent, what the gate
 * delivers is written. Resolves once one of them is gone; closes neither.
 *
 * @param signal ends it as an interrupt does
 */
export async function bridgeClient(
  transport: GovernedTransport,
  about: { readonly io: CommandIo; readonly out: Writer; readonly signal: AbortSignal },
): Promise<BridgeEnd> {
  const { io, out, signal } = about;
  return new Promise((resolve, reject) => {
    const write = (message: unknown): void => {
      out.printLine(JSON.stringify(message));
      out.flush().catch(() => resolve('client-left'));
    };
    transport.onmessage = write;
    transport.onclose = () => resolve('server-left');
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
    new ClientLines(transport, write).readAll(io).then(() => resolve('client-left'), reject);
  });
}

/** What the client writes, on its way. */
class ClientLines {
  readonly #transport: GovernedTransport;
  readonly #write: (message: unknown) => void;
  readonly #onTheWay = new Set<Promise<void>>();

  constructor(transport: GovernedTransport, write: (message: unknown) => void) {
    this.#transport = transport;
    this.#write = write;
  }

  async readAll(io: CommandIo): Promise<void> {
    const splitter = createLineSplitter(MAX_LINE_BYTES);
    for await (const chunk of standardInput(io)) await this.#takeAll(splitter.push(chunk));
    await this.#takeAll(splitter.end());
    await Promise.all(this.#onTheWay);
  }

  async #takeAll(lines: Iterable<InputLine>): Promise<void> {
    for (const line of lines) {
      this.#take(line);
      while (this.#onTheWay.size >= MAX_ON_THE_WAY) await Promise.race(this.#onTheWay);
    }
  }

  #take(line: InputLine): void {
    if (line.kind === 'text' && line.text.trim() === '') return;
    let message: unknown;
    try {
      if (line.kind === 'text') message = JSON.parse(line.text) as unknown;
    } catch {
      // Answered like any other line that is not JSON.
    }
    if (message === undefined) {
      // JSON-RPC 2.0 §5.1
      this.#write({ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'expected a line of JSON' } });
      return;
    }
    const sent = this.#transport.send(message).catch((error: unknown) => this.#refuse(message, error));
    this.#onTheWay.add(sent);
    void sent.finally(() => this.#onTheWay.delete(sent));
  }

  /** A message that could not be sent. Who waits for an answer gets one; notifications and replies have nobody waiting. */
  #refuse(message: unknown, error: unknown): void {
    if (typeof message !== 'object' || message === null || !('method' in message) || !('id' in message)) return;
    const text = error instanceof Error ? error.message : 'the message could not be sent';
    this.#write({ jsonrpc: '2.0', id: message.id, error: { code: -32_603, message: text } });
  }
}
