import type { Clock } from '@callgate/canonical';

import { NODE_FILES } from './internal/file-operations.ts';
import { FileSink, type FileSinkSettings } from './internal/file-sink.ts';
import type { AuditSink } from './sink.ts';

/** Options of {@link createFileSink}. */
export interface FileSinkOptions {
  /** Where the segments are; created with mode 0700 where it is missing. One ledger a directory, on a local file system. */
  readonly directory: string;
  /** When a record's time is not the question: for the age of segments. */
  readonly clock: Clock;
  /** A segment takes no more lines beyond this, default 64 MiB. A single longer line gets a segment of its own. */
  readonly segmentBytes?: number;
  /** A segment takes no more lines after this, default 24 hours. */
  readonly segmentAgeMs?: number;
  /**
   * Whether `write` waits for the disk, default true. Without it records survive the process, but not the machine.
   */
  readonly fsync?: boolean;
  /** Refuse to write when less would be free on the file system, default: until it is full. */
  readonly minFreeBytes?: number;
}

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;

/**
 * A ledger in JSON Lines files, for one gate at a time.
 *
 * @throws {RangeError} when an option is out of range
 * @see docs/reference/ledger.md
 */
export function createFileSink(options: FileSinkOptions): AuditSink {
  return new FileSink(NODE_FILES, fileSinkSettings(options));
}

export function fileSinkSettings(options: FileSinkOptions): FileSinkSettings {
  const { directory, clock, segmentBytes = 64 * MEBIBYTE, segmentAgeMs = 24 * HOUR_MS, fsync = true } = options;
  const { minFreeBytes = null } = options;
  if (directory === '') throw new RangeError('directory: expected a path, got an empty string');
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < 1)
    throw new RangeError('segmentBytes: expected a positive integer');
  if (!(segmentAgeMs > 0)) throw new RangeError('segmentAgeMs: expected a positive number of milliseconds');
  if (minFreeBytes !== null && !(minFreeBytes >= 0)) throw new RangeError('minFreeBytes: expected 0 or more');
  return { directory, clock, segmentBytes, segmentAgeMs, fsync, minFreeBytes };
}
