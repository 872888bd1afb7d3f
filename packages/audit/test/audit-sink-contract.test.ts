import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, it } from 'vitest';

import { auditSinkContract, createFileSink, createMemorySink, type SinkStore } from '../src/index.ts';

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

describe('memory sink', () => {
  const makeStore = (): SinkStore => {
    const sink = createMemorySink();
    return { makeSink: () => sink, readLines: async () => sink.lines() };
  };
  for (const { name, run } of auditSinkContract(makeStore)) it(name, run);
});

describe('file sink', () => {
  for (const { name, run } of auditSinkContract(() => makeFileStore(64 * 1024 * 1024))) it(name, run);
});

describe('file sink with small segments', () => {
  for (const { name, run } of auditSinkContract(() => makeFileStore(100_000))) it(name, run);
});

async function makeFileStore(segmentBytes: number): Promise<SinkStore> {
  const directory = await mkdtemp(join(tmpdir(), 'callgate-audit-'));
  directories.push(directory);
  return {
    makeSink: () => createFileSink({ directory, clock: { now: () => 0 }, segmentBytes }),
    readLines: async () => {
      const names = (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).toSorted();
      const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
      return texts.join('').split('\n').slice(0, -1);
    },
  };
}
