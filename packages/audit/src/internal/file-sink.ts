import { dirname, join } from 'node:path';

import { excerpt, type Clock, type Instant } from '@callgate/canonical';

import { AuditError, LedgerLockedError } from '../errors.ts';
import type { AuditSink, SinkOpening } from '../sink.ts';
import { acquireExclusiveFile, sweepLeftovers, type HeldLock } from './exclusive-file.ts';
import { fileError } from './file-errors.ts';
import { writeAll, type FileOperations, type OpenFile } from './file-operations.ts';
import { recoverEnd } from './recovery.ts';
import { segmentName } from './segments.ts';

const LOCK_NAME = 'ledger.lock';

/** {@link FileSinkOptions} with every default filled in. */
export interface FileSinkSettings {
  readonly directory: string;
  readonly segmentBytes: number;
  readonly segmentAgeMs: number;
  readonly clock: Clock;
  readonly fsync: boolean;
  readonly minFreeBytes: number | null;
}

/** The segment that is being written. */
interface Current {
  readonly path: string;
  readonly file: OpenFile;
  readonly startedAt: Instant;
  bytes: number;
}

type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly lock: HeldLock }
  | { readonly kind: 'failed'; readonly lock: HeldLock; readonly failure: AuditError };

/** Lines in segment files; see docs/reference/ledger.md. */
export class FileSink implements AuditSink {
  readonly #files: FileOperations;
  readonly #settings: FileSinkSettings;
  #state: State = { kind: 'closed' };
  #current: Current | undefined;
  #nextSeq = 0;

  constructor(files: FileOperations, settings: FileSinkSettings) {
    this.#files = files;
    this.#settings = settings;
  }

  async open(): Promise<SinkOpening> {
    const { directory } = this.#settings;
    if (this.#state.kind !== 'closed') {
      throw new LedgerLockedError(process.pid, `the sink of \`${excerpt(directory)}\` is open already`);
    }
    this.#state = { kind: 'opening' };
    try {
      await this.#makeDirectory();
      const lock = await acquireExclusiveFile(this.#files, directory, LOCK_NAME);
      return await this.#openLocked(lock);
    } catch (error) {
      this.#state = { kind: 'closed' };
      throw fileError(error, 'open the ledger in', directory);
    }
  }

  async write(lines: readonly string[]): Promise<void> {
    if (this.#state.kind === 'failed') throw this.#state.failure;
    if (this.#state.kind !== 'open') throw new AuditError('CALLGATE_AUDIT_CLOSED', 'the file sink is not open');
    try {
      for (let taken = 0; taken < lines.length;) taken += await this.#writeSome(lines, taken);
    } catch (error) {
      const failure = fileError(error, 'write to', this.#current?.path ?? this.#settings.directory);
      this.#state = { kind: 'failed', lock: this.#state.lock, failure };
      throw failure;
    }
  }

  async close(): Promise<void> {
    const state = this.#state;
    if (state.kind !== 'open' && state.kind !== 'failed') return;
    const file = this.#current?.file;
    this.#state = { kind: 'closed' };
    this.#current = undefined;
    try {
      try {
        await file?.close();
      } finally {
        await state.lock.release();
      }
    } catch (error) {
      throw fileError(error, 'close the ledger in', this.#settings.directory);
    }
  }

  async #makeDirectory(): Promise<void> {
    const { directory } = this.#settings;
    const isNew = (await this.#files.stateOf(directory)) === undefined;
    await this.#files.makeDirectory(directory);
    if (isNew) await this.#files.syncDirectory(dirname(directory));
  }

  async #openLocked(lock: HeldLock): Promise<SinkOpening> {
    const { directory, clock, fsync } = this.#settings;
    try {
      await sweepLeftovers(this.#files, directory, LOCK_NAME);
      const { file, segment, bytes, firstTime, tail, tornBytes } = await recoverEnd(this.#files, directory, fsync);
      if (file !== null && segment !== null) {
        this.#current = { path: segment.path, file, bytes, startedAt: firstTime ?? clock.now() };
      }
      this.#nextSeq = (tail?.seq ?? -1) + 1;
      this.#state = { kind: 'open', lock };
      return { tail, tornBytes };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Writes as many of the lines from `from` on as belong into one segment; returns how many. */
  async #writeSome(lines: readonly string[], from: number): Promise<number> {
    const { segmentBytes } = this.#settings;
    const first = Buffer.byteLength(lines[from] ?? '') + 1;
    const current = this.#fits(first) ?? (await this.#rotate());
    let bytes = first;
    let end = from + 1;
    for (; end < lines.length; end += 1) {
      const next = Buffer.byteLength(lines[end] ?? '') + 1;
      if (current.bytes + bytes + next > segmentBytes) break;
      bytes += next;
    }
    await this.#assertFree(bytes);
    await this.#commit(current, Buffer.from(`${lines.slice(from, end).join('\n')}\n`));
    this.#nextSeq += end - from;
    return end - from;
  }

  /** The current segment if it takes `bytes` more; an empty one takes any line. */
  #fits(bytes: number): Current | undefined {
    const current = this.#current;
    if (current === undefined || current.bytes === 0) return current;
    const isFull = current.bytes + bytes > this.#settings.segmentBytes;
    const isOld = this.#settings.clock.now() - current.startedAt >= this.#settings.segmentAgeMs;
    return isFull || isOld ? undefined : current;
  }

  /** What the old segment holds is durable by now, so a ledger never has a hole between two segments. */
  async #rotate(): Promise<Current> {
    const { directory, clock } = this.#settings;
    const old = this.#current;
    this.#current = undefined;
    await old?.file.close();
    const path = join(directory, segmentName(this.#nextSeq));
    const file = await this.#files.create(path);
    this.#current = { path, file, bytes: 0, startedAt: clock.now() };
    await this.#files.syncDirectory(directory);
    return this.#current;
  }

  async #assertFree(bytes: number): Promise<void> {
    const { directory, minFreeBytes } = this.#settings;
    if (minFreeBytes === null) return;
    if ((await this.#files.freeBytes(directory)) - bytes >= minFreeBytes) return;
    throw new AuditError(
      'CALLGATE_AUDIT_NO_SPACE',
      `fewer than ${minFreeBytes} bytes would be free at \`${excerpt(directory)}\``,
    );
  }

  async #commit(current: Current, bytes: Uint8Array): Promise<void> {
    await writeAll(current.file, bytes);
    current.bytes += bytes.length;
    if (this.#settings.fsync) await current.file.datasync();
    const { bytes: actual, links } = await current.file.state();
    // evidence must be where it is said to be: not in a deleted file, and not between another writer's lines
    if (actual !== current.bytes || links === 0) {
      throw new AuditError(
        'CALLGATE_AUDIT_CHAIN_BROKEN',
        `somebody else changed or removed \`${excerpt(current.path)}\``,
      );
    }
  }
}
