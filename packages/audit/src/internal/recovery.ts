import { join } from 'node:path';

import { excerpt, type Instant } from '@callgate/canonical';

import { AuditError, RecordError } from '../errors.ts';
import { MAX_RECORD_BYTES } from '../limits.ts';
import { parseRecord } from '../record-schema.ts';
import type { AuditRecord } from '../records.ts';
import type { LedgerTail } from '../sink.ts';
import { ChainVerifier } from './chain-verifier.ts';
import { errnoOf, writeAll, type FileOperations, type OpenFile } from './file-operations.ts';
import { LineSplitter } from './line-splitter.ts';
import { listSegments, readChunks, type Segment } from './segments.ts';

const MAX_TORN_FILES = 1000;

/** The end of a stored ledger, ready to be continued. */
export interface RecoveredEnd {
  /** Open for appending, at its end; null where there is no segment yet. */
  readonly file: OpenFile | null;
  readonly segment: Segment | null;
  readonly bytes: number;
  /** The time of the segment's first record, null without one. */
  readonly firstTime: Instant | null;
  readonly tail: LedgerTail | null;
  readonly tornBytes: number;
}

/**
 * Finds where the ledger in `directory` ends. What a crash left after the last complete record is moved to a side file.
 *
 * @param sync whether to wait until what was found is on the disk: the gate before may have been killed between a write and
 *   its sync, and the next segment must not be more durable than this one
 * @throws {AuditError} `CALLGATE_AUDIT_CHAIN_BROKEN` when the last segment does not verify
 */
export async function recoverEnd(files: FileOperations, directory: string, sync: boolean): Promise<RecoveredEnd> {
  const segments = await listSegments(files, directory);
  const segment = segments.at(-1);
  if (segment === undefined) return { file: null, segment: null, bytes: 0, firstTime: null, tail: null, tornBytes: 0 };
  const before = segments.at(-2);
  const tailBefore = before === undefined ? null : await tailOf(files, before);
  const file = await files.openToAppend(segment.path);
  try {
    const scan = await scanSegment(file, segment, tailBefore);
    const end = judge(scan, segment, tailBefore);
    if (sync) {
      await file.datasync();
      await files.syncDirectory(directory);
    }
    if (end.tornBytes > 0) await moveAside({ files, directory, file, segment, from: end.bytes });
    return { ...end, file, segment, firstTime: scan.firstTime };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The end of a segment that was finished: nothing may be wrong with it. */
async function tailOf(files: FileOperations, segment: Segment): Promise<LedgerTail | null> {
  const file = await files.openToRead(segment.path);
  try {
    const scan = await scanSegment(file, segment, null);
    if (scan.problem !== null || scan.restBytes > 0 || scan.tail === null)
      throw broken(segment, scan.problem ?? 'no end');
    return scan.tail;
  } finally {
    await file.close();
  }
}

interface SegmentScan {
  /** Where the good lines end. */
  readonly goodBytes: number;
  readonly totalBytes: number;
  /** Bytes after the last line feed. */
  readonly restBytes: number;
  readonly tail: LedgerTail | null;
  readonly firstTime: Instant | null;
  /** What is wrong with the first bad line. */
  readonly problem: string | null;
  /** Whether that line holds bytes that were never written: zeros, which file systems show for lost blocks. */
  readonly isUnwritten: boolean;
}

async function scanSegment(file: OpenFile, segment: Segment, before: LedgerTail | null): Promise<SegmentScan> {
  const verifier = new ChainVerifier({ from: before ?? (segment.firstSeq === 0 ? 'genesis' : 'window') });
  verifier.beginSegment(segment.name, segment.firstSeq);
  const found = { goodBytes: 0, problem: null as string | null, isUnwritten: false };
  let firstLine: Uint8Array | undefined;
  let lastLine: Uint8Array | undefined;
  let tail: LedgerTail | null = null;
  const splitter = new LineSplitter(
    MAX_RECORD_BYTES,
    (bytes, start, end) => {
      if (found.problem !== null) return;
      verifier.takeLine(bytes, start, end);
      if (verifier.problemCount > 0) {
        found.problem = verifier.report().problems[0]?.message ?? 'unknown';
        found.isUnwritten = bytes.subarray(start, end).includes(0);
        return;
      }
      lastLine = bytes.slice(start, end);
      firstLine ??= lastLine;
      found.goodBytes += end - start + 1;
      tail = verifier.tail();
    },
    () => {
      found.problem ??= `expected at most ${MAX_RECORD_BYTES} bytes on a line`;
    },
  );
  let totalBytes = 0;
  for await (const chunk of readChunks(file)) {
    totalBytes += chunk.length;
    splitter.push(chunk);
  }
  // no line after it vouches for the last one, so it is looked at in full
  if (lastLine !== undefined) found.problem ??= faultOf(lastLine);
  const firstTime = firstLine === undefined || found.problem !== null ? null : recordOf(firstLine).time;
  return { ...found, firstTime, tail, totalBytes, restBytes: splitter.restBytes };
}

function recordOf(line: Uint8Array): AuditRecord {
  return parseRecord(new TextDecoder().decode(line));
}

function faultOf(line: Uint8Array): string | null {
  try {
    recordOf(line);
    return null;
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return error.message;
  }
}

type End = Pick<RecoveredEnd, 'bytes' | 'tail' | 'tornBytes'>;

/** Only a line that was never completed may be cut off. Whatever else is wrong is not a crash's doing, or not provably. */
function judge(scan: SegmentScan, segment: Segment, tailBefore: LedgerTail | null): End {
  if (scan.problem !== null && !scan.isUnwritten) throw broken(segment, scan.problem);
  const tail = scan.tail ?? tailBefore;
  const continues = (tailBefore?.seq ?? -1) + 1;
  if (scan.tail === null && segment.firstSeq !== continues)
    throw broken(segment, `expected it to begin with record ${continues}`);
  return { bytes: scan.goodBytes, tail, tornBytes: scan.totalBytes - scan.goodBytes };
}

function broken(segment: Segment, why: string): AuditError {
  return new AuditError('CALLGATE_AUDIT_CHAIN_BROKEN', `\`${excerpt(segment.path)}\` does not verify: ${why}`);
}

interface TornEnd {
  readonly files: FileOperations;
  readonly directory: string;
  readonly file: OpenFile;
  readonly segment: Segment;
  readonly from: number;
}

/** Copies the torn end to a file of its own and makes that durable before it cuts: nothing is ever lost. */
async function moveAside({ files, directory, file, segment, from }: TornEnd): Promise<void> {
  const copy = await createTornFile(files, join(directory, `${segment.name}.${from}`));
  try {
    for await (const chunk of readChunks(file, from)) await writeAll(copy, chunk);
    await copy.datasync();
  } finally {
    await copy.close();
  }
  await files.syncDirectory(directory);
  await file.truncate(from);
  await file.datasync();
}

/** A recovery that was itself interrupted has left its side file; the next one takes another name. */
async function createTornFile(files: FileOperations, stem: string): Promise<OpenFile> {
  for (let attempt = 0; attempt < MAX_TORN_FILES; attempt += 1) {
    try {
      return await files.create(attempt === 0 ? `${stem}.torn` : `${stem}.${attempt}.torn`);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new AuditError('CALLGATE_AUDIT_IO_FAILED', `too many side files at \`${excerpt(stem)}\``);
}
