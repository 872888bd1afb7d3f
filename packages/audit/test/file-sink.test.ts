import {
  appendFile,
  link,
  mkdir,
  readFile,
  readdir,
  rename,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';

import { ManualClock, digest } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import {
  AuditError,
  LedgerLockedError,
  createFileSink,
  openLedger,
  readLedger,
  verifyLedger,
  type AuditSink,
  type FileSinkOptions,
  type Ledger,
} from '../src/index.ts';
import { fileSinkSettings } from '../src/file-sink.ts';
import { FileSink } from '../src/internal/file-sink.ts';
import { decisionEntry, outcomeEntry } from './support/entries.ts';
import { FaultyFiles, systemError } from './support/faulty-files.ts';
import { segmentNames, segmentText, temporaryDirectory } from './support/ledger-directory.ts';

const clock = new ManualClock(1_700_000_000_000);
const FIRST = '00000000000000000000.jsonl';

function open(sink: AuditSink): Promise<Ledger> {
  return openLedger({ sink, clock, id: 'l' });
}

function openFiles(directory: string, options: Partial<FileSinkOptions> = {}): Promise<Ledger> {
  return open(createFileSink({ directory, clock, ...options }));
}

function faultySink(directory: string, files: FaultyFiles, options: Partial<FileSinkOptions> = {}): AuditSink {
  return new FileSink(files, fileSinkSettings({ directory, clock, ...options }));
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof AuditError ? error.code : String(error)),
  );
}

/** A closed ledger of some calls in a new directory. */
async function closedLedger(calls = 3): Promise<string> {
  const directory = await temporaryDirectory();
  const ledger = await openFiles(directory);
  for (let index = 0; index < calls; index += 1) ledger.append(decisionEntry(`r${index}`));
  await ledger.close();
  return directory;
}

describe('files', () => {
  it('are private: the directory 0700, segments 0600, and no lock or draft is left', async () => {
    const parent = await temporaryDirectory();
    const directory = join(parent, 'a', 'ledger');
    await (await openFiles(directory)).close();
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, FIRST))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual([FIRST]);
  });

  it('begin a new segment, named after its first record, when the size is reached', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openFiles(directory, { segmentBytes: 3000 });
    for (let index = 0; index < 20; index += 1) await ledger.durable(ledger.append(decisionEntry(`r${index}`)));
    for (let index = 20; index < 40; index += 1) ledger.append(decisionEntry(`r${index}`));
    await ledger.close();
    const names = await segmentNames(directory);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect((await stat(join(directory, name))).size).toBeLessThanOrEqual(3000);
    expect(await verifyLedger(directory, { deep: true })).toMatchObject({ ok: true, records: 42 });
  });

  it('give a line longer than a segment a segment of its own', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openFiles(directory, { segmentBytes: 10 });
    ledger.append(outcomeEntry('a'));
    await ledger.close();
    expect((await segmentNames(directory)).length).toBe(3);
    expect((await verifyLedger(directory)).ok).toBe(true);
  });

  it('begin a new segment when the old one is old, counted from its first record, across restarts', async () => {
    const directory = await temporaryDirectory();
    const moving = new ManualClock(1_000_000);
    const openAt = (): Promise<Ledger> =>
      openLedger({ sink: createFileSink({ directory, clock: moving, segmentAgeMs: 1000 }), clock: moving, id: 'l' });
    const first = await openAt();
    moving.advance(600);
    await first.close();
    expect((await segmentNames(directory)).length).toBe(1);
    moving.advance(600);
    await (await openAt()).close();
    expect(await segmentNames(directory)).toEqual([FIRST, '00000000000000000002.jsonl']);
    expect((await verifyLedger(directory)).ok).toBe(true);
  });

  it('are written in full even when the system takes only a few bytes at a time', async () => {
    const directory = await temporaryDirectory();
    const files = new FaultyFiles();
    files.maxWrite = 7;
    const ledger = await open(faultySink(directory, files));
    ledger.append(decisionEntry('ünïcödé 👍'));
    await ledger.close();
    expect(await verifyLedger(directory, { deep: true })).toMatchObject({ ok: true, records: 3 });
  });

  it('are synced for each batch, and the directory for each new segment; not without fsync', async () => {
    const files = new FaultyFiles();
    const ledger = await open(faultySink(await temporaryDirectory(), files));
    files.calls.length = 0;
    for (const request of ['a', 'b', 'c']) ledger.append(outcomeEntry(request));
    await ledger.flush();
    expect(files.calls).toEqual(['write', 'datasync', 'state']);
    await ledger.close();
    const unsynced = new FaultyFiles();
    await (await open(faultySink(await temporaryDirectory(), unsynced, { fsync: false }))).close();
    expect(unsynced.calls).not.toContain('datasync');
  });
});

