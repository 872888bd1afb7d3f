import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { excerpt } from '@callgate/canonical';

import { TraceError } from './errors.ts';

/** Where the bytes of a trace go. All of them are sealed. */
export interface TraceSink {
  /** Takes the next bytes. Called again only once this resolved; a rejection ends the trace. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once what was written is durable. */
  sync?(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A new file for a trace, readable by its owner only. A path that names a folder gives a new file in it.
 *
 * @throws {TraceError} `CALLGATE_TRACE_UNWRITABLE` when it cannot be made, or is there: a trace never takes another one's place
 */
export async function createTraceFile(path: string, startedAt: number): Promise<TraceSink> {
  const file = (await isDirectory(path)) ? join(path, nameAt(startedAt)) : path;
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx', 0o600);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const expected = code === 'EEXIST' ? 'expected a new file or a folder, got one that is there' : `cannot make`;
    throw new TraceError('CALLGATE_TRACE_UNWRITABLE', `${expected}: \`${excerpt(file)}\` (${code})`, { cause });
  }
  return {
    write: async (bytes) => {
      // A write may take a part only; what is left must follow it.
      for (let rest = bytes; rest.byteLength > 0;) {
        const { bytesWritten } = await handle.write(rest);
        rest = rest.subarray(bytesWritten);
      }
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Sorts by time: `2026-11-20T10-00-00.000Z-5f1c….cgtrace`. */
function nameAt(startedAt: number): string {
  const time = new Date(startedAt).toISOString().replaceAll(':', '-');
  return `${time}-${randomBytes(4).toString('hex')}.cgtrace`;
}
