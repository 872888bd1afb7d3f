import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { LedgerLockedError } from '../src/index.ts';
import { acquireExclusiveFile, sweepLeftovers, type HeldLock } from '../src/internal/exclusive-file.ts';
import { NODE_FILES, type FileOperations } from '../src/internal/file-operations.ts';
import { openLivenessSocket } from '../src/internal/liveness-socket.ts';
import { livenessOf, ownIdentity, type ProcessIdentity } from '../src/internal/process-identity.ts';
import { temporaryDirectory } from './support/ledger-directory.ts';

const NAME = 'ledger.lock';
const own = await ownIdentity();
/** This process's number, but started at another time: the number was used again. */
const gone: ProcessIdentity = { ...own, started: '1' };

async function writeLock(
  directory: string,
  name: string,
  token: string,
  identity: ProcessIdentity & { readonly socket?: string | null },
): Promise<void> {
  await writeFile(join(directory, name), JSON.stringify({ token, socket: null, ...identity }));
}

function tokenOf(digit: number): string {
  return `0000000${digit}-0000-4000-8000-000000000000`;
}

/** What a killed process leaves: a socket's file that nobody listens on. */
async function leaveDeadSocket(path: string): Promise<void> {
  const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', program]), 'exit');
}

async function attempt(directory: string, files: FileOperations = NODE_FILES): Promise<HeldLock | undefined> {
  try {
    return await acquireExclusiveFile(files, directory, NAME);
  } catch (error) {
    if (error instanceof LedgerLockedError) return undefined;
    throw error;
  }
}

describe('livenessOf', () => {
  it.each<[string, Partial<ProcessIdentity>, string]>([
    ['this process', {}, 'alive'],
    ['a process whose number was used again', { started: '1' }, 'dead'],
    ['a number that nobody has', { pid: 4_194_305 }, 'dead'],
    ['a process of an earlier boot', { boot: 'another' }, 'dead'],
    ['a process on another machine', { host: 'another', boot: 'another' }, 'unknown'],
    ['a process in another container', { namespace: 'pid:[1]' }, 'unknown'],
    ['a process of which the start is not known', { started: null }, 'alive'],
    ['a process of which the boot is not known', { boot: null }, 'unknown'],
  ])('judges %s', async (_name, change, expected) => {
    expect(await livenessOf({ ...own, ...change })).toBe(expected);
  });
});

