import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { ChannelError, MAX_ANSWER_BYTES, resultOf, type Channel } from './channel.ts';

/** How long a server may take to end after its input ended, and again after it was asked to. */
const GRACE_MS = 1_000;

/** What a server is started with. */
export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | undefined;
}

interface Waiting {
  readonly resolve: (answer: { readonly result?: unknown; readonly error?: unknown }) => void;
  readonly reject: (error: ChannelError) => void;
}

/** Starts a server and speaks the stdio transport of MCP with it. What it writes to its standard error is thrown away. */
export async function openStdioChannel(program: ServerProgram, signal: AbortSignal): Promise<Channel> {
  const child = spawn(program.command, program.args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: program.environment,
    cwd: program.workingDirectory,
    // a group of its own, so that what it starts ends with it
    detached: process.platform !== 'win32',
  });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new ChannelError(
      `the program cannot be started (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      { cause },
    );
  }
  return new StdioChannel(child, signal);
}

class StdioChannel implements Channel {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<boolean>;
  #next = 1;
  #rest = '';
  #failure: ChannelError | undefined;

  constructor(child: ChildProcessByStdio<Writable, Readable, null>, signal: AbortSignal) {
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('close', () => {
        this.#fail(new ChannelError('the server ended before it answered'));
        resolve(true);
      });
    });
    child.on('error', () => this.#fail(new ChannelError('the server failed')));
    child.stdin.on('error', () => this.#fail(new ChannelError('the server takes no messages')));
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    const onAbort = (): void => this.#fail(new ChannelError('the server did not answer in time'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }

  async request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (this.#failure !== undefined) throw this.#failure;
    const id = this.#next;
    this.#next += 1;
    const answer = new Promise<{ readonly result?: unknown; readonly error?: unknown }>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#write({ jsonrpc: '2.0', id, method, params });
    return resultOf(await answer);
  }

  async notify(method: string): Promise<void> {
    this.#write({ jsonrpc: '2.0', method });
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (await this.#endsWithin(GRACE_MS)) return;
    this.#kill('SIGTERM');
    if (await this.#endsWithin(GRACE_MS)) return;
    this.#kill('SIGKILL');
    await this.#endsWithin(GRACE_MS);
  }

  #write(message: object): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    else this.#fail(new ChannelError('the server takes no messages'));
  }

  #receive(text: string): void {
    this.#rest += text;
    if (this.#rest.length > MAX_ANSWER_BYTES) {
      this.#rest = '';
      this.#fail(new ChannelError(`the server wrote a line of more than ${MAX_ANSWER_BYTES} bytes`));
    }
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const message = parsed(line);
    if (message === undefined) return;
    const waiting =
      typeof message.id === 'number' && message.method === undefined ? this.#waiting.get(message.id) : undefined;
    if (waiting !== undefined) {
      this.#waiting.delete(message.id as number);
      waiting.resolve(message);
    } else if (message.id !== undefined && message.method !== undefined) {
      // a server may ask for roots or a ping before it answers; it gets neither, and no silence either
      const answer =
        message.method === 'ping' ? { result: {} } : { error: { code: -32601, message: 'method not found' } };
      this.#write({ jsonrpc: '2.0', id: message.id, ...answer });
    }
  }

  #fail(error: ChannelError): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    try {
      if (pid === undefined || process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // it ended in the meantime
    }
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    try {
      return await Promise.race([this.#ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

function parsed(line: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
