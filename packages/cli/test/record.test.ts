import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { generateTraceKey, openTrace, type TraceEnding, type TraceRecord } from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

import { createFolder, runCommand } from './support/run-command.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const ECHO = fileURLToPath(new URL('support/echo-server.ts', import.meta.url));
const CANARY = 'canary-77a0c1';
const KEYS = generateTraceKey();

const folder = createFolder();
afterAll(() => folder.clean());
const publicKey = folder.write('trace.pub', KEYS.publicKey);
const secretKey = folder.write('trace.key', KEYS.secretKey);

interface Answer {
  readonly id: number | null;
  readonly result?: { readonly content?: readonly { readonly text: string }[]; readonly isError?: boolean };
  readonly error?: { readonly code: number; readonly message: string };
}

/** A client of `callgate record` that is nothing but lines. */
class Client {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly exited: Promise<number | null>;
  readonly answers: Answer[] = [];
  err = '';
  #next = 0;
  readonly #waiting = new Map<number | null, (answer: Answer) => void>();

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, ['--conditions=@callgate/source', MAIN, 'record', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
    this.child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.child.stdin.on('error', () => undefined);
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.answers.push(answer);
      this.#waiting.get(answer.id)?.(answer);
    });
  }

  line(text: string): void {
    this.child.stdin.write(`${text}\n`);
  }

  /** The answer to a line that has no id of its own. */
  malformed(text: string): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(null, resolve));
    this.line(text);
    return answer;
  }

  request(method: string, params: object): Promise<Answer> {
    this.#next += 1;
    const id = this.#next;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.line(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answer;
  }

  call(name: string, args: object): Promise<Answer> {
    return this.request('tools/call', { name, arguments: args });
  }

  async start(): Promise<void> {
    await this.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: { sampling: {} },
      clientInfo: { name: 'test', version: '1' },
    });
    this.line('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }
}

let traces = 0;
function newTrace(): string {
  traces += 1;
  return `${folder.path}/${traces}.cgtrace`;
}

const server = (...flags: string[]): string[] => ['--', process.execPath, ECHO, ...flags];
const recording = (trace: string, ...more: string[]): string[] => ['-o', trace, '-k', publicKey, '-s', 'echo', ...more];

async function read(
  file: string,
): Promise<{ readonly records: TraceRecord[]; readonly ending: TraceEnding | undefined }> {
  const reader = await openTrace(file, { key: KEYS.secretKey });
  const records: TraceRecord[] = [];
  for await (const record of reader) records.push(record);
  return { records, ending: reader.ending };
}

