/**
 * What fingerprints cost, in CPU time, and where ordinary texts share parts:
 * `node --conditions=@callgate/source packages/breaker/bench/fingerprints.ts`. With `--corpora FOLDER`: the longest runs that unrelated
 * texts of `docs_benign`, `injecagent` and `bfcl` share, and how many pairs count as carried.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { RunEvidence, sourceOf } from '../src/flows/run-evidence.ts';
import { fingerprintsOf } from '../src/flows/fingerprints.ts';
import { sinkTextOf } from '../src/flows/sink-text.ts';

const NOBODY: ReadonlySet<number> = new Set();
const ROUNDS = 15;

const corpora = process.argv.indexOf('--corpora');
if (corpora === -1) measureCost();
else measurePairs(process.argv[corpora + 1] ?? '');

function measureCost(): void {
  for (const kib of [1, 16, 64, 256, 1024]) {
    const text = prose(kib * 1024);
    const prints = cost(() => void fingerprintsOf([text]));
    const made = fingerprintsOf([text]);
    console.log(
      `fingerprints of ${kib} KiB: ${(prints / kib).toFixed(1)} µs per KiB, window ${made.window}, ${made.hashes.length} grams`,
    );
  }
  const evidence = new RunEvidence();
  for (let call = 0; call < 8; call += 1) {
    evidence.add(sourceOf(`call-${call}`, ['private'], ['run'], fingerprintsOf([prose(8192, call + 1)]), NOBODY));
  }
  for (const kib of [1, 16, 64]) {
    const args = { body: prose(kib * 1024, 99) };
    const found = cost(() => void evidence.find('external', sinkTextOf(args, [])));
    console.log(
      `arguments of ${kib} KiB in the same words against ${evidence.grams} grams: ${(found / kib).toFixed(1)} µs per KiB`,
    );
  }
  const note = { to: 'someone@example.com', body: 'a short letter about something else. '.repeat(6) };
  const many = cost(() => {
    for (let round = 0; round < 1000; round += 1) evidence.find('external', sinkTextOf(note, []));
  });
  console.log(`a note of 240 bytes in other words: ${(many / 1000).toFixed(1)} µs`);
  measureMemory();
}

/** Needs `--expose-gc`. */
function measureMemory(): void {
  if (globalThis.gc === undefined) return;
  const kept: RunEvidence[] = [];
  globalThis.gc();
  const before = process.memoryUsage();
  for (let run = 0; run < 32; run += 1) {
    const evidence = new RunEvidence();
    evidence.add(sourceOf('call', ['private'], ['run'], fingerprintsOf([prose(16_384, run + 1)]), NOBODY));
    kept.push(evidence);
  }
  globalThis.gc();
  const after = process.memoryUsage();
  const grams = kept.reduce((sum, evidence) => sum + evidence.grams, 0);
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  console.log(`memory: ${(bytes / grams).toFixed(0)} bytes per gram`);
}

/** Microseconds of CPU time, median. */
function cost(work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < 3 * ROUNDS; round += 1) work();
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    times.push(user + system);
  }
  return times.toSorted((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** Words from a generator, so that texts of different seeds share words and hardly more. */
function prose(units: number, seed = 7): string {
  const words =
    'the habitat near northern ridge was surveyed twice this autumn nobody saw animals themselves tracks fresh deep led river old barn recommend another visit before first snow two cameras guide'.split(
      ' ',
    );
  let state = seed * 2_654_435_761;
  let text = '';
  while (text.length < units) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${words[(state >>> 8) % words.length] ?? ''} `;
    if (state % 13 === 0) text += `${state % 100_000} `;
  }
  return text.slice(0, units);
}

interface Row {
  readonly group: string;
  readonly text: string;
}

function measurePairs(folder: string): void {
  const sets: Readonly<Record<string, readonly Row[]>> = {
    'documentation of different projects': rows(folder, 'docs_benign/plain', (row) => ({
      group: String(row['source']).split('@')[0] ?? '',
      text: String(row['text']),
    })),
    'results of different tools': rows(folder, 'injecagent/benign_tool_outputs', (row) => ({
      group: String(row['tool']),
      text: String(row['text']),
    })),
    'arguments of different calls': rows(folder, 'bfcl/calls', (row) => ({
      group: String(row['tool']),
      text: JSON.stringify(row['args']),
    })),
  };
  for (const [name, all] of Object.entries(sets)) pairsWithin(name, all);
}

function pairsWithin(name: string, all: readonly Row[]): void {
  let pairs = 0;
  let carried = 0;
  let tokens = 0;
  const examples: string[] = [];
  const sources = all.filter((_, index) => index % Math.ceil(all.length / 150) === 0);
  const sinks = all
    .filter((_, index) => index % Math.ceil(all.length / 400) === 1)
    .map(({ group, text }) => ({ group, text, sent: sinkTextOf({ body: text }, []) }));
  for (const { group, text } of sources) {
    const evidence = new RunEvidence();
    evidence.add(sourceOf('call', ['private'], ['run'], fingerprintsOf([text]), NOBODY));
    for (const sink of sinks) {
      if (sink.group === group) continue;
      pairs += 1;
      const [found] = evidence.find('external', sink.sent);
      if (found === undefined) continue;
      carried += 1;
      if (found.token) tokens += 1;
      if (process.argv.includes('--show') && examples.length < 12)
        examples.push(
          `--- ${found.units} of ${found.ofUnits} ${found.token ? 'token' : ''}\n${common(text, sink.text)}`,
        );
    }
  }
  console.log(`${name}: ${carried} of ${pairs} pairs counted as carried (${tokens} by a token)`);
  for (const example of examples) console.log(example);
}

/** The longest words that both texts have in turn, to look at. */
function common(left: string, right: string): string {
  const words = left.split(/\s+/u);
  let best = '';
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 1; to <= words.length && to - from < 40; to += 1) {
      const text = words.slice(from, to).join(' ');
      if (!right.replaceAll(/\s+/gu, ' ').includes(text)) break;
      if (text.length > best.length) best = text;
    }
  }
  return best;
}

function rows(folder: string, name: string, read: (row: Readonly<Record<string, unknown>>) => Row): readonly Row[] {
  const path = join(folder, `${name}.jsonl.gz`);
  if (!existsSync(path)) return [];
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => read(JSON.parse(line) as Readonly<Record<string, unknown>>));
}
