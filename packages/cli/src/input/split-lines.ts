import { TextDecoder } from 'node:util';

/** One line of input, numbered from 1, or what keeps it from being one. */
export type InputLine =
  | { readonly kind: 'text'; readonly number: number; readonly text: string }
  | { readonly kind: 'too-long'; readonly number: number }
  | { readonly kind: 'not-utf8'; readonly number: number };

/** Splits bytes into lines as they arrive. */
export interface LineSplitter {
  /** The lines that `chunk` completes. */
  push(chunk: Uint8Array | string): Generator<InputLine>;
  /** The last line, if the input does not end with a line feed. */
  end(): Generator<InputLine>;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A splitter that holds at most `maxLineBytes` of an unfinished line: what is longer is thrown away up to the next line
 * feed and reported as `too-long`.
 */
export function createLineSplitter(maxLineBytes: number): LineSplitter {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const manyDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  let number = 0;
  let parts: Uint8Array[] = [];
  let bytes = 0;

  /** Keeps bytes of an unfinished line, or only their number once there are too many. */
  const keep = (part: Uint8Array): void => {
    bytes += part.byteLength;
    if (bytes > maxLineBytes) parts = [];
    else if (part.byteLength > 0) parts.push(part);
  };
  const finish = (): InputLine => {
    number += 1;
    const line = bytes > maxLineBytes ? ({ kind: 'too-long', number } as const) : decode(decoder, parts, bytes, number);
    parts = [];
    bytes = 0;
    return line;
  };

  /** The lines of a part that has whole lines only, each of which is short enough. */
  const finishAll = function* (part: Uint8Array): Generator<InputLine> {
    let text: string;
    try {
      text = manyDecoder.decode(part);
    } catch {
      for (let start = 0; start < part.byteLength;) {
        const end = part.indexOf(LINE_FEED, start);
        keep(part.subarray(start, end));
        yield finish();
        start = end + 1;
      }
      return;
    }
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start);
      number += 1;
      // Each line may begin with a mark of its own, as in files that were put together.
      yield {
        kind: 'text',
        number,
        text: text.slice(text.startsWith(BYTE_ORDER_MARK, start) ? start + 1 : start, end),
      };
      start = end + 1;
    }
  };

  return {
    *push(chunk) {
      const data = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
      let start = 0;
      // What was kept before has to be put together first; and where a line may be too long, each is looked at by itself.
      for (let end = data.indexOf(LINE_FEED); end !== -1; end = data.indexOf(LINE_FEED, start)) {
        if (start > 0 && data.byteLength <= maxLineBytes) break;
        keep(data.subarray(start, end));
        yield finish();
        start = end + 1;
      }
      const last = data.lastIndexOf(LINE_FEED);
      if (last >= start) {
        yield* finishAll(data.subarray(start, last + 1));
        start = last + 1;
      }
      // A copy: the stream may reuse the chunk's memory.
      keep(data.slice(start));
    },
    *end() {
      if (bytes > 0) yield finish();
    },
  };
}

function decode(decoder: TextDecoder, parts: readonly Uint8Array[], bytes: number, number: number): InputLine {
  try {
    return { kind: 'text', number, text: decoder.decode(joined(parts, bytes)) };
  } catch {
    return { kind: 'not-utf8', number };
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const line = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    line.set(part, offset);
    offset += part.byteLength;
  }
  return line;
}