describe('recovery', () => {
  it('cuts a torn last line at every byte, keeps the bytes aside and goes on', async () => {
    const original = await readFile(join(await closedLedger(2), FIRST));
    const lastStart = original.lastIndexOf(0x0a, original.length - 2) + 1;
    for (let length = lastStart; length < original.length; length += 7) {
      const directory = await temporaryDirectory();
      await writeFile(join(directory, FIRST), original.subarray(0, length));
      const ledger = await openFiles(directory);
      await ledger.close();
      const tornBytes = length - lastStart;
      const recovered = [];
      for await (const record of readLedger(directory, { from: 3 })) {
        if (record.kind === 'lifecycle' && record.event === 'recovered') recovered.push(record.detail);
      }
      expect(recovered).toEqual(tornBytes === 0 ? [] : [{ tornBytes }]);
      expect((await verifyLedger(directory, { deep: true })).ok).toBe(true);
      if (tornBytes > 0) {
        const aside = await readFile(join(directory, `${FIRST}.${lastStart}.torn`));
        expect(aside).toEqual(original.subarray(lastStart, length));
      }
    }
  });

  it('survives a ledger torn at its very first line, or empty', async () => {
    for (const content of ['', '{"det', '\0\0\0\0']) {
      const directory = await temporaryDirectory();
      await writeFile(join(directory, FIRST), content);
      await (await openFiles(directory)).close();
      expect(await verifyLedger(directory)).toMatchObject({ ok: true, firstSeq: 0 });
    }
  });

  it('cuts off blocks that were never written', async () => {
    const directory = await closedLedger();
    await appendFile(join(directory, FIRST), `${'\0'.repeat(500)}"v":1}\n{"more":"of the same batch"}\n`);
    await (await openFiles(directory)).close();
    expect((await verifyLedger(directory)).ok).toBe(true);
    expect((await readdir(directory)).some((name) => name.endsWith('.torn'))).toBe(true);
  });

  it('uses an empty last segment, and cuts a torn one down to nothing', async () => {
    for (const content of ['', '{"torn']) {
      const directory = await closedLedger(2);
      await writeFile(join(directory, '00000000000000000004.jsonl'), content);
      await (await openFiles(directory)).close();
      expect(await segmentNames(directory)).toEqual([FIRST, '00000000000000000004.jsonl']);
      expect(await verifyLedger(directory)).toMatchObject({ ok: true });
    }
  });

  it('never overwrites the side file of an earlier recovery', async () => {
    const directory = await closedLedger();
    const { size } = await stat(join(directory, FIRST));
    await writeFile(join(directory, `${FIRST}.${size}.torn`), 'earlier');
    await appendFile(join(directory, FIRST), 'later');
    await (await openFiles(directory)).close();
    expect(await readFile(join(directory, `${FIRST}.${size}.torn`), 'utf8')).toBe('earlier');
    expect(await readFile(join(directory, `${FIRST}.${size}.1.torn`), 'utf8')).toBe('later');
  });

  it('loses nothing when it is interrupted anywhere, and succeeds the next time', async () => {
    for (const step of ['create', 'syncDirectory', 'truncate', 'datasync', 'read'] as const) {
      const directory = await closedLedger();
      await appendFile(join(directory, FIRST), '{"torn');
      const files = new FaultyFiles();
      files.failures.set(step, systemError('EIO'));
      expect(await codeOf(open(faultySink(directory, files)))).toBe('CALLGATE_AUDIT_IO_FAILED');
      await (await openFiles(directory)).close();
      expect((await verifyLedger(directory)).ok).toBe(true);
      const torn = (await readdir(directory)).filter((name) => name.endsWith('.torn'));
      expect(torn.length).toBeGreaterThan(0);
      expect(await readFile(join(directory, torn.at(-1) ?? ''), 'utf8')).toBe('{"torn');
    }
  });

  it.each<[string, (directory: string) => Promise<void>]>([
    ['a changed line', (directory) => rewrite(directory, (text) => text.replace('"r1"', '"r9"'))],
    [
      'a changed last line that is no record any more',
      (directory) => rewrite(directory, (text) => text.replace('"closed"', '"clozed"')),
    ],
    ['a complete line that does not belong', (directory) => appendFile(join(directory, FIRST), '{}\n')],
    ['a line taken out', (directory) => rewrite(directory, (text) => text.split('\n').toSpliced(1, 1).join('\n'))],
    ['a renamed segment', (directory) => rename(join(directory, FIRST), join(directory, '00000000000000000001.jsonl'))],
    ['a missing segment', (directory) => writeFile(join(directory, '00000000000000000009.jsonl'), '')],
    [
      'an empty segment alone',
      async (directory) => {
        await unlink(join(directory, FIRST));
        await writeFile(join(directory, '00000000000000000009.jsonl'), '');
      },
    ],
    [
      'a segment before the last that was cut',
      async (directory) => {
        await truncate(join(directory, FIRST), 100);
        await writeFile(join(directory, '00000000000000000005.jsonl'), '');
      },
    ],
  ])('refuses to continue after %s, and changes nothing', async (_name, damage) => {
    const directory = await closedLedger();
    await damage(directory);
    const before = await segmentText(directory);
    expect(await codeOf(openFiles(directory))).toBe('CALLGATE_AUDIT_CHAIN_BROKEN');
    expect(await segmentText(directory)).toBe(before);
    expect((await readdir(directory)).filter((name) => !name.endsWith('.jsonl'))).toEqual([]);
  });

  it('makes durable what it continues from, before anything is written after it', async () => {
    const directory = await closedLedger();
    const files = new FaultyFiles();
    // old enough that the first record goes into the next segment
    const later = new ManualClock(clock.now() + 48 * 3_600_000);
    const sink = new FileSink(files, fileSinkSettings({ directory, clock: later }));
    await sink.open();
    const opened = files.calls.slice(files.calls.indexOf('openToAppend'));
    expect(opened).toContain('datasync');
    expect(opened).toContain('syncDirectory');
    await sink.close();
  });

  it('goes on after older segments were archived', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openFiles(directory, { segmentBytes: 2000 });
    for (let index = 0; index < 5; index += 1) ledger.append(decisionEntry(`r${index}`));
    await ledger.close();
    const [first] = await segmentNames(directory);
    await unlink(join(directory, first ?? ''));
    await (await openFiles(directory)).close();
    expect((await verifyLedger(directory)).ok).toBe(false);
    expect((await verifyLedger(directory, { from: 'window' })).ok).toBe(true);
  });
});

