import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { AuditError } from '../errors.ts';

/** What the ledger needs of a file system, small enough to fail on purpose in tests. Errors are those of the system. */
export interface FileOperations {
  /** Creates the directory and those above it, mode 0700, where they are missing. */
  makeDirectory(path: string): Promise<void>;
  list(path: string): Promise<readonly string[]>;
  /** Without following a symbolic link; undefined when nothing is there. */
  stateOf(path: string): Promise<PathState | undefined>;
  /** Creates a file, mode 0600, that must not exist yet, for appending. */
  create(path: string): Promise<OpenFile>;
  /** Opens an existing regular file for appending and truncating; a symbolic link fails with ELOOP. */
  openToAppend(path: string): Promise<OpenFile>;
  openToRead(path: string): Promise<OpenFile>;
  /** Makes creations, links and removals in a directory durable. */
  syncDirectory(path: string): Promise<void>;
  /** Gives a file a second name; fails with EEXIST where the name is taken. */
  link(existing: string, path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Bytes available to this user on the path's file system. */
  freeBytes(path: string): Promise<number>;
}

export interface PathState {
  readonly kind: 'file' | 'directory' | 'other';
  readonly bytes: number;
  /** Names the file has; 0 once it was deleted while open. */
  readonly links: number;
}

export interface OpenFile {
  /** @returns the number of bytes written, which may be fewer than given */
  write(bytes: Uint8Array): Promise<number>;
  /** @returns the number of bytes read, 0 at the end */
  read(into: Uint8Array, position: number): Promise<number>;
  datasync(): Promise<void>;
  state(): Promise<PathState>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

// Windows has neither flag's meaning; there the checks by `stateOf` remain
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * Makes a directory and those above it. Not by `fs.mkdir`'s `recursive`: where the parent exists and the system still says
 * ENOENT (a working directory that was deleted, `/proc`), that tries for ever in a thread that nothing can stop.
 */
async function makeDirectories(path: string): Promise<void> {
  try {
    await fs.mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' && (await fs.stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (errnoOf(error) !== 'ENOENT' || parent === path) throw error;
    await makeDirectories(parent);
    await fs.mkdir(path, { mode: 0o700 }).catch((again: unknown) => {
      if (errnoOf(again) !== 'EEXIST') throw again;
    });
  }
}

export const NODE_FILES: FileOperations = {
  async makeDirectory(path) {
    await makeDirectories(resolve(path));
  },
  list: (path) => fs.readdir(path),
  async stateOf(path) {
    try {
      return stateFrom(await fs.lstat(path));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  async create(path) {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
    return new NodeFile(await fs.open(path, flags, 0o600));
  },
  async openToAppend(path) {
    return new NodeFile(await fs.open(path, constants.O_RDWR | constants.O_APPEND | NO_FOLLOW));
  },
  async openToRead(path) {
    // O_NONBLOCK: a named pipe in a segment's place must not hang the reader
    return new NodeFile(await fs.open(path, constants.O_RDONLY | NO_FOLLOW | (constants.O_NONBLOCK ?? 0)));
  },
  async syncDirectory(path) {
    if (process.platform === 'win32') return; // directories cannot be opened there
    const directory = await fs.open(path, constants.O_RDONLY);
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
  link: (existing, path) => fs.link(existing, path),
  rename: (from, to) => fs.rename(from, to),
  remove: (path) => fs.unlink(path),
  async freeBytes(path) {
    const { bavail, bsize } = await fs.statfs(path);
    return bavail * bsize;
  },
};

class NodeFile implements OpenFile {
  readonly #handle: fs.FileHandle;

  constructor(handle: fs.FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<number> {
    return (await this.#handle.write(bytes)).bytesWritten;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead;
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  async state(): Promise<PathState> {
    return stateFrom(await this.#handle.stat());
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function stateFrom(stats: Awaited<ReturnType<typeof fs.lstat>>): PathState {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  return { kind, bytes: Number(stats.size), links: Number(stats.nlink) };
}

/** The system's error code (`ENOENT`, …), undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Writes all of it, however short the single writes are. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const written = await file.write(bytes.subarray(at));
    if (written <= 0) throw new AuditError('CALLGATE_AUDIT_IO_FAILED', 'the system wrote nothing and gave no reason');
    at += written;
  }
}
