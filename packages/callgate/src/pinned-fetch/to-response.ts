import type { IncomingMessage } from 'node:http';
import { Transform, type Duplex, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { reasonOf } from './dial.ts';
import { FetchRefusedError } from './fetch-refused-error.ts';

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** What a response is made with. */
export interface ResponseContext {
  readonly url: URL;
  readonly method: string;
  readonly isRedirected: boolean;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** The response of `fetch` for what arrived: its body decompressed, bounded, and ended by the caller's signal. */
export function toResponse(incoming: IncomingMessage, context: ResponseContext): Response {
  const { url, method, isRedirected, maxBytes } = context;
  const status = incoming.statusCode ?? 0;
  const isBodyless = method === 'HEAD' || WITHOUT_BODY.has(status);
  if (!isBodyless && Number(incoming.headers['content-length']) > maxBytes) {
    incoming.destroy();
    throw tooLarge(maxBytes);
  }
  if (isBodyless) incoming.resume();
  const response = new Response(isBodyless ? null : bodyOf(incoming, context), {
    status,
    statusText: (incoming.statusMessage ?? '').replaceAll(/[^\t\x20-\x7e]/gu, ''),
    headers: headersOf(incoming),
  });
  Object.defineProperties(response, { url: { value: url.href }, redirected: { value: isRedirected } });
  return response;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function bodyOf(incoming: IncomingMessage, { maxBytes, signal }: ResponseContext): ReadableStream<Uint8Array> {
  const decoder = decoderOf(incoming.headers['content-encoding']);
  const stages = [bounded(maxBytes), ...(decoder === undefined ? [] : [decoder, bounded(maxBytes)])];
  let last: Readable = incoming;
  for (const stage of stages) last = chained(last, stage);
  const body = last;
  if (signal !== undefined) {
    const onAbort = (): void => {
      incoming.destroy();
      body.destroy(reasonOf(signal));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    body.once('close', () => {
      signal.removeEventListener('abort', onAbort);
    });
  }
  // Whoever stops reading closes the connection.
  body.once('close', () => {
    incoming.destroy();
  });
  return Readable.toWeb(body) as ReadableStream<Uint8Array>;
}

/** `source` through `stage`; an error of either ends it. */
function chained(source: Readable, stage: Duplex): Readable {
  source.once('error', (error) => {
    stage.destroy(error);
  });
  return source.pipe(stage);
}

function decoderOf(encoding: string | undefined): Duplex | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

function bounded(maxBytes: number): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count += chunk.length;
      if (count > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}

function tooLarge(maxBytes: number): FetchRefusedError {
  return new FetchRefusedError('size', `expected a response of at most ${maxBytes} bytes, got more`);
}