async function rewrite(directory: string, change: (text: string) => string): Promise<void> {
  const path = join(directory, FIRST);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

describe('a failing file system', () => {
  it.each([
    ['write', 'ENOSPC', 'CALLGATE_AUDIT_NO_SPACE'],
    ['write', 'EDQUOT', 'CALLGATE_AUDIT_NO_SPACE'],
    ['write', 'EIO', 'CALLGATE_AUDIT_IO_FAILED'],
    ['datasync', 'EIO', 'CALLGATE_AUDIT_IO_FAILED'],
    ['state', 'EIO', 'CALLGATE_AUDIT_IO_FAILED'],
  ] as const)('%s with %s fails the ledger for good, with %s', async (operation, errno, code) => {
    const directory = await temporaryDirectory();
    const files = new FaultyFiles();
    const ledger = await open(faultySink(directory, files));
    const failure = systemError(errno);
    files.failures.set(operation, failure);
    const error = await ledger.durable(ledger.append(outcomeEntry('a'))).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CALLGATE_AUDIT_FAILED', cause: { code, cause: failure } });
    files.failures.clear();
    expect(await codeOf((async () => ledger.append(outcomeEntry('b')))())).toBe('CALLGATE_AUDIT_FAILED');
    expect(await codeOf(ledger.close())).toBe('CALLGATE_AUDIT_FAILED');
    await (await openFiles(directory)).close();
    expect((await verifyLedger(directory)).ok).toBe(true);
  });

  it.each([
    ['makeDirectory', 'EACCES', 'CALLGATE_AUDIT_NOT_WRITABLE'],
    ['create', 'EROFS', 'CALLGATE_AUDIT_NOT_WRITABLE'],
    ['create', 'EACCES', 'CALLGATE_AUDIT_NOT_WRITABLE'],
    ['list', 'EACCES', 'CALLGATE_AUDIT_NOT_WRITABLE'],
    ['link', 'EPERM', 'CALLGATE_AUDIT_NOT_WRITABLE'],
    ['syncDirectory', 'EIO', 'CALLGATE_AUDIT_IO_FAILED'],
    ['stateOf', 'EIO', 'CALLGATE_AUDIT_IO_FAILED'],
  ] as const)('%s with %s fails opening, with %s', async (operation, errno, code) => {
    const files = new FaultyFiles();
    files.failures.set(operation, systemError(errno));
    const sink = faultySink(join(await temporaryDirectory(), 'new'), files);
    const error = await sink.open().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // some of these come at the first write only
    const failure = error ?? (await sink.write(['{}']).catch((reason: unknown) => reason));
    expect(failure).toMatchObject({ code, cause: { code: errno } });
  });

  it('that is full in the middle of a line leaves no half line after recovery, and no acknowledged record is lost', async () => {
    for (const room of [1, 50, 1000, 1500, 2600]) {
      const directory = await temporaryDirectory();
      const files = new FaultyFiles();
      const ledger = await open(faultySink(directory, files));
      const kept = ledger.append(decisionEntry('kept'));
      await ledger.durable(kept);
      files.room = room;
      for (let index = 0; index < 5; index += 1) ledger.append(decisionEntry(`lost${index}`));
      expect(await codeOf(ledger.flush())).toBe('CALLGATE_AUDIT_FAILED');
      expect(ledger.health()).toMatchObject({ state: 'failed', durableSeq: kept });
      await codeOf(ledger.close());
      await (await openFiles(directory)).close();
      const report = await verifyLedger(directory, { deep: true });
      expect(report.ok).toBe(true);
      expect(report.inDoubt[0]?.request).toBe('kept');
    }
  });

  it('that fails to create the next segment leaves a ledger that can be continued', async () => {
    const directory = await temporaryDirectory();
    const files = new FaultyFiles();
    const ledger = await open(faultySink(directory, files, { segmentBytes: 500 }));
    files.failures.set('create', systemError('ENOSPC'));
    expect(await codeOf(ledger.durable(ledger.append(decisionEntry('a'))))).toBe('CALLGATE_AUDIT_FAILED');
    files.failures.clear();
    await codeOf(ledger.close());
    await (await openFiles(directory)).close();
    expect((await verifyLedger(directory)).ok).toBe(true);
  });

  it('that fails to close a file still gives the lock back, and says so', async () => {
    const directory = await temporaryDirectory();
    const files = new FaultyFiles();
    const ledger = await open(faultySink(directory, files));
    files.failures.set('close', systemError('EIO'));
    expect(await codeOf(ledger.close())).toBe('CALLGATE_AUDIT_IO_FAILED');
    await (await openFiles(directory)).close();
  });

  it('refuses to write below the free space asked for', async () => {
    const files = new FaultyFiles();
    const ledger = await open(faultySink(await temporaryDirectory(), files, { minFreeBytes: 1_000_000 }));
    files.free = 1_000_100;
    const error = await ledger.durable(ledger.append(decisionEntry('a'))).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ cause: { code: 'CALLGATE_AUDIT_NO_SPACE' } });
    await codeOf(ledger.close());
  });
});

