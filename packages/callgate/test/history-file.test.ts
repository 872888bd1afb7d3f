import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { HistoryError } from '../src/history/errors.ts';
import { HistoryFile } from '../src/history/history-file.ts';

const root = await mkdtemp(join(tmpdir(), 'callgate-history-'));
afterAll(() => rm(root, { recursive: true, force: true }));

let folder: string;
let path: string;
let failures: HistoryError[];

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'one-'));
  path = join(folder, 'history.json');
  failures = [];
});

function open(at = path): HistoryFile {
  return new HistoryFile(at, (error) => failures.push(error));
}

describe('A history in a file', () => {
  test('is what was written last, whole, and nothing else is left in the folder', async () => {
    const file = open();
    expect(await file.read()).toBeUndefined();
    file.changed(() => ({ n: 1 }));
    file.changed(() => ({ n: 2 }));
    await file.flush();
    expect(await open().read()).toStrictEqual({ n: 2 });
    expect(await readdir(folder)).toStrictEqual(['history.json']);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(failures).toStrictEqual([]);
  });

  test('is not written when nothing changed', async () => {
    const file = open();
    await file.read();
    await file.flush();
    expect(await readdir(folder)).toStrictEqual([]);
  });

  test.each(['', '{"half":', '[]', 'null', '3'])('does not begin anew over what is no history: %j', async (text) => {
    await writeFile(path, text);
    await expect(open().read()).rejects.toMatchObject({ code: 'CALLGATE_HISTORY_UNREADABLE' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('is not overwritten when something else wrote it', async () => {
    const [one, other] = [open(), open()];
    await one.read();
    await other.read();
    one.changed(() => ({ by: 'one' }));
    await one.flush();
    other.changed(() => ({ by: 'the other' }));
    await other.flush();
    expect(failures.map(({ code }) => code)).toStrictEqual(['CALLGATE_HISTORY_SHARED']);
    expect(await open().read()).toStrictEqual({ by: 'one' });
  });

  test('tells that it cannot be written', async () => {
    const file = open(join(folder, 'nowhere', 'history.json'));
    await file.read();
    file.changed(() => ({ n: 1 }));
    await file.flush();
    expect(failures.map(({ code }) => code)).toStrictEqual(['CALLGATE_HISTORY_UNWRITABLE']);
  });
});
