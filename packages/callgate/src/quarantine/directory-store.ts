import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalize, excerpt, type JsonObject } from '@callgate/canonical';

import { QuarantineError } from './errors.ts';
import {
  MAX_ITEM_BYTES,
  isQuarantineId,
  parseItem,
  type QuarantineEntry,
  type QuarantinedItem,
} from './quarantined-item.ts';
import type { QuarantineStore, SealedItem } from './store.ts';

/**
 * A file of its own for each item: a line of magic, a line of JSON that says what it is, the sealed content. It is written beside its
 * place, made durable, and renamed into it, so that a file under its name is whole: `<id>.held`, then `<id>.released`, of which only
 * the two lines are left.
 */
const MAGIC = 'callgate-quarantine 1\n';
const HELD = '.held';
const RELEASED = '.released';
const UNFINISHED = /^qtn_[0-9a-z]{26}\.[0-9a-f]{12}\.part$/u;

/** The most files that are looked at. */
const MAX_FILES = 100_000;

// Windows has neither flag's meaning; there is no symbolic link there without a privilege.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const READ_WRITE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * A quarantine in a directory. It is made, for its owner only, where it is missing; one gate at a time writes to it, and commands may
 * read, release and purge meanwhile.
 *
 * @throws {QuarantineError} `CALLGATE_QUARANTINE_UNWRITABLE` where it cannot be made, `CALLGATE_QUARANTINE_UNREADABLE` where a symbolic link
 *   stands in its place
 */
export async function openDirectoryQuarantine(path: string): Promise<QuarantineStore> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unwritable(`cannot make \`${excerpt(path)}\``, cause);
  }
  const store = await readDirectoryQuarantine(path);
  // What a process that died left unfinished was never anybody's.
  for (const name of await names(path)) if (UNFINISHED.test(name)) await remove(join(path, name));
  return store;
}

/**
 * A quarantine in a directory that is there.
 *
 * @throws {QuarantineError} `CALLGATE_QUARANTINE_UNREADABLE` where it is not, or is no directory
 */
export async function readDirectoryQuarantine(path: string): Promise<QuarantineStore> {
  let isDirectory = false;
  try {
    // Whoever can put a symbolic link in its place chooses where content goes.
    isDirectory = (await lstat(path)).isDirectory();
  } catch (cause) {
    throw unreadable(`cannot read \`${excerpt(path)}\``, cause);
  }
  if (!isDirectory) throw unreadable(`expected a directory at \`${excerpt(path)}\`, and no link to one`);
  return new DirectoryStore(path);
}

