import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { ManualClock } from '@callgate/canonical';
import {
  generateBundleKey,
  loadBundle,
  signBundle,
  watchBundle,
  type BundleChange,
  type BundleContents,
  type BundleWatch,
  type Gate,
  type WatchBundleOptions,
} from 'callgate';
import { afterEach, describe, expect, test } from 'vitest';

import { retryDelayMs } from '../../packages/callgate/src/bundle/retry-delay.ts';
import { POLICY, govern } from './support.ts';

const NARROWER = POLICY.replace('[us-east, us-west]', '[us-east]');
const WIDER = POLICY.replace('[us-east, us-west]', '[us-east, us-west, eu-west]');
const START = Date.UTC(2026, 10, 25);
const HOUR_MS = 3_600_000;
const KEY = generateBundleKey();

const cleanups: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callgate-bundle-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function bundle(sequence: number, policy = POLICY, changes: Partial<BundleContents> = {}): Buffer {
  const times = { issued: START, expires: START + 24 * HOUR_MS };
  return Buffer.from(signBundle({ name: 'test', sequence, ...times, policy, ...changes }, [KEY.privateKey]));
}

/** A real server on loopback, and the URL of a path there. */
async function serve(listener: RequestListener): Promise<{ readonly url: URL; readonly server: Server }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/policy.json`) };
}

interface Watched {
  readonly watch: BundleWatch;
  readonly changes: BundleChange[];
  readonly clock: ManualClock;
  readonly failures: string[];
  readonly gate: Gate;
  readonly call: Awaited<ReturnType<typeof govern>>['call'];
  readonly records: Awaited<ReturnType<typeof govern>>['records'];
  /** What came of each change, in a word. */
  story(): readonly string[];
}

async function watching(source: string | URL, options: Partial<WatchBundleOptions> = {}): Promise<Watched> {
  const { gate, call, records } = await govern();
  const changes: BundleChange[] = [];
  const failures: string[] = [];
  const clock = new ManualClock(START + HOUR_MS);
  gate.on('policy-failed', ({ code }) => failures.push(code));
  const watch = watchBundle(gate, source, {
    keys: [KEY.publicKey],
    clock,
    intervalMs: HOUR_MS,
    random: () => 0,
    onChange: (change) => changes.push(change),
    ...options,
  });
  cleanups.push(() => watch.close());
  const story = (): readonly string[] =>
    changes.map((change) => {
      if (change.kind === 'reloaded') return change.result.applied ? 'applied' : 'refused';
      return change.kind === 'invalid' ? codeIn(change.error) : 'stale';
    });
  return { watch, changes, clock, failures, gate, call, records, story };
}

function codeIn(error: unknown): string {
  return String((error as { readonly code?: unknown }).code).replace('CALLGATE_BUNDLE_', '');
}

function codeOf(answer: { readonly result?: unknown }): string {
  const result = answer.result as { readonly _meta?: Readonly<Record<string, { readonly code: string }>> } | undefined;
  return result?._meta?.['callgate/decision']?.code ?? 'allowed';
}

describe('a directory of bundles that is watched', () => {
  async function directory(): Promise<{ readonly folder: string; put(bytes: Uint8Array): Promise<void> }> {
    const folder = await folderOf();
    return {
      folder,
      put: async (bytes) => {
        await writeFile(join(folder, 'next'), bytes);
        await rename(join(folder, 'next'), join(folder, 'callgate.bundle.json'));
      },
    };
  }

  test('narrowing applies at once, widening waits to be accepted, what is invalid changes nothing', async () => {
    const { folder, put } = await directory();
    const { watch, call, story, failures, records, gate } = await watching(folder);
    await put(bundle(1));
    await watch.check();
    await put(bundle(2, NARROWER));
    await watch.check();
    expect(codeOf(await call('lookup', { region: 'us-west' }))).toBe('arguments.envelope');
    await put(bundle(3, WIDER));
    await watch.check();
    await watch.check();
    expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('arguments.envelope');
    await put(Buffer.from('{}'));
    await watch.check();
    await watch.check();
    expect(codeOf(await call('lookup', { region: 'us-east' }))).toBe('allowed');
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
    expect(story()).toEqual(['applied', 'applied', 'refused', 'FORMAT']);
    expect(failures).toEqual(['CALLGATE_BUNDLE_FORMAT']);
    expect(records().findLast(({ kind }) => kind === 'lifecycle')).toMatchObject({
      event: 'policy',
      detail: { failed: 'CALLGATE_BUNDLE_FORMAT', digest: gate.policy.digest },
    });
  });

  test('a bundle that widens is taken when its digest is accepted, and not another one', async () => {
    const { folder, put } = await directory();
    const { watch, call, changes, story } = await watching(folder);
    await put(bundle(2, WIDER));
    await watch.check();
    const [refused] = changes;
    if (refused?.kind !== 'reloaded') throw new Error('expected a reload');
    await put(bundle(3, `${WIDER}      more: { ring: 1 }\n`));
    await watch.accept(refused.bundle.digest);
    expect(watch.bundle).toBeUndefined();
    await put(bundle(4, WIDER));
    await watch.check();
    const offered = changes.at(-1);
    await watch.accept(offered?.kind === 'reloaded' ? offered.bundle.digest : refused.bundle.digest);
    expect(story()).toEqual(['refused', 'refused', 'refused', 'applied']);
    expect(watch.bundle?.contents.sequence).toBe(4);
    expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('allowed');
  });

  test('who is asked sees the difference and the bundle, and only `true` accepts', async () => {
    const { folder, put } = await directory();
    await put(bundle(2, WIDER));
    const answers: unknown[] = [Promise.resolve(true), 1, true];
    const asked: unknown[] = [];
    const { watch, story } = await watching(folder, {
      acceptWidening: (change) => {
        asked.push([change.bundle.contents.sequence, change.diff.verdict, change.exceptions]);
        return answers.shift() as boolean;
      },
    });
    await watch.check();
    await put(bundle(3, WIDER));
    await watch.check();
    await put(bundle(4, WIDER));
    await watch.check();
    expect(asked).toEqual([2, 3, 4].map((sequence) => [sequence, 'widened', []]));
    expect(story()).toEqual(['refused', 'refused', 'applied']);
  });

  test('who is asked and throws accepts nothing', async () => {
    const { folder, put } = await directory();
    await put(bundle(2, WIDER));
    const { watch, call, changes } = await watching(folder, {
      acceptWidening: () => {
        throw new Error('no answer');
      },
    });
    await watch.check();
    expect(changes).toMatchObject([{ kind: 'invalid', error: { message: 'no answer' } }]);
    expect(codeOf(await call('lookup', { region: 'eu-west' }))).toBe('arguments.envelope');
  });

  test('a replayed, an equivocating, an expired or a future bundle is refused', async () => {
    const { folder, put } = await directory();
    const { watch, story, clock, gate } = await watching(folder, { acceptWidening: true });
    await put(bundle(5));
    await watch.check();
    const inForce = gate.policy.digest;
    for (const bytes of [
      bundle(4, WIDER),
      bundle(5, WIDER),
      bundle(6, WIDER, { expires: START + 1000 }),
      bundle(6, WIDER, { issued: START + 20 * HOUR_MS }),
      bundle(6, WIDER, { name: 'other' }),
    ]) {
      await put(bytes);
      await watch.check();
      expect(gate.policy.digest).toBe(inForce);
    }
    expect(story()).toEqual(['applied', 'ROLLED_BACK', 'EQUIVOCATED', 'EXPIRED', 'NOT_YET', 'OTHER_NAME']);
    clock.advance(HOUR_MS);
    await put(bundle(6, WIDER));
    await watch.check();
    expect(story().at(-1)).toBe('applied');
  });

  test('two watches that share a state share what they accept', async () => {
    const [first, second] = [await directory(), await directory()];
    const state = join(first.folder, 'state.json');
    const one = await watching(first.folder, { state });
    const two = await watching(second.folder, { state });
    await first.put(bundle(9));
    await second.put(bundle(8));
    await one.watch.check();
    await two.watch.check();
    await second.put(bundle(9));
    await Promise.all([one.watch.check(), two.watch.check()]);
    expect(one.story()).toEqual(['applied']);
    expect(two.story()).toEqual(['ROLLED_BACK', 'applied']);
  });

  test('a bundle in force that expires is one that could not be renewed: past the maximum age only reads pass', async () => {
    const { folder, put } = await directory();
    const { watch, call, story, clock } = await watching(folder, { maxAgeMs: 2 * HOUR_MS });
    await put(bundle(1));
    await watch.check();
    clock.advance(24 * HOUR_MS);
    await watch.check();
    await watch.check();
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
    clock.advance(HOUR_MS);
    await put(bundle(2, WIDER, { issued: clock.now(), expires: clock.now() + HOUR_MS }));
    await watch.check();
    expect(story()).toEqual(['applied', 'EXPIRED', 'refused', 'stale']);
    expect(codeOf(await call('lookup', { region: 'us-east' }))).toBe('allowed');
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('rule.denied');
    await put(bundle(3, POLICY, { issued: clock.now(), expires: clock.now() + HOUR_MS }));
    await watch.check();
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
  });

  test('[sick.policy] past the maximum age of a source that fails only reads pass, until it answers again', async () => {
    const { folder, put } = await directory();
    const { watch, call, story } = await watching(folder, { maxAgeMs: 0 });
    await put(bundle(1));
    await watch.check();
    await rm(join(folder, 'callgate.bundle.json'));
    await watch.check();
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('rule.denied');
    await put(bundle(1));
    await watch.check();
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
    expect(story()).toEqual(['applied', 'UNAVAILABLE', 'stale', 'applied']);
  });

  test('the first policy comes from the same place, under the same guard', async () => {
    const { folder, put } = await directory();
    const options = { keys: [KEY.publicKey], state: join(folder, 'state'), clock: new ManualClock(START) };
    await put(bundle(3));
    const first = await loadBundle(pathToFileURL(folder), options);
    expect(first.contents.sequence).toBe(3);
    await put(bundle(2));
    await expect(loadBundle(folder, options)).rejects.toMatchObject({ code: 'CALLGATE_BUNDLE_ROLLED_BACK' });
    await expect(loadBundle(join(folder, 'state', 'x'), options)).rejects.toMatchObject({
      code: 'CALLGATE_BUNDLE_UNAVAILABLE',
    });
  });

  test('a huge file is not read to its end, and a device is no bundle', async () => {
    const { folder, put } = await directory();
    await put(Buffer.alloc(16 * 1024 * 1024 + 1));
    const options = { keys: [KEY.publicKey] };
    await expect(loadBundle(folder, options)).rejects.toMatchObject({ code: 'CALLGATE_BUNDLE_TOO_LARGE' });
    await expect(loadBundle('/dev/zero', options)).rejects.toMatchObject({ code: 'CALLGATE_BUNDLE_UNAVAILABLE' });
  });
});

describe('a URL that is watched', () => {
  test('is asked for changes only, and told which version is known', async () => {
    const seen: (string | undefined)[] = [];
    let current = bundle(1);
    const { url } = await serve((request, response) => {
      seen.push(request.headers['if-none-match']);
      const tag = `"${current.length}"`;
      if (request.headers['if-none-match'] === tag) response.writeHead(304).end();
      else response.writeHead(200, { etag: tag }).end(current);
    });
    const { watch, story, clock } = await watching(url);
    await watch.check();
    await watch.check();
    current = bundle(2, NARROWER);
    await watch.check();
    await watch.check();
    expect(seen.map((tag) => tag === undefined)).toEqual([true, false, false, false]);
    expect(story()).toEqual(['applied', 'applied']);
    clock.advance(24 * HOUR_MS);
    await watch.check();
    expect(story().at(-1)).toBe('EXPIRED');
  });

  test('an answer that nothing changed is no answer to one who knows nothing', async () => {
    const { url } = await serve((_request, response) => response.writeHead(304).end());
    await expect(loadBundle(url, { keys: [KEY.publicKey] })).rejects.toThrow('status 304');
  });

  test('redirects are followed at the same origin only', async () => {
    const other = await serve((_request, response) => response.writeHead(200).end(bundle(1)));
    const asked = { other: 0 };
    other.server.on('request', () => (asked.other += 1));
    const targets: Record<string, string> = {
      '/moved': '/policy.json',
      '/elsewhere': other.url.href,
      '/named': other.url.href.replace('127.0.0.1', 'localhost'),
      '/plain': 'http://policies.example/policy.json',
      '/file': 'file:///etc/passwd',
      '/data': 'data:application/json,{}',
      '/user': 'http://me@127.0.0.1/policy.json',
      '/loop': '/loop',
      '/nowhere': 'http://',
    };
    const { url } = await serve((request, response) => {
      const location = targets[request.url ?? ''];
      if (location === undefined) response.writeHead(200).end(bundle(1));
      else response.writeHead(302, { location }).end('elsewhere');
    });
    const load = (path: string): Promise<unknown> =>
      loadBundle(new URL(path, url), { keys: [KEY.publicKey], clock: new ManualClock(START) });
    await expect(load('/moved')).resolves.toBeDefined();
    for (const path of ['/elsewhere', '/named', '/plain', '/file', '/data', '/user'])
      await expect(load(path), path).rejects.toMatchObject({ code: 'CALLGATE_BUNDLE_SOURCE_REFUSED' });
    for (const path of ['/loop', '/nowhere'])
      await expect(load(path), path).rejects.toMatchObject({ code: 'CALLGATE_BUNDLE_UNAVAILABLE' });
    expect(asked.other).toBe(0);
  });

  test('a fetch that follows a redirect by itself is found out', async () => {
    const other = await serve((_request, response) => response.writeHead(200).end(bundle(1)));
    const { url } = await serve((_request, response) => response.writeHead(302, { location: other.url.href }).end());
    const fetch = (input: string | URL): Promise<Response> => globalThis.fetch(input);
    await expect(loadBundle(url, { keys: [KEY.publicKey], fetch })).rejects.toMatchObject({
      code: 'CALLGATE_BUNDLE_SOURCE_REFUSED',
    });
  });

  test.each([
    'http://policies.example/x',
    'ftp://policies.example/x',
    'https://me:secret@policies.example/x',
    'data://x',
  ])('%s is not fetched from', async (source) => {
    const { gate } = await govern();
    const fetch = (): Promise<Response> => Promise.reject(new Error('fetched'));
    const options = { keys: [KEY.publicKey], fetch };
    await expect(loadBundle(source, options)).rejects.toMatchObject({ code: 'CALLGATE_BUNDLE_SOURCE_REFUSED' });
    await expect(loadBundle(source, options)).rejects.not.toThrow('secret');
    expect(() => watchBundle(gate, source, options)).toThrow('bundle source');
  });

  test('plain HTTP to another host is for whoever says so', async () => {
    const fetch = (): Promise<Response> => Promise.resolve(new Response(bundle(1)));
    const options = { keys: [KEY.publicKey], clock: new ManualClock(START), fetch, allowHttp: true };
    await expect(loadBundle('http://policies.example/x', options)).resolves.toBeDefined();
  });

  test.each<readonly [string, string, (request: IncomingMessage, response: ServerResponse) => unknown]>([
    [
      'a body that is said to be huge',
      'TOO_LARGE',
      (_r, response) => response.writeHead(200, { 'content-length': 2 ** 31 }).flushHeaders(),
    ],
    [
      'a body that unpacks to be huge',
      'TOO_LARGE',
      (_r, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(BOMB),
    ],
    ['a connection that breaks', 'UNAVAILABLE', (request) => request.socket.destroy()],
    ['a page that is not there', 'UNAVAILABLE', (_r, response) => response.writeHead(404).end('no')],
    ['a page that wants a login', 'FORMAT', (_r, response) => response.writeHead(200).end('<html>')],
    ['an empty page', 'FORMAT', (_r, response) => response.writeHead(200).end()],
  ])('%s leaves the last good policy', async (_what, code, answer) => {
    let isHostile = false;
    const { url } = await serve((request, response) => {
      if (isHostile) answer(request, response);
      else response.writeHead(200, { etag: '"1"' }).end(bundle(1));
    });
    const { watch, story, call } = await watching(url);
    await watch.check();
    isHostile = true;
    await watch.check();
    isHostile = false;
    await watch.check();
    expect(story()).toEqual(['applied', code, 'applied']);
    expect(codeOf(await call('adjust', { delta: 1 }))).toBe('allowed');
  });

  test.each([
    ['a body that does not come', (response: ServerResponse) => response.writeHead(200).write('{"payload')],
    ['an answer that does not come', () => undefined],
  ])('%s is not waited for beyond its time', async (_what, answer) => {
    const { url } = await serve((_request, response) => answer(response));
    await expect(loadBundle(url, { keys: [KEY.publicKey], timeoutMs: 100 })).rejects.toThrow('no answer in time');
  });

  test('the query of a URL, which can hold a token, is in no message', async () => {
    const { url } = await serve((_request, response) => response.writeHead(500).end());
    url.search = '?token=canary-4f1';
    const error: unknown = await loadBundle(url, { keys: [KEY.publicKey] }).catch((reason: unknown) => reason);
    expect(String(error)).toContain('status 500');
    expect(String(error)).not.toContain('canary');
  });

  test('closing, or a signal, ends what is under way, and nothing is put in force after it', async () => {
    for (const end of ['close', 'abort'] as const) {
      const asked = Promise.withResolvers<ServerResponse>();
      const { url } = await serve((_request, response) => asked.resolve(response));
      const controller = new AbortController();
      const { watch, changes, gate } = await watching(url, { signal: controller.signal });
      const before = gate.policy.digest;
      const checking = watch.check();
      await asked.promise;
      if (end === 'close') watch.close();
      else controller.abort();
      await checking;
      await watch.check();
      watch.close();
      expect(changes).toEqual([]);
      expect(gate.policy.digest).toBe(before);
    }
  });

  test('a watch that is closed while a bundle is opened puts nothing in force', async () => {
    const { url } = await serve((_request, response) => response.writeHead(200).end(bundle(1, NARROWER)));
    let close = (): void => undefined;
    const clock = { now: () => (close(), START) };
    const { watch, gate, changes } = await watching(url, { clock });
    const before = gate.policy.digest;
    close = () => watch.close();
    await watch.check();
    expect([gate.policy.digest, changes]).toEqual([before, []]);
  });

  test('a signal that was aborted already fetches nothing', async () => {
    const { gate } = await govern();
    const fetch = (): Promise<Response> => Promise.reject(new Error('fetched'));
    const options = { keys: [KEY.publicKey], fetch, signal: AbortSignal.abort(new Error('enough')) };
    await expect(loadBundle('https://policies.example', options)).rejects.toThrow('enough');
    const watch = watchBundle(gate, 'https://policies.example', options);
    await watch.check();
    watch.close();
  });
});

describe('how often a source is asked', () => {
  test('watching keeps no process alive, and a closed watch leaves no timer', async () => {
    const { gate } = await govern();
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const watch = watchBundle(gate, '.', { keys: [KEY.publicKey] });
    expect(timers()).toBe(before);
    watch.close();
    watch.close();
  });

  test('a listener that throws disturbs nothing but who waits for the look', async () => {
    const folder = await folderOf();
    const file = join(folder, 'callgate.bundle.json');
    await writeFile(file, bundle(2, NARROWER));
    const { watch, gate } = await watching(folder, {
      onChange: () => {
        throw new Error('not mine');
      },
    });
    await expect(watch.check()).rejects.toThrow('not mine');
    expect([watch.bundle?.contents.sequence, gate.policy.digest]).toEqual([2, watch.bundle?.policy.digest]);
    await watch.check();
  });

  test('about every interval, and ever less often while it fails', () => {
    expect([0, 0.5, 1].map((random) => retryDelayMs(60_000, 0, random))).toEqual([54_000, 60_000, 66_000]);
    const waits = [1, 2, 3, 4, 5, 6, 100].map((failures) => retryDelayMs(60_000, failures, 1));
    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000]);
    expect(retryDelayMs(60_000, 3, 0)).toBe(120_000);
    expect(retryDelayMs(3_600_000, 9, 1)).toBe(3_600_000);
  });

  test('by itself, as often as it was told', async () => {
    const asked = Promise.withResolvers<void>();
    let count = 0;
    const { url } = await serve((_request, response) => {
      response.writeHead(200).end(bundle(1));
      count += 1;
      if (count === 2) asked.resolve();
    });
    const { watch } = await watching(url, { intervalMs: 50 });
    await asked.promise;
    watch.close();
  });

  test('an option outside its range, or no key, is refused', async () => {
    const { gate } = await govern();
    const keys = [KEY.publicKey];
    for (const options of [
      { intervalMs: 1 },
      { maxAgeMs: -1 },
      { timeoutMs: 0 },
      { threshold: 2 },
      { minimumSequence: 0 },
    ])
      expect(() => watchBundle(gate, 'https://policies.example', { keys, ...options })).toThrow(RangeError);
    expect(() => watchBundle(gate, '.', { keys: [] })).toThrow('public keys');
  });
});

const BOMB = gzipSync(Buffer.alloc(17 * 1024 * 1024));
