import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { excerpt } from '@callgate/canonical';
import type { TransportLike } from 'callgate';

import { InputError } from '../errors.ts';
import { createLineSplitter, type InputLine } from '../input/split-lines.ts';

/** The longest line of a server; what is longer cannot be a message that a gate takes. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

const GRACE_MS = 2_000;

/**
 * The stdio transport of MCP to a server that it starts: one JSON message a line. The server's standard error is this
 * process's own.
 */
export class ProcessTransport implements TransportLike {
  onmessage?: (message: unknown) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  /** Where a gate looks for who the server is. */
  readonly _serverParams: { readonly command: string; readonly args: readonly string[] };
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  readonly #graceMs: number;

  /**
   * @param options.env variables to add to this process's own
   * @param options.graceMs how long a server may take to end after its input ended, and again after it was asked to; default 2,000
   */
  constructor(
    command: string,
    args: readonly string[],
    {
      env = {},
      graceMs = GRACE_MS,
    }: { readonly env?: Readonly<Record<string, string>>; readonly graceMs?: number } = {},
  ) {
    this._serverParams = { command, args };
    this.#env = env;
    this.#graceMs = graceMs;
  }

  /** The exit code or signal of a server that ended. */
  get exit(): string | undefined {
    const { exitCode = null, signalCode = null } = this.#child ?? {};
    return signalCode ?? (exitCode === null ? undefined : `exit code ${exitCode}`);
  }

  /** @throws {InputError} when the program cannot be started */
  async start(): Promise<void> {
    const { command, args } = this._serverParams;
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...this.#env },
    });
    this.#child = child;
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new InputError(`cannot start \`${excerpt(command)}\`: ${code}`, { cause });
    }
    child.on('error', (error) => this.onerror?.(error));
    // What writing to a server that went away reports, its end tells too.
    child.stdin.on('error', (error) => this.onerror?.(error));
    this.#ended = new Promise<void>((resolve) => {
      child.once('close', () => {
        resolve();
        this.onclose?.();
      });
    });
    this.#receive(child.stdout);
  }

  async send(message: unknown): Promise<void> {
    const input = this.#child?.stdin;
    if (input === undefined || !input.writable) throw new Error('the server does not take messages any more');
    await new Promise<void>((resolve, reject) => {
      input.write(`${JSON.stringify(message)}\n`, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** Ends the server's input, and the server itself if it does not take that as a reason to end. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.stdin.end();
    if (await this.#endsWithin(this.#graceMs)) return;
    child.kill('SIGTERM');
    if (await this.#endsWithin(this.#graceMs)) return;
    child.kill('SIGKILL');
    await this.#endsWithin(this.#graceMs);
  }

  #receive(output: Readable): void {
    const splitter = createLineSplitter(MAX_LINE_BYTES);
    output.on('data', (chunk: Uint8Array) => {
      for (const line of splitter.push(chunk)) this.#take(line);
    });
    output.on('error', (error) => this.onerror?.(error));
  }

  #take(line: InputLine): void {
    if (line.kind === 'text' && line.text.trim() === '') return;
    const message = line.kind === 'text' ? parsed(line.text) : undefined;
    if (message === undefined) this.onerror?.(new Error('the server wrote a line that is not JSON'));
    else this.onmessage?.(message);
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    try {
      return await Promise.race([this.#ended.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
