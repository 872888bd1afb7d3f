import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { excerpt } from '@callgate/canonical';

import { MAX_BUNDLE_BYTES } from './envelope.ts';
import { BundleError } from './errors.ts';
import { FetchedSource, type BundleFetchOptions } from './fetched-source.ts';

/** The file in which a directory has its bundle. */
const BUNDLE_FILE_NAME = 'callgate.bundle.json';

/** What is at a source now. */
export type SourceAnswer =
  | { readonly kind: 'unchanged' }
  /** `tag` names this version to the source, where the source knows versions. */
  | { readonly kind: 'bundle'; readonly bytes: Uint8Array; readonly tag: string | undefined };

/** Where bundles come from. */
export interface BundleSource {
  /**
   * @param tag of the version that is known: the answer may be `unchanged`
   * @throws {BundleError} `CALLGATE_BUNDLE_UNAVAILABLE`, `CALLGATE_BUNDLE_TOO_LARGE`, `CALLGATE_BUNDLE_SOURCE_REFUSED`
   */
  read(tag: string | undefined, signal: AbortSignal): Promise<SourceAnswer>;
}

/**
 * A source by its name: `https://…`, or the path (or `file:` URL) of a bundle, or of a directory with a {@link BUNDLE_FILE_NAME}.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_SOURCE_REFUSED` for a URL that is not fetched from
 */
export function openSource(source: string | URL, options: BundleFetchOptions): BundleSource {
  const url = source instanceof URL ? source : urlOf(source);
  if (url === undefined) return new FileSource(String(source));
  return url.protocol === 'file:' ? new FileSource(fileURLToPath(url)) : new FetchedSource(url, options);
}

/** A scheme of two letters and more: `C:\policies` is a path. */
function urlOf(source: string): URL | undefined {
  return /^[a-z][a-z0-9+.-]+:\/\//iu.test(source) && URL.canParse(source) ? new URL(source) : undefined;
}

class FileSource implements BundleSource {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<SourceAnswer> {
    try {
      const isDirectory = (await stat(this.#path)).isDirectory();
      const path = isDirectory ? join(this.#path, BUNDLE_FILE_NAME) : this.#path;
      // Looked at before it is opened: a pipe would wait for its writer.
      if (!(await stat(path)).isFile()) throw unavailable(path, 'no regular file');
      const file = await open(path, 'r');
      try {
        return { kind: 'bundle', bytes: await readAll(file), tag: undefined };
      } finally {
        await file.close();
      }
    } catch (cause) {
      if (cause instanceof BundleError) throw cause;
      throw unavailable(this.#path, (cause as NodeJS.ErrnoException).code ?? 'unknown error', cause);
    }
  }
}

/** All of a file, which may grow while it is read. */
async function readAll(file: FileHandle): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_BUNDLE_BYTES)
      throw new BundleError('CALLGATE_BUNDLE_TOO_LARGE', `expected at most ${MAX_BUNDLE_BYTES} bytes, got more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unavailable(path: string, reason: string, cause?: unknown): BundleError {
  return new BundleError(
    'CALLGATE_BUNDLE_UNAVAILABLE',
    `cannot read a bundle from \`${excerpt(path)}\`: ${reason}`,
    cause === undefined ? {} : { cause },
  );
}