class DirectoryStore implements QuarantineStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async put({ item, sealed }: SealedItem, signal?: AbortSignal): Promise<void> {
    const part = join(this.#path, `${item.id}.${randomBytes(6).toString('hex')}.part`);
    try {
      const handle = await open(part, 'wx', 0o600);
      try {
        await handle.writeFile(Buffer.concat([headOf(item), sealed]), { signal });
        await handle.datasync();
      } finally {
        await handle.close();
      }
      signal?.throwIfAborted();
      await rename(part, this.#place(item.id, HELD));
    } catch (cause) {
      await remove(part).catch(() => undefined);
      throw unwritable(`cannot keep \`${item.id}\``, cause);
    }
    await this.#sync();
  }

  async read(id: string, signal?: AbortSignal): Promise<SealedItem | undefined> {
    return this.#open(this.#place(id, HELD), READ, async (handle) => {
      const bytes = await handle.readFile({ signal });
      const end = bytes.indexOf(LINE_FEED, MAGIC.length);
      const item = end < 0 ? undefined : itemOf(bytes.subarray(0, end + 1));
      if (item?.id !== id)
        throw new QuarantineError('CALLGATE_QUARANTINE_BROKEN', `\`${id}\` was changed, swapped or cut`);
      return { item, sealed: bytes.subarray(end + 1) };
    });
  }

  /** What cannot be read as an item is left out. */
  async list(signal?: AbortSignal): Promise<readonly QuarantineEntry[]> {
    const entries: QuarantineEntry[] = [];
    for (const name of await names(this.#path)) {
      signal?.throwIfAborted();
      const state = name.endsWith(HELD) ? 'held' : 'released';
      const id = name.slice(0, -(state === 'held' ? HELD : RELEASED).length);
      if (!isQuarantineId(id) || (state === 'released' && !name.endsWith(RELEASED))) continue;
      const item = await this.#open(join(this.#path, name), READ, headIn).catch(() => undefined);
      if (item?.id === id) entries.push({ ...item, state });
    }
    return entries.toSorted((one, other) => one.storedAt - other.storedAt || (one.id < other.id ? -1 : 1));
  }

  async claim(id: string): Promise<boolean> {
    try {
      await rename(this.#place(id, HELD), this.#place(id, RELEASED));
    } catch (cause) {
      if (isMissing(cause)) return false;
      throw unwritable(`cannot claim \`${id}\``, cause);
    }
    await this.#sync();
    return true;
  }

  async unclaim(id: string): Promise<void> {
    await rename(this.#place(id, RELEASED), this.#place(id, HELD));
    await this.#sync();
  }

  async forget(id: string): Promise<void> {
    await this.#open(this.#place(id, RELEASED), READ_WRITE, async (handle) => {
      const item = await headIn(handle);
      await handle.truncate(item === undefined ? 0 : headOf(item).byteLength);
      await handle.datasync();
    });
  }

  async remove(id: string): Promise<void> {
    for (const state of [HELD, RELEASED]) await remove(this.#place(id, state));
  }

  #place(id: string, state: string): string {
    // An id comes from outside: from here on it is a path.
    if (!isQuarantineId(id)) throw new QuarantineError('CALLGATE_QUARANTINE_UNKNOWN', 'expected an id, `qtn_…`');
    return join(this.#path, `${id}${state}`);
  }

  /** Undefined where nothing is there. Only regular files are opened: no links, no pipes. */
  async #open<Found>(
    path: string,
    flags: number,
    use: (handle: FileHandle) => Promise<Found>,
  ): Promise<Found | undefined> {
    let handle: FileHandle;
    try {
      handle = await open(path, flags);
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw unreadable(`cannot read \`${excerpt(path)}\``, cause);
    }
    try {
      if (!(await handle.stat()).isFile()) throw unreadable(`expected a file at \`${excerpt(path)}\``);
      return await use(handle);
    } finally {
      await handle.close();
    }
  }

  /** Makes a rename durable. */
  async #sync(): Promise<void> {
    if (process.platform === 'win32') return; // directories cannot be opened there
    const handle = await open(this.#path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

const LINE_FEED = 0x0a;

function headOf(item: QuarantinedItem): Uint8Array {
  return Buffer.from(`${MAGIC}${canonicalize(item as unknown as JsonObject)}\n`, 'utf8');
}

async function headIn(handle: FileHandle): Promise<QuarantinedItem | undefined> {
  const buffer = Buffer.alloc(MAGIC.length + MAX_ITEM_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(LINE_FEED, MAGIC.length);
  return end < 0 ? undefined : itemOf(buffer.subarray(0, end + 1));
}

function itemOf(head: Uint8Array): QuarantinedItem | undefined {
  const text = Buffer.from(head).toString('utf8');
  return text.startsWith(MAGIC) ? parseItem(text.slice(MAGIC.length)) : undefined;
}

async function names(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).slice(0, MAX_FILES);
  } catch (cause) {
    throw unreadable(`cannot read \`${excerpt(path)}\``, cause);
  }
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function unreadable(message: string, cause?: unknown): QuarantineError {
  return new QuarantineError('CALLGATE_QUARANTINE_UNREADABLE', `${message}${codeOf(cause)}`, { cause });
}

function unwritable(message: string, cause: unknown): QuarantineError {
  return new QuarantineError('CALLGATE_QUARANTINE_UNWRITABLE', `${message}${codeOf(cause)}`, { cause });
}

function codeOf(cause: unknown): string {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return typeof code === 'string' ? ` (${code})` : '';
}
