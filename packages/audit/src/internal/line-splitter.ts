const LINE_FEED = 0x0a;

/** What to do with a complete line: `bytes[start, end)`, valid during the call only. */
export type OnLine = (bytes: Uint8Array, start: number, end: number) => void;

/** Cuts a stream of bytes into lines. Keeps at most one unfinished line, and of that at most `maxLineBytes`. */
export class LineSplitter {
  readonly #onLine: OnLine;
  readonly #onTooLong: (bytes: number) => void;
  readonly #maxLineBytes: number;
  #rest: Uint8Array[] = [];
  #restBytes = 0;

  constructor(maxLineBytes: number, onLine: OnLine, onTooLong: (bytes: number) => void) {
    this.#maxLineBytes = maxLineBytes;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  /** Bytes after the last line feed so far. */
  get restBytes(): number {
    return this.#restBytes;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (;;) {
      const feed = chunk.indexOf(LINE_FEED, start);
      if (feed < 0) break;
      if (this.#restBytes === 0 && feed - start <= this.#maxLineBytes) this.#onLine(chunk, start, feed);
      else this.#finish(chunk.subarray(start, feed));
      start = feed + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** Forgets an unfinished line, for the beginning of another file. */
  reset(): void {
    this.#rest = [];
    this.#restBytes = 0;
  }

  #finish(end: Uint8Array): void {
    this.#keep(end);
    const length = this.#restBytes;
    const parts = this.#rest;
    this.reset();
    if (length > this.#maxLineBytes) {
      this.#onTooLong(length);
      return;
    }
    const line = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      line.set(part, at);
      at += part.length;
    }
    this.#onLine(line, 0, length);
  }

  /** Keeps a copy: the caller may use its buffer again. A line that is too long already is only counted. */
  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#restBytes += part.length;
    if (this.#restBytes <= this.#maxLineBytes) this.#rest.push(part.slice());
    else this.#rest = [];
  }
}