describe('acquireExclusiveFile', () => {
  it('of many at once lets exactly one in, whether or not a dead one is in the way, and again after each release', async () => {
    for (const isStale of [false, true]) {
      const directory = await temporaryDirectory();
      for (let round = 0; round < 10; round += 1) {
        if (isStale) await writeLock(directory, NAME, tokenOf(round % 10), gone);
        const attempts = await Promise.all(Array.from({ length: 6 }, () => attempt(directory)));
        const winners = attempts.filter((lock) => lock !== undefined);
        expect(winners.length).toBe(1);
        await winners[0]?.release();
      }
      expect(await readdir(directory)).toEqual([]);
    }
  });

  it('refuses when the holder lives or cannot be seen', async () => {
    for (const identity of [own, { ...own, host: 'another' }, { ...own, namespace: 'pid:[1]' }]) {
      const directory = await temporaryDirectory();
      await writeLock(directory, NAME, tokenOf(1), identity);
      const error = await acquireExclusiveFile(NODE_FILES, directory, NAME).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LedgerLockedError);
      expect((error as LedgerLockedError).pid).toBe(own.pid);
      expect(await readdir(directory)).toEqual([NAME]);
    }
  });

  it('asks the socket about a holder in another container, and believes only the kernel', async () => {
    const directory = await temporaryDirectory();
    const elsewhere = { ...own, host: 'another', namespace: 'pid:[1]' };
    const socket = await openLivenessSocket(directory, 'abcdef01');
    expect(socket.name).toBe('.ledger-live-abcdef01');
    await writeLock(directory, NAME, tokenOf(1), { ...elsewhere, socket: socket.name });
    expect(await attempt(directory)).toBeUndefined();
    await socket.close();
    // the file is gone, which proves nothing
    expect(await attempt(directory)).toBeUndefined();
    await leaveDeadSocket(join(directory, '.ledger-live-abcdef01'));
    await writeLock(directory, NAME, tokenOf(2), { ...elsewhere, boot: 'another', socket: '.ledger-live-abcdef01' });
    expect(await attempt(directory)).toBeUndefined();
    await writeLock(directory, NAME, tokenOf(3), { ...elsewhere, socket: '.ledger-live-abcdef01' });
    const lock = await attempt(directory);
    expect(lock).toBeDefined();
    await sweepLeftovers(NODE_FILES, directory, NAME);
    await lock?.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('does without a socket where the path is too long for one', async () => {
    const directory = join(await temporaryDirectory(), 'x'.repeat(120));
    await mkdir(directory);
    const lock = await attempt(directory);
    expect(await readdir(directory)).toEqual([NAME]);
    expect(await attempt(directory)).toBeUndefined();
    await lock?.release();
  });

  it('takes over from a taker that died half-way, however many did', async () => {
    const directory = await temporaryDirectory();
    await writeLock(directory, NAME, tokenOf(1), gone);
    await writeLock(directory, `${NAME}.claim-${tokenOf(1)}`, tokenOf(2), gone);
    await writeLock(directory, `${NAME}.claim-${tokenOf(2)}`, tokenOf(3), gone);
    const lock = await attempt(directory);
    expect(lock).toBeDefined();
    await lock?.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('gives up where a live taker is about to take over', async () => {
    const directory = await temporaryDirectory();
    await writeLock(directory, NAME, tokenOf(1), gone);
    await writeLock(directory, `${NAME}.claim-${tokenOf(1)}`, tokenOf(2), own);
    expect(await attempt(directory)).toBeUndefined();
  });

  it('does not act on an old observation: a late taker leaves the new lock alone', async () => {
    const directory = await temporaryDirectory();
    await writeLock(directory, NAME, tokenOf(1), gone);
    let successor: HeldLock | undefined;
    let links = 0;
    const late: FileOperations = {
      ...NODE_FILES,
      link: async (existing, path) => {
        links += 1;
        // the late one has seen the dead lock and is about to claim it: meanwhile others come and go
        if (links === 2) {
          await (await acquireExclusiveFile(NODE_FILES, directory, NAME)).release();
          successor = await acquireExclusiveFile(NODE_FILES, directory, NAME);
        }
        await NODE_FILES.link(existing, path);
      },
    };
    expect(await attempt(directory, late)).toBeUndefined();
    expect(links).toBeGreaterThan(2);
    const text = await readFile(join(directory, NAME), 'utf8');
    expect(text).not.toContain(tokenOf(1));
    await successor?.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('releases only its own lock', async () => {
    const directory = await temporaryDirectory();
    const lock = await attempt(directory);
    await writeLock(directory, NAME, tokenOf(5), own);
    await lock?.release();
    await lock?.release();
    expect(await readdir(directory)).toEqual([NAME]);
  });

  it('leaves no draft when something fails', async () => {
    for (const step of ['link', 'rename', 'openToRead'] as const) {
      const directory = await temporaryDirectory();
      await writeLock(directory, NAME, tokenOf(1), gone);
      const failing = { ...NODE_FILES, [step]: () => Promise.reject(new Error('on purpose')) };
      await expect(acquireExclusiveFile(failing, directory, NAME)).rejects.toThrow('on purpose');
      expect(await readdir(directory)).toEqual([NAME]);
    }
  });
});

it('sweepLeftovers removes what the dead left, and nothing else', async () => {
  const directory = await temporaryDirectory();
  const names = {
    dead: `${NAME}.claim-${tokenOf(1)}`,
    live: `${NAME}.claim-${tokenOf(2)}`,
    draft: `.ledger-lock-${tokenOf(3)}`,
  };
  await writeLock(directory, names.dead, tokenOf(4), gone);
  await writeLock(directory, names.live, tokenOf(5), own);
  await writeLock(directory, names.draft, tokenOf(3), gone);
  await writeFile(join(directory, '.ledger-lock-half'), '{"token":');
  await symlink('/dev/null', join(directory, `${NAME}.claim-link`)).catch(() => undefined);
  await writeFile(join(directory, '00000000000000000000.jsonl'), '');
  await sweepLeftovers(NODE_FILES, directory, NAME);
  expect((await readdir(directory)).toSorted()).toEqual(
    ['.ledger-lock-half', '00000000000000000000.jsonl', names.live, `${NAME}.claim-link`].toSorted(),
  );
});
