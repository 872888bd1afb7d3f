import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { excerpt } from '@callgate/canonical';
import { z } from 'zod';

import { AuditError, LedgerLockedError } from '../errors.ts';
import { errnoOf, writeAll, type FileOperations } from './file-operations.ts';
import { openLivenessSocket, probeLivenessSocket, sweepSockets } from './liveness-socket.ts';
import { isSameKernel, livenessOf, ownIdentity, type Liveness, type ProcessIdentity } from './process-identity.ts';

const MAX_ATTEMPTS = 50;
const MAX_CLAIMS = 8;
const MAX_LOCK_BYTES = 4096;
const DRAFT_PREFIX = '.ledger-lock-';

const holderSchema = z.strictObject({
  token: z.string().regex(/^[0-9a-f-]{36}$/u),
  pid: z.int().positive(),
  started: z.string().nullable(),
  boot: z.string().nullable(),
  namespace: z.string().nullable(),
  host: z.string(),
  socket: z
    .string()
    .regex(/^\.ledger-live-[0-9a-f]{8}$/u)
    .nullable(),
});

interface Identity extends ProcessIdentity {
  /** The file name of its liveness socket. */
  readonly socket: string | null;
}

interface Holder extends Identity {
  /** Unique for each acquisition. */
  readonly token: string;
}

/** A lock that is held. */
export interface HeldLock {
  /** Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Takes the lock file `name` in `directory`, for this process, until released or the process is gone.
 *
 * A lock comes into being complete, by `link` of a finished file, which is atomic and fails where the name is taken. A
 * lock whose process is gone may be replaced, but only by who holds the *claim* on that very lock: a second lock
 * file, named after the first one's token. The claimant looks again whether that lock still stands and renames its own over
 * it. So of two takers one gets the claim, and whoever comes late with an old observation finds the token changed. A
 * claimant that dies leaves a lock like any other, taken over the same way.
 *
 * @throws {LedgerLockedError} when the holder lives, or cannot be seen from here
 * @throws {AuditError} `CALLGATE_AUDIT_UNSAFE_PATH` when the name is not a regular file
 */
export async function acquireExclusiveFile(files: FileOperations, directory: string, name: string): Promise<HeldLock> {
  const socket = await openLivenessSocket(directory, randomUUID());
  try {
    const identity = { ...(await ownIdentity()), socket: socket.name };
    const lock = await acquire({ files, directory, identity }, name, 0);
    return {
      release: async () => {
        try {
          await lock.release();
        } finally {
          await socket.close(); // after the lock: while that stands, the socket answers for it
        }
      },
    };
  } catch (error) {
    await socket.close();
    throw error;
  }
}

/**
 * Removes what takers left that died half-way: drafts, and claims on locks that are gone. Only the holder of `name` may
 * call it: with the lock in its hands no claim on an earlier one can succeed any more.
 */
export async function sweepLeftovers(files: FileOperations, directory: string, name: string): Promise<void> {
  for (const entry of await files.list(directory)) {
    if (!entry.startsWith(DRAFT_PREFIX) && !entry.startsWith(`${name}.claim-`)) continue;
    const path = join(directory, entry);
    if ((await files.stateOf(path))?.kind !== 'file') continue;
    const text = await readText(files, path);
    const holder = text === undefined ? undefined : parseHolder(text);
    if (holder !== undefined && (await livenessOfHolder(holder, directory)) === 'dead')
      await removeIfThere(files, path);
  }
  await sweepSockets(files, directory);
}

interface Taker {
  readonly files: FileOperations;
  readonly directory: string;
  readonly identity: Identity;
}

async function acquire(taker: Taker, name: string, claims: number): Promise<HeldLock> {
  const path = join(taker.directory, name);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const own: Holder = { token: randomUUID(), ...taker.identity };
    if (await place(taker, own, (draft) => linkUnlessTaken(taker.files, draft, path)))
      return heldLock(taker, path, own.token);
    const holder = await readHolder(taker.files, path);
    if (holder === undefined) continue; // released in the meantime
    await assertGone(taker, holder, path);
    if (claims >= MAX_CLAIMS) break;
    if (await replace(taker, { name, path, holder, own, claims })) return heldLock(taker, path, own.token);
  }
  throw new LedgerLockedError(null, `too many others want \`${excerpt(path)}\``);
}

