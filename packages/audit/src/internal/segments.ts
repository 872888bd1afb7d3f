import { join } from 'node:path';

import { excerpt } from '@callgate/canonical';

import { AuditError } from '../errors.ts';
import { withFileErrors } from './file-errors.ts';
import type { FileOperations, OpenFile } from './file-operations.ts';

/** One file of a ledger. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  /** The number of its first record, as its name says. */
  readonly firstSeq: number;
}

const NAME = /^[0-9]{20}\.jsonl$/u;
const CHUNK_BYTES = 1024 * 1024;

/** `00000000000000000042.jsonl`: twenty digits sort as they count. */
export function segmentName(firstSeq: number): string {
  return `${String(firstSeq).padStart(20, '0')}.jsonl`;
}

/**
 * The directory's segments in order.
 *
 * @throws {AuditError} `CALLGATE_AUDIT_UNSAFE_PATH` when one is not a regular file
 */
export async function listSegments(files: FileOperations, directory: string): Promise<readonly Segment[]> {
  const names = await withFileErrors('list', directory, () => files.list(directory));
  const segments: Segment[] = [];
  for (const name of names.filter((candidate) => NAME.test(candidate)).toSorted()) {
    const path = join(directory, name);
    const state = await withFileErrors('look at', path, () => files.stateOf(path));
    if (state?.kind !== 'file') {
      throw new AuditError('CALLGATE_AUDIT_UNSAFE_PATH', `expected a regular file at \`${excerpt(path)}\``);
    }
    segments.push({ name, path, firstSeq: Number(name.slice(0, 20)) });
  }
  return segments;
}

/** A file's bytes from `position` to its end. Each chunk is valid until the next is asked for. */
export async function* readChunks(file: OpenFile, position = 0): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  let at = position;
  for (;;) {
    const length = await file.read(buffer, at);
    if (length === 0) return;
    at += length;
    yield buffer.subarray(0, length);
  }
}
