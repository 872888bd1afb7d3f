import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { loadBundle, type BundleContents, type PolicyBundle } from 'callgate';
import { ManualClock } from '@callgate/canonical';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { underLock } from '../src/bundle/state-lock.ts';
import { bundleWith, KEY, NOW, policyText } from './support/bundles.ts';

let folder: string;
let state: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callgate-bundle-'));
  state = join(folder, 'state.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

let made = 0;

/** Loads a bundle with those contents, as a process that starts does. */
async function start(changes: Partial<BundleContents> = {}, options: object = {}): Promise<PolicyBundle> {
  made += 1;
  const path = join(folder, `bundle-${made}.json`);
  await writeFile(path, bundleWith(changes));
  return loadBundle(path, { keys: [KEY.publicKey], state, clock: new ManualClock(NOW), ...options });
}

function refusedWith(code: string): unknown {
  return expect.objectContaining({ code: `CALLGATE_BUNDLE_${code}` });
}

describe('what a restart remembers', () => {
  it('the newest bundle: later ones are taken, and the same one again', async () => {
    await start();
    await start({ sequence: 9 });
    await start({ sequence: 9 });
    expect(JSON.parse(await readFile(state, 'utf8'))).toMatchObject({ name: 'desk', sequence: 9, version: 1 });
    expect(await readdir(folder)).not.toContain('state.json.lock');
  });

  it('an older sequence is refused', async () => {
    await start({ sequence: 9 });
    await expect(start({ sequence: 8 })).rejects.toEqual(refusedWith('ROLLED_BACK'));
    await expect(start({ sequence: 8 }, { state: undefined })).resolves.toBeDefined();
  });

  it('the same sequence with other contents is refused', async () => {
    await start();
    await expect(start({ policy: policyText('us-east') })).rejects.toEqual(refusedWith('EQUIVOCATED'));
  });

  it('another bundle by the same key is refused', async () => {
    await start();
    await expect(start({ name: 'lab', sequence: 8 })).rejects.toEqual(refusedWith('OTHER_NAME'));
  });

  it('a bundle whose policy does not compile is not remembered', async () => {
    await expect(start({ sequence: 9, policy: 'callgate: 1' })).rejects.toMatchObject({
      code: 'CALLGATE_POLICY_INVALID',
    });
    await expect(start({ sequence: 8 })).resolves.toBeDefined();
  });

  it('the state can be named by a URL', async () => {
    await start({}, { state: pathToFileURL(state) });
    await expect(start({ sequence: 6 })).rejects.toEqual(refusedWith('ROLLED_BACK'));
  });
});

describe('a state that cannot be trusted or kept', () => {
  it.each([
    ['empty', ''],
    ['cut off', '{"digest":"sha256:'],
    ['of another version', `{"digest":"sha256:${'0'.repeat(64)}","name":"desk","sequence":1,"version":2}\n`],
    [
      'with a name twice',
      `{"digest":"sha256:${'0'.repeat(64)}","name":"desk","sequence":9,"sequence":1,"version":1}\n`,
    ],
    ['with a sequence as text', `{"digest":"sha256:${'0'.repeat(64)}","name":"desk","sequence":"1","version":1}\n`],
    ['too large', ' '.repeat(5_000)],
  ])('one that is %s refuses every bundle, and says how to mend it', async (_what, text) => {
    await writeFile(state, text);
    await expect(start()).rejects.toEqual(refusedWith('STATE'));
    await expect(start()).rejects.toThrow('set it as `minimumSequence`, and remove the file');
    expect(await readFile(state, 'utf8')).toBe(text);
  });

  it('one that is a directory refuses', async () => {
    await expect(start({}, { state: folder })).rejects.toEqual(refusedWith('STATE'));
  });

  it('one in a folder that is not there refuses', async () => {
    await expect(start({}, { state: join(folder, 'gone', 'state.json') })).rejects.toEqual(refusedWith('STATE'));
  });

  it('one that cannot be written takes the known bundle and no newer one', async () => {
    await start();
    // Beside a name of the greatest length there is room for no other file.
    const full = join(folder, 's'.repeat(255));
    await writeFile(full, await readFile(state));
    await expect(start({}, { state: full })).resolves.toBeDefined();
    await expect(start({ sequence: 8 }, { state: full })).rejects.toEqual(refusedWith('STATE'));
    await expect(start({ sequence: 6 }, { state: full })).rejects.toEqual(refusedWith('ROLLED_BACK'));
  });

  it('a lock that is held is waited for, and not for ever', async () => {
    await writeFile(`${state}.lock`, '');
    await expect(underLock(`${state}.lock`, async () => undefined, 20)).rejects.toMatchObject({ code: 'EBUSY' });
  });

  it('a lock that a process left behind when it died is taken over', async () => {
    await writeFile(`${state}.lock`, '');
    await utimes(`${state}.lock`, 0, 0);
    await expect(start()).resolves.toBeDefined();
  });
});

describe('several at once', () => {
  it('the newest is remembered, whichever comes last', async () => {
    const sequences = [3, 9, 5, 8, 4, 7, 6];
    const ended = await Promise.allSettled(sequences.map((sequence) => start({ sequence })));
    expect(ended[1]?.status).toBe('fulfilled');
    for (const one of ended) if (one.status === 'rejected') expect(one.reason).toEqual(refusedWith('ROLLED_BACK'));
    expect(JSON.parse(await readFile(state, 'utf8'))).toMatchObject({ sequence: 9 });
    expect((await readdir(folder)).filter((name) => /lock|tmp/u.test(name))).toEqual([]);
  });

  it('what is done under the lock is done by one at a time', async () => {
    let inside = 0;
    await Promise.all(
      Array.from({ length: 5 }, () =>
        underLock(`${state}.lock`, async () => {
          inside += 1;
          expect(inside).toBe(1);
          await readdir(folder);
          inside -= 1;
        }),
      ),
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