interface Replacement {
  readonly name: string;
  readonly path: string;
  readonly holder: Holder;
  readonly own: Holder;
  readonly claims: number;
}

/** Puts the own lock in the place of one whose process is gone; false when it changed hands first. */
async function replace(taker: Taker, { name, path, holder, own, claims }: Replacement): Promise<boolean> {
  const claim = await acquire(taker, `${name.split('.claim-')[0] ?? name}.claim-${holder.token}`, claims + 1);
  try {
    // INVARIANT: a lock with a given token is replaced or removed only by its live holder or by the holder of the
    // claim on that token (test/exclusive-file.test.ts, test/file-sink-processes.test.ts)
    const current = await readHolder(taker.files, path);
    if (current?.token !== holder.token) return false;
    return await place(taker, own, async (draft) => {
      await taker.files.rename(draft, path);
      return true;
    });
  } finally {
    await claim.release();
  }
}

/** Writes the lock's text to a file of its own, durably, and has it put into place. */
async function place(taker: Taker, own: Holder, put: (draft: string) => Promise<boolean>): Promise<boolean> {
  const draft = join(taker.directory, `${DRAFT_PREFIX}${own.token}`);
  const file = await taker.files.create(draft);
  try {
    try {
      await writeAll(file, new TextEncoder().encode(`${JSON.stringify(own)}\n`));
      await file.datasync();
    } finally {
      await file.close();
    }
    return await put(draft);
  } finally {
    await removeIfThere(taker.files, draft);
  }
}

async function removeIfThere(files: FileOperations, path: string): Promise<void> {
  if ((await files.stateOf(path)) !== undefined) await files.remove(path);
}

async function linkUnlessTaken(files: FileOperations, draft: string, path: string): Promise<boolean> {
  try {
    await files.link(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function assertGone(taker: Taker, holder: Holder, path: string): Promise<void> {
  const liveness = await livenessOfHolder(holder, taker.directory);
  if (liveness === 'dead') return;
  const where =
    liveness === 'alive' ? 'process' : `a process on \`${excerpt(holder.host)}\` that cannot be seen from here, number`;
  throw new LedgerLockedError(holder.pid, `the ledger belongs to ${where} ${holder.pid} (\`${excerpt(path)}\`)`);
}

/** By its number where that can be seen; else, on the same kernel, by its socket. */
async function livenessOfHolder(holder: Holder, directory: string): Promise<Liveness> {
  const liveness = await livenessOf(holder);
  if (liveness !== 'unknown' || holder.socket === null || !(await isSameKernel(holder))) return liveness;
  return probeLivenessSocket(directory, holder.socket);
}

/** Who holds the lock; undefined when nobody does. */
async function readHolder(files: FileOperations, path: string): Promise<Holder | undefined> {
  const state = await files.stateOf(path);
  if (state === undefined) return undefined;
  if (state.kind !== 'file')
    throw new AuditError('CALLGATE_AUDIT_UNSAFE_PATH', `expected a regular file at \`${excerpt(path)}\``);
  const text = await readText(files, path);
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  if (holder === undefined) {
    throw new LedgerLockedError(
      null,
      `the lock \`${excerpt(path)}\` is not one a gate wrote; remove it if no gate runs`,
    );
  }
  return holder;
}

async function readText(files: FileOperations, path: string): Promise<string | undefined> {
  const bytes = new Uint8Array(MAX_LOCK_BYTES);
  try {
    const file = await files.openToRead(path);
    try {
      return new TextDecoder().decode(bytes.subarray(0, await file.read(bytes, 0)));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // the caller says that the file is not a lock
  }
}

function heldLock(taker: Taker, path: string, token: string): HeldLock {
  let isHeld = true;
  return {
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      // somebody may have removed the file by hand, and another gate may have it now
      if ((await readHolder(taker.files, path))?.token === token) await taker.files.remove(path);
    },
  };
}
