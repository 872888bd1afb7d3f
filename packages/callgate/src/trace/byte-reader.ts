import { TraceError } from './errors.ts';

/** Reads a stream of chunks by numbers of bytes. Holds one chunk, and what one read asks for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #isClosed = false;
  /** Bytes handed out. */
  position = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, fewer only where the stream ends. */
  async read(count: number): Promise<Uint8Array> {
    if (this.#chunk.byteLength >= count) return this.#take(count);
    const parts: Uint8Array[] = [];
    let missing = count;
    while (missing > 0 && (await this.#fill())) {
      const part = this.#take(Math.min(missing, this.#chunk.byteLength));
      missing -= part.byteLength;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** Bytes up to and with the first `end`; what there is where none comes within `limit`. */
  async readThrough(end: number, limit: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let taken = 0; taken < limit && (await this.#fill());) {
      const at = this.#chunk.indexOf(end);
      const part = this.#take(Math.min(limit - taken, at === -1 ? this.#chunk.byteLength : at + 1));
      taken += part.byteLength;
      parts.push(part);
      if (at !== -1) break;
    }
    return Buffer.concat(parts);
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#chunk = new Uint8Array();
    await this.#chunks.return?.();
  }

  #take(count: number): Uint8Array {
    const part = this.#chunk.subarray(0, count);
    this.#chunk = this.#chunk.subarray(count);
    this.position += count;
    return part;
  }

  /** Whether there is something to take. */
  async #fill(): Promise<boolean> {
    while (this.#chunk.byteLength === 0) {
      if (this.#isClosed) return false;
      const next = await this.#next();
      if (next.done === true) return false;
      this.#chunk = next.value;
    }
    return true;
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#chunks.next();
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
      throw new TraceError('CALLGATE_TRACE_UNREADABLE', `cannot read the trace: ${code}`, { cause });
    }
  }
}