describe('things in the way', () => {
  it('a file in place of the directory', async () => {
    const path = join(await temporaryDirectory(), 'file');
    await writeFile(path, '');
    expect(await codeOf(openFiles(path))).toBe('CALLGATE_AUDIT_NOT_A_DIRECTORY');
    expect(await codeOf(openFiles(join(path, 'below')))).toBe('CALLGATE_AUDIT_NOT_A_DIRECTORY');
  });

  it('a file in place of the directory is said in words', async () => {
    const directory = join(await temporaryDirectory(), 'ledger');
    await writeFile(directory, 'hello');
    await expect(openFiles(directory)).rejects.toThrow(
      /a file is where a folder should be, or the reverse \(EEXIST\)/u,
    );
  });

  // `fs.mkdir` with `recursive` tries for ever there, and nothing can stop it
  it.skipIf(process.platform !== 'linux')('a directory in which none can be made', async () => {
    expect(await codeOf(openFiles('/proc/callgate/ledger'))).toBe('CALLGATE_AUDIT_NOT_FOUND');
  });

  it('a directory in place of a segment', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, FIRST));
    expect(await codeOf(openFiles(directory))).toBe('CALLGATE_AUDIT_UNSAFE_PATH');
  });

  it('a symbolic link in place of a segment, wherever it leads', async () => {
    const directory = await closedLedger();
    const elsewhere = join(await temporaryDirectory(), 'elsewhere.jsonl');
    await rename(join(directory, FIRST), elsewhere);
    await symlink(elsewhere, join(directory, FIRST));
    const before = await readFile(elsewhere, 'utf8');
    expect(await codeOf(openFiles(directory))).toBe('CALLGATE_AUDIT_UNSAFE_PATH');
    expect(await codeOf(verifyLedger(directory))).toBe('CALLGATE_AUDIT_UNSAFE_PATH');
    expect(await readFile(elsewhere, 'utf8')).toBe(before);
  });

  it('a symbolic link in place of the lock, dangling or not', async () => {
    for (const target of ['/nowhere', '/dev/null']) {
      const directory = await temporaryDirectory();
      await symlink(target, join(directory, 'ledger.lock'));
      expect(await codeOf(openFiles(directory))).toBe('CALLGATE_AUDIT_UNSAFE_PATH');
    }
  });

  it('a lock file that no gate wrote', async () => {
    for (const content of ['', 'x', '{}', '{"pid":1}', 'y'.repeat(10_000)]) {
      const directory = await temporaryDirectory();
      await writeFile(join(directory, 'ledger.lock'), content);
      const error = await openFiles(directory).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LedgerLockedError);
      expect((error as LedgerLockedError).pid).toBeNull();
    }
  });
});