describe('callgate record', () => {
  it('is the server to its client, and leaves a sealed trace of what passed', async () => {
    const trace = newTrace();
    const client = new Client([...recording(trace, '--run', 'r-1', '--user', 'u-1'), ...server()]);
    await client.start();
    const answer = await client.call('anything', { text: CANARY });
    expect(answer.result?.content?.[0]?.text).toContain(CANARY);
    expect((await client.request('custom/method', { a: 1 })).result).toBeDefined();
    client.child.stdin.end();
    expect(await client.exited).toBe(0);
    expect(client.err).toContain('traced');

    expect(readFileSync(trace).includes(CANARY)).toBe(false);
    const { records, ending } = await read(trace);
    expect(ending).toEqual({ kind: 'complete' });
    expect(records.find((record) => record.kind === 'call' && record.method === 'tools/call')).toMatchObject({
      run: 'r-1',
      principal: { user: 'u-1' },
      server: 'echo',
      identity: { command: process.execPath },
      params: { name: 'anything', arguments: { text: CANARY } },
    });
    expect(JSON.stringify(records.find((record) => record.kind === 'outcome' && record.outcome === 'ok'))).toContain(
      'echo',
    );
    const candidate = folder.write(
      'candidate.yaml',
      'callgate: 1\nname: c\nversion: "1"\nservers: { echo: { tools: { anything: { ring: 1, arguments: { text: { maxLength: 3 } } } } } }\n',
    );
    const replayed = await runCommand(['replay', '-p', candidate, '-k', secretKey, trace]);
    expect(replayed.out).toContain('ALLOW→DENY anything on echo: 1 call');
    expect(replayed.out).not.toContain(CANARY);
  });

  it('enforces a policy where it is given one', async () => {
    const trace = newTrace();
    const policy = folder.write(
      'policy.yaml',
      'callgate: 1\nname: p\nversion: "1"\nservers: { echo: { tools: { look: { ring: 1, arguments: { n: { type: integer } } } } } }\n',
    );
    const client = new Client([...recording(trace, '-p', policy), ...server()]);
    await client.start();
    expect((await client.call('look', { n: 1 })).result?.isError).toBeUndefined();
    expect((await client.call('look', { n: 'x' })).result?.isError).toBe(true);
    client.child.stdin.end();
    expect(await client.exited).toBe(0);
    const { records } = await read(trace);
    expect(records.filter((record) => record.kind === 'call' && record.verdict.effect === 'deny')).toHaveLength(1);
  });

  it('answers what is no message, and goes on whatever a server writes', async () => {
    const client = new Client([...recording(newTrace()), ...server('--noise')]);
    await client.start();
    expect((await client.malformed('nonsense')).error?.code).toBe(-32_700);
    client.line('[{"jsonrpc":"2.0","id":1,"method":"ping"}]');
    client.line('{"jsonrpc":"2.0","id":"x"}');
    client.line('');
    expect((await client.call('still', {})).result).toBeDefined();
    client.child.stdin.end();
    expect(await client.exited).toBe(0);
  });

  it('answers what was asked before the client left', async () => {
    const trace = newTrace();
    const client = new Client([...recording(trace), ...server()]);
    const asked = Array.from({ length: 20 }, (_, index) => client.call('slow', { index }));
    client.child.stdin.end();
    expect(await client.exited).toBe(0);
    expect(await Promise.all(asked)).toHaveLength(20);
    expect((await read(trace)).records.filter(({ kind }) => kind === 'outcome')).toHaveLength(20);
  });

  it('ends with its server, and says so', async () => {
    const trace = newTrace();
    const client = new Client([...recording(trace), ...server('--die-on', 'tools/call')]);
    await client.start();
    void client.call('deadly', {});
    expect(await client.exited).toBe(1);
    expect(client.err).toContain('the server ended by itself (exit code 7)');
    const { records, ending } = await read(trace);
    expect(ending).toEqual({ kind: 'complete' });
    expect(records.findLast((record) => record.kind === 'outcome')).toMatchObject({ outcome: 'unknown' });
  });

  it('closes the trace at an interrupt', async () => {
    const trace = newTrace();
    const client = new Client([...recording(trace), ...server()]);
    await client.start();
    client.child.kill('SIGTERM');
    expect(await client.exited).toBe(0);
    expect((await read(trace)).ending).toEqual({ kind: 'complete' });
  });

  it('killed at any moment, leaves every call whose answer the client had', async () => {
    for (let kill = 0; kill < 3; kill += 1) {
      const trace = newTrace();
      const client = new Client([...recording(trace), ...server()]);
      await client.start();
      const answered: number[] = [];
      const flow = async (from: number): Promise<void> => {
        for (let number = from; ; number += 4) {
          await client.call('flow', { number });
          answered.push(number);
          if (answered.length === 40 + kill * 13) client.child.kill('SIGKILL');
        }
      };
      for (let from = 0; from < 4; from += 1) void flow(from);
      await client.exited;
      const known = answered.slice(0, 30);
      const { records, ending } = await read(trace);
      expect(ending?.kind).toBe('cut');
      const traced = new Set(
        records.flatMap((record) => {
          const args = record.kind === 'call' ? record.params?.['arguments'] : undefined;
          return [(args as { readonly number?: number } | undefined)?.number];
        }),
      );
      expect(known.filter((number) => !traced.has(number))).toEqual([]);
      const exported = await runCommand(['trace', 'export', '-k', secretKey, trace]);
      expect(exported.code).toBe(1);
      expect(exported.err).toContain('ends without its last record');
      expect(exported.out.split('\n').length).toBeGreaterThan(30);
    }
  }, 60_000);

  it.each([
    [[], 'expected --out'],
    [['-o', 'x', '-k', publicKey, '--', 'true'], 'expected `--server`'],
    [['-o', '/no/such/folder/x', '-k', publicKey, '-s', 'a', '--', 'true'], 'ENOENT'],
    [['-o', `${folder.path}/gone`, '-k', publicKey, '-s', 'a', '--', '/no/such/program'], 'cannot start'],
    [['-o', `${folder.path}/x`, '-k', publicKey, '-s', 'a', '--max-bytes', 'lots', '--', 'true'], '--max-bytes'],
    [['-o', `${folder.path}/x`, '-s', 'a', '--', 'true'], 'CALLGATE_TRACE_KEY'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, err } = await runCommand(['record', ...args]);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe('callgate trace keygen', () => {
  it('makes a key that only its owner may read, and replaces none', async () => {
    const file = `${folder.path}/made.key`;
    const { code, out } = await runCommand(['trace', 'keygen', file]);
    expect(code).toBe(0);
    const secret = readFileSync(file, 'utf8').split('\n')[2] ?? '';
    expect(secret).toMatch(/^callgate-trace-secret-/u);
    expect(out).not.toContain(secret);
    expect(out).toMatch(/^callgate-trace-public-/mu);
    const again = await runCommand(['trace', 'keygen', file]);
    expect(again.code).toBe(2);
    expect(readFileSync(file, 'utf8')).toContain(secret);
  });
});
