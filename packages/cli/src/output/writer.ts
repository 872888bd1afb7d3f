import type { OutputStream } from '../command-io.ts';
import { OutputError } from '../errors.ts';

const FLUSH_LENGTH = 64 * 1024;

/** Text output with a bounded buffer. */
export interface Writer {
  readonly isTerminal: boolean;
  /** Adds text to the buffer. */
  print(text: string): void;
  printLine(text: string): void;
  /** Whether the buffer holds so much that a producer should `flush` before going on. */
  readonly isFull: boolean;
  /**
   * Hands the buffer on and waits until the reader took it.
   *
   * @throws {OutputError} when the reader went away (`isClosed`) or writing failed
   */
  flush(): Promise<void>;
}

/** Codes with which a stream says that nobody reads any more. */
const CLOSED = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** A writer on a stream. Takes over the stream's errors: none surfaces as an uncaught exception. */
export function createWriter(stream: OutputStream): Writer {
  const parts: string[] = [];
  let length = 0;
  stream.on('error', () => {
    // The callback of the failed write gets the same error.
  });
  const print = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  return {
    isTerminal: stream.isTTY === true,
    print,
    printLine: (text) => print(`${text}\n`),
    get isFull() {
      return length >= FLUSH_LENGTH;
    },
    flush: async () => {
      if (length === 0) return;
      const text = parts.join('');
      parts.length = 0;
      length = 0;
      await writeAll(stream, text);
    },
  };
}

async function writeAll(stream: OutputStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(outputError(error));
    });
  });
}

function outputError(cause: Error): OutputError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  const isClosed = CLOSED.has(code);
  return new OutputError(isClosed, isClosed ? 'the reader of the output went away' : `writing output failed: ${code}`, {
    cause,
  });
}