describe('interference while open', () => {
  it.each<[string, (path: string) => Promise<void>]>([
    ['another writer', (path) => appendFile(path, '{}\n')],
    ['a truncation', (path) => truncate(path, 10)],
    ['a removal', (path) => unlink(path)],
  ])('%s fails the ledger instead of losing evidence silently', async (_name, interfere) => {
    const directory = await temporaryDirectory();
    const ledger = await openFiles(directory);
    await interfere(join(directory, FIRST));
    const error = await ledger.durable(ledger.append(outcomeEntry('a'))).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'CALLGATE_AUDIT_FAILED', cause: { code: 'CALLGATE_AUDIT_CHAIN_BROKEN' } });
    await codeOf(ledger.close());
  });

  it('a second name for a segment is no interference', async () => {
    const directory = await temporaryDirectory();
    const ledger = await openFiles(directory);
    await link(join(directory, FIRST), join(directory, 'backup'));
    await ledger.durable(ledger.append(outcomeEntry('a')));
    await ledger.close();
  });
});

describe('segments in verification', () => {
  it('must be named after their first record', async () => {
    const directory = await closedLedger();
    await rename(join(directory, FIRST), join(directory, '00000000000000000007.jsonl'));
    const { problems } = await verifyLedger(directory);
    expect(problems[0]).toMatchObject({ code: 'segment-name', segment: '00000000000000000007.jsonl', line: 1, seq: 0 });
  });

  it('may be empty only at the end', async () => {
    const directory = await closedLedger(1); // records 0 to 2
    await writeFile(join(directory, '00000000000000000003.jsonl'), '');
    expect((await verifyLedger(directory)).ok).toBe(true);
    await writeFile(join(directory, '00000000000000000004.jsonl'), '');
    expect((await verifyLedger(directory)).problems[0]?.code).toBe('segment-name');
  });

  it('are named for what comes next where the last one is empty', async () => {
    const directory = await closedLedger(3);
    const path = join(directory, '00000000000000000099.jsonl');
    await writeFile(path, '');
    expect((await verifyLedger(directory)).problems).toMatchObject([
      { code: 'segment-name', segment: '00000000000000000099.jsonl' },
    ]);
    await rename(path, join(directory, '00000000000000000005.jsonl'));
    expect(await verifyLedger(directory)).toMatchObject({ ok: true, records: 5 });
  });

  it('may be torn only at the end, even when a torn tail is allowed', async () => {
    const directory = await closedLedger(1);
    await appendFile(join(directory, FIRST), 'torn');
    expect((await verifyLedger(directory, { allowTornTail: true })).ok).toBe(true);
    await writeFile(join(directory, '00000000000000000003.jsonl'), '');
    expect((await verifyLedger(directory, { allowTornTail: true })).problems[0]?.code).toBe('torn-tail');
  });

  it('a directory without any is empty, not fine', async () => {
    expect((await verifyLedger(await temporaryDirectory())).problems[0]?.code).toBe('empty');
  });

  it('ends where the ledger said it would', async () => {
    const directory = await closedLedger(2);
    const lines = (await segmentText(directory)).split('\n');
    expect((await verifyLedger(directory)).tail).toEqual({ ledger: 'l', seq: 3, digest: digest(lines[3] ?? '') });
  });
});

it('options out of range are refused at once', () => {
  const bad = [
    { directory: '' },
    { segmentBytes: 0 },
    { segmentBytes: 1.5 },
    { segmentAgeMs: 0 },
    { minFreeBytes: -1 },
  ];
  for (const options of bad) expect(() => createFileSink({ directory: 'd', clock, ...options })).toThrow(RangeError);
});
