import { lstat, readFile, stat } from 'node:fs/promises';

import { clonePlain, excerpt, isJsonObject, type JsonObject } from '@callgate/canonical';

import { replaceFile } from '../replace-file.ts';
import { monotonicMs } from '../system.ts';
import { HistoryError } from './errors.ts';

const MAX_BYTES = 256 * 1024 * 1024;
const LIMITS = { maxDepth: 64, maxNodes: 50_000_000, maxBytes: MAX_BYTES };

/** How long changes are gathered before they are written, milliseconds, at least. */
const GATHER_MS = 250;

/** …and so many times as long as the last write took, so that a large history takes no more than a small share of the host's time. */
const GATHER_TIMES = 20;

/**
 * Keeps a snapshot in a file: replaced as a whole, a quarter of a second after the first change that it does not hold (later where writing takes
 * long), one write at a time. What a crash forgets is what happened in that time and while writing; a close forgets nothing.
 */
export class HistoryFile {
  readonly #path: string;
  readonly #onFailure: (error: HistoryError) => void;
  /** What the file holds, as far as this gate knows; undefined where there was none. */
  #written: FileState | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isDirty = false;
  /** How long making and writing the last snapshot took, milliseconds. */
  #lastMs = 0;
  #snapshot: () => JsonObject = () => ({});

  constructor(path: string, onFailure: (error: HistoryError) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /**
   * What was kept; undefined where there is no file yet.
   *
   * @throws {HistoryError} `CALLGATE_HISTORY_UNREADABLE`
   */
  async read(): Promise<JsonObject | undefined> {
    try {
      this.#written = await stateOf(this.#path);
      if (this.#written === undefined) {
        // A link that leads nowhere: what was kept is somewhere else, and not gone.
        if (await isThere(this.#path)) throw new TypeError('a link that leads nowhere');
        return undefined;
      }
      if (this.#written.size > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`);
      const value = clonePlain(JSON.parse(await readFile(this.#path, 'utf8')), LIMITS);
      if (isJsonObject(value)) return value;
      throw new TypeError('no object');
    } catch (cause) {
      throw new HistoryError(
        'CALLGATE_HISTORY_UNREADABLE',
        `expected a history in \`${excerpt(this.#path)}\`, which cannot be read: ${reasonOf(cause)}. Remove the file to begin anew, with every budget full`,
        { cause },
      );
    }
  }

  /** Something changed: `snapshot` is asked for what to write when it is written. */
  changed(snapshot: () => JsonObject): void {
    this.#snapshot = snapshot;
    this.#isDirty = true;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#write();
      },
      Math.max(GATHER_MS, GATHER_TIMES * this.#lastMs),
    ).unref();
  }

  /** Resolves once everything that changed is written, or could not be. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    this.#writing = this.#writing.then(async () => {
      if (!this.#isDirty) return;
      this.#isDirty = false;
      try {
        await this.#replace();
      } catch (cause) {
        // What could not be written is still to be, with the next change or at the end.
        this.#isDirty = true;
        this.#onFailure(
          cause instanceof HistoryError
            ? cause
            : new HistoryError(
                'CALLGATE_HISTORY_UNWRITABLE',
                `cannot write the history to \`${excerpt(this.#path)}\`: ${reasonOf(cause)}`,
                { cause },
              ),
        );
      }
    });
  }

  async #replace(): Promise<void> {
    const found = await stateOf(this.#path);
    if (found?.modifiedMs !== this.#written?.modifiedMs || found?.size !== this.#written?.size) {
      throw new HistoryError(
        'CALLGATE_HISTORY_SHARED',
        `expected \`${excerpt(this.#path)}\` as this gate left it, and something else wrote it: give each gate a history of its own`,
      );
    }
    const startedMs = monotonicMs();
    await replaceFile(this.#path, `${JSON.stringify(this.#snapshot())}\n`);
    this.#lastMs = monotonicMs() - startedMs;
    this.#written = await stateOf(this.#path);
  }
}

interface FileState {
  readonly size: number;
  readonly modifiedMs: number;
}

async function stateOf(path: string): Promise<FileState | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, modifiedMs: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof SyntaxError ? 'no JSON' : 'unknown error');
}
