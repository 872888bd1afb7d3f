import { mkdtemp, readFile, readdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ManualClock } from '@callgate/canonical';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { createActor } from '../src/actor.ts';
import { openDirectoryQuarantine } from '../src/quarantine/directory-store.ts';
import { QuarantineError } from '../src/quarantine/errors.ts';
import { Quarantine } from '../src/quarantine/quarantine.ts';
import { ephemeralKey } from '../src/quarantine/quarantine-key.ts';
import type { QuarantineStore } from '../src/quarantine/store.ts';

const root = await mkdtemp(join(tmpdir(), 'callgate-store-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const key = ephemeralKey();
const actor = createActor({ user: 'u-1' }, 'run-1');
const content = { content: [{ type: 'text', text: 'withheld' }] };
const by = { by: 'ada', reason: 'test' };

let path = '';
let folders = 0;
let store: QuarantineStore;
let quarantine: Quarantine;

beforeEach(async () => {
  folders += 1;
  path = join(root, String(folders));
  store = await openDirectoryQuarantine(path);
  quarantine = over(store);
});

function over(kept: QuarantineStore, secret: typeof key = key): Quarantine {
  return new Quarantine({
    store: kept,
    key: secret,
    limits: { maxItems: 10, maxBytes: 100_000, maxAgeMs: 1_000 },
    clock: new ManualClock(1_000),
    hooks: {
      recordFirst: () => Promise.resolve(),
      evicted: () => undefined,
      released: () => undefined,
      failed: () => undefined,
    },
  });
}

async function keepOne(): Promise<string> {
  const item = await quarantine.keep({
    server: 's',
    method: 'tools/call',
    tool: 't',
    type: 'result',
    request: 'call-1',
    actor,
    labels: [],
    findings: [],
    text: JSON.stringify(content),
  });
  return item.id;
}

const held = (id: string): string => join(path, `${id}.held`);

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (QuarantineError.is(error) ? error.code : String(error)),
  );

test('a file is for its owner only, as is the directory', async () => {
  const id = await keepOne();
  expect((await stat(held(id))).mode & 0o777).toBe(0o600);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
});

describe('a file that was', () => {
  test('changed anywhere, one byte at a time, does not open [quarantine.sealed]', async () => {
    const id = await keepOne();
    const original = await readFile(held(id));
    for (let at = 0; at < original.length; at += 7) {
      const changed = Buffer.from(original);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      await writeFile(held(id), changed);
      expect(await codeOf(quarantine.release(id, by)), `byte ${at}`).toMatch(/_BROKEN$|_KEY_OTHER$/u);
    }
    await writeFile(held(id), original);
    expect((await quarantine.release(id, by)).content).toStrictEqual(content);
  });

  test('cut off, to any length, does not open', async () => {
    const id = await keepOne();
    const { size } = await stat(held(id));
    for (let length = size - 1; length >= 0; length -= 31) {
      await truncate(held(id), length);
      expect(await codeOf(quarantine.release(id, by)), `${length} bytes`).toBe('CALLGATE_QUARANTINE_BROKEN');
    }
  });

  test('put in the place of another does not open', async () => {
    const [one, other] = [await keepOne(), await keepOne()];
    await rename(held(one), held(other));
    expect(await codeOf(quarantine.release(other, by))).toBe('CALLGATE_QUARANTINE_BROKEN');
    expect(await codeOf(quarantine.contentFor(other, actor))).not.toContain('withheld');
  });

  test('given the words of another does not open', async () => {
    const [one, other] = [await keepOne(), await keepOne()];
    const [first, second] = [await readFile(held(one)), await readFile(held(other))];
    const headEnd = (file: Buffer): number => file.indexOf(0x0a, file.indexOf(0x0a) + 1) + 1;
    const swapped = Buffer.concat([second.subarray(0, headEnd(second)), first.subarray(headEnd(first))]);
    await writeFile(held(other), swapped);
    expect(await codeOf(quarantine.release(other, by))).toBe('CALLGATE_QUARANTINE_BROKEN');
  });

  test('sealed with another key says so', async () => {
    const id = await keepOne();
    expect(await codeOf(over(store, ephemeralKey()).release(id, by))).toBe('CALLGATE_QUARANTINE_KEY_OTHER');
  });
});

describe('links', () => {
  test('to a directory are no directory for it', async () => {
    const link = `${path}-link`;
    await symlink(path, link);
    expect(await codeOf(openDirectoryQuarantine(link))).toBe('CALLGATE_QUARANTINE_UNREADABLE');
  });

  test('to a file are not followed', async () => {
    const id = await keepOne();
    const elsewhere = join(root, `${id}.elsewhere`);
    await rename(held(id), elsewhere);
    await symlink(elsewhere, held(id));
    expect(await codeOf(quarantine.release(id, by))).toBe('CALLGATE_QUARANTINE_UNREADABLE');
    expect(await quarantine.list()).toStrictEqual([]);
  });
});

describe('a process that dies', () => {
  test('between writing and renaming leaves nothing that is listed, and the next one removes it', async () => {
    const id = await keepOne();
    const part = join(path, `${id}.0123456789ab.part`);
    await rename(held(id), part);
    expect(await store.list()).toStrictEqual([]);
    expect(await codeOf(quarantine.release(id, by))).toBe('CALLGATE_QUARANTINE_UNKNOWN');
    await writeFile(join(path, 'somebody.part'), 'x');
    await openDirectoryQuarantine(path);
    expect(await readdir(path)).toStrictEqual(['somebody.part']);
  });

  test('after a claim and before the hand-over has handed it out: nobody gets it again', async () => {
    const id = await keepOne();
    expect(await store.claim(id)).toBe(true);
    const next = over(await openDirectoryQuarantine(path));
    expect(await codeOf(next.release(id, by))).toBe('CALLGATE_QUARANTINE_RELEASED');
  });
});

test('what is released leaves nothing sealed behind', async () => {
  const id = await keepOne();
  const { size } = await stat(held(id));
  await quarantine.release(id, by);
  const left = await readFile(join(path, `${id}.released`));
  expect(left.length).toBeLessThan(size);
  expect(left.at(-1)).toBe(0x0a);
});

test('a directory that cannot be written to keeps nothing and says so', async () => {
  await rm(path, { recursive: true });
  expect(await codeOf(keepOne())).toBe('CALLGATE_QUARANTINE_UNWRITABLE');
  await writeFile(path, '');
  expect(await codeOf(openDirectoryQuarantine(path))).toBe('CALLGATE_QUARANTINE_UNWRITABLE');
});

test('files that are none of its own are left alone', async () => {
  await writeFile(join(path, 'notes.txt'), 'x');
  await writeFile(join(path, `qtn_${'0'.repeat(26)}.held`), 'x');
  expect(await store.list()).toStrictEqual([]);
  await quarantine.purge({ all: true });
  expect(await readdir(path)).toHaveLength(2);
});

describe('a handle', () => {
  test('opens for the run and the principal that it was given to, and for nobody else', async () => {
    const id = await keepOne();
    expect((await quarantine.contentFor(id, actor))?.content).toStrictEqual(content);
    for (const other of [
      createActor({ user: 'u-2' }, 'run-1'),
      createActor({ user: 'u-1', tenant: 't' }, 'run-1'),
      createActor({ user: 'u-1' }, 'run-2'),
      createActor({ user: 'u-1' }, undefined),
      createActor({}, undefined),
    ])
      expect(await quarantine.contentFor(id, other)).toBeUndefined();
    expect(await quarantine.contentFor(`qtn_${'0'.repeat(26)}`, actor)).toBeUndefined();
    expect(await quarantine.contentFor('../../etc/passwd', actor)).toBeUndefined();
  });

  test('opens nothing once it was released', async () => {
    const id = await keepOne();
    await quarantine.release(id, by);
    expect(await quarantine.contentFor(id, actor)).toBeUndefined();
  });
});
