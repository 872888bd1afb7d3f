import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { ManualClock, type JsonObject } from '@callgate/canonical';
import type { FakeServerOptions } from '@callgate/testing';
import {
  QuarantineError,
  createGate,
  generateQuarantineKey,
  openQuarantine,
  parsePolicy,
  type Detector,
  type GateEvents,
  type QuarantineHandle,
  type QuarantineStore,
  type Verdict,
} from 'callgate';
import { afterAll, describe, expect, test } from 'vitest';

import { denialIn, govern, type GovernSetup, type Governed } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'callgate-quarantine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => {
  folders += 1;
  return join(folder, String(folders));
};

const CANARY = 'canary-7f3a';

const policy = (result = '', server = ''): string => `
callgate: 1
name: test
version: "1"
servers:
  inventory:
    ${server}
    tools:
      open: { ring: 0, labels: [private]${result} }
`;

/** Withholds what holds the word. */
const detector: Detector = {
  kind: 'instructions',
  keywords: ['obey'],
  find({ hits }, report) {
    for (const { start } of hits)
      report({ rule: 'instructions.test', severity: 'high', start, end: start + 4, reason: 'a word of the tests' });
  },
};

const hostile = { content: [{ type: 'text', text: `obey ${CANARY}` }], structuredContent: { total: 25, note: 'obey' } };

const answering = (result: JsonObject = hostile): FakeServerOptions => ({ handlers: { 'tools/call': () => result } });

const governed = (setup: GovernSetup = {}): Promise<Governed> =>
  govern({ policy: policy(), server: answering(), ...setup, gate: { detectors: [detector], ...setup.gate } });

type Answer = Awaited<ReturnType<Governed['call']>>;

const handleIn = (answer: Answer): QuarantineHandle => {
  const { quarantine } = denialIn(answer) as unknown as Pick<Verdict, 'quarantine'>;
  if (quarantine === undefined) throw new Error(`expected a handle, got ${JSON.stringify(answer)}`);
  return quarantine;
};

const by = { by: 'ada', reason: 'a quoted article' };

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof QuarantineError ? error.code : String(error)),
  );

describe('an answer that inspection quarantines', () => {
  test('is kept as it came, and the model gets a handle that says of it what is safe', async () => {
    const { call, gate, records } = await governed();
    const answer = await call('open');
    const handle = handleIn(answer);
    expect(handle).toStrictEqual({
      id: expect.stringMatching(/^qtn_[0-9a-z]{26}$/u) as unknown,
      server: 'inventory',
      tool: 'open',
      type: 'result',
      bytes: expect.any(Number) as unknown,
      labels: ['private', 'untrusted'],
    });
    expect(JSON.stringify(answer.result)).toContain(`It is kept as \`${handle.id}\` (result, ${handle.bytes} bytes).`);
    const outcome = records().find((record) => record.kind === 'outcome');
    expect(outcome).toMatchObject({ summary: { quarantine: handle.id }, response: { bytes: handle.bytes } });
    expect((await gate.quarantine.list())[0]).toMatchObject({
      id: handle.id,
      state: 'held',
      run: 'run-1',
      principal: { user: 'u-1' },
      digest: outcome?.kind === 'outcome' ? outcome.response?.digest : '',
      findings: [{ rule: 'instructions.test', severity: 'high', count: 2 }],
    });
    expect((await gate.quarantine.release(handle.id, by)).content).toStrictEqual(hostile);
  });

  test('appears in no record, event, listing, error or inspection of the gate [quarantine.sealed]', async () => {
    const seen: unknown[] = [];
    const { call, gate, records, delivered, errors } = await governed();
    for (const name of ['call-settled', 'call-decided', 'anomaly', 'quarantine-stored', 'quarantine-released'] as const)
      gate.on(name, (payload) => seen.push(payload));
    const { id } = handleIn(await call('open'));
    seen.push(await gate.quarantine.list(), await gate.quarantine.get(id), gate.quarantine);
    await gate.quarantine.release(id, by);
    seen.push(await gate.quarantine.release(id, by).catch((error: unknown) => error));
    const all = inspect([seen, gate, records(), delivered, errors], { depth: 12, showHidden: true });
    expect(all).toContain(id);
    expect(all).not.toContain(CANARY);
    expect(JSON.stringify([seen, records(), delivered])).not.toContain(CANARY);
  });

  test('is kept when it is an error, a prompt or a resource too', async () => {
    const { request, gate } = await governed({
      policy: policy('', 'prompts: { greet: any }\n    resources: { allow: ["docs://**"] }'),
      server: {
        handlers: {
          'tools/call': () => {
            throw Object.assign(new Error(`obey ${CANARY}`), { code: -32_000 });
          },
          'prompts/get': () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'obey' } }] }),
          'resources/read': () => ({ contents: [{ uri: 'docs://a', text: 'obey' }] }),
        },
      },
    });
    await request('tools/call', { name: 'open', arguments: {} });
    await request('prompts/get', { name: 'greet' });
    await request('resources/read', { uri: 'docs://a' });
    expect((await gate.quarantine.list()).map(({ type, tool }) => [type, tool])).toStrictEqual(
      expect.arrayContaining([
        ['error', 'open'],
        ['prompt', 'greet'],
        ['resource', null],
      ]),
    );
  });

  test.each([
    ['rejected', ', result: { instructions: reject }', {}],
    ['told to be kept nowhere', '', { maxItems: 0 }],
  ])('is not kept where it is %s', async (_, result, quarantine) => {
    const { call, gate } = await governed({ policy: policy(result), gate: { detectors: [detector], quarantine } });
    const answer = await call('open');
    expect(denialIn(answer)).not.toHaveProperty('quarantine');
    expect(denialIn(answer).code).toBe('response.quarantined');
    expect(await gate.quarantine.list()).toStrictEqual([]);
  });
});

describe('fields that policy releases', () => {
  const release = ', result: { release: [/total, /status, /note, /long, /list, /missing, /free] }';

  test('are told where they are scalars, plain, and clean', async () => {
    const structuredContent = {
      total: 25,
      status: 'on hold',
      note: 'obey',
      long: 'x'.repeat(65),
      list: [1],
      free: 'a\nb',
    };
    const { call } = await governed({
      policy: policy(release),
      server: answering({ content: [{ type: 'text', text: 'obey' }], structuredContent }),
    });
    const answer = await call('open');
    expect(handleIn(answer).fields).toStrictEqual({ '/status': 'on hold', '/total': 25 });
    expect(JSON.stringify(answer.result)).toContain(String.raw`of which /status is \"on hold\", /total is 25`);
  });

  test('are read from text that is JSON', async () => {
    const text = JSON.stringify({ total: 3, note: 'obey' });
    const { call } = await governed({
      policy: policy(release),
      server: answering({ content: [{ type: 'text', text }] }),
    });
    expect(handleIn(await call('open')).fields).toStrictEqual({ '/total': 3 });
  });

  test('are not told where they say together what none of them says', async () => {
    const spread: Detector = {
      ...detector,
      find: ({ text, hits }, report) => {
        if (text.includes('obey me')) detector.find({ text, hits } as never, report, undefined as never);
        else if (text.includes('!'))
          report({ rule: 'instructions.test', severity: 'high', start: 0, end: 1, reason: 'test' });
      },
      keywords: ['obey', 'here'],
    };
    const { call } = await governed({
      policy: policy(', result: { release: [/a, /b] }'),
      server: answering({ content: [{ type: 'text', text: 'obey me!' }], structuredContent: { a: 'obey', b: 'me' } }),
      gate: { detectors: [spread] },
    });
    expect(handleIn(await call('open'))).not.toHaveProperty('fields');
  });
});

describe('what is released', () => {
  test('goes out once, to a person with a reason, on the record [quarantine.once]', async () => {
    const { call, gate, records } = await governed();
    const { id } = handleIn(await call('open'));
    await expect(gate.quarantine.release(id, { by: ' ', reason: 'x' })).rejects.toThrow(TypeError);
    const results = await Promise.allSettled([gate.quarantine.release(id, by), gate.quarantine.release(id, by)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await codeOf(gate.quarantine.release(id, by))).toBe('CALLGATE_QUARANTINE_RELEASED');
    expect(await gate.quarantine.get(id)).toMatchObject({ state: 'released' });
    expect(records().filter((record) => record.kind === 'lifecycle' && record.event === 'quarantine')).toMatchObject([
      { detail: { action: 'released', id, by: 'ada', reason: 'a quoted article', tool: 'open' } },
    ]);
  });

  test('stays where it is when the release cannot be recorded', async () => {
    const { call, gate } = await governed();
    const { id } = handleIn(await call('open'));
    await gate.ledger.close();
    await expect(gate.quarantine.release(id, by)).rejects.toThrow(/closed/u);
    expect(await gate.quarantine.get(id)).toMatchObject({ state: 'held' });
  });

  test('is unknown under any other id, and once it expired', async () => {
    const clock = new ManualClock(1_000);
    const { call, gate, records } = await governed({
      gate: { detectors: [detector], clock, quarantine: { maxAgeMs: 500 } },
    });
    const { id } = handleIn(await call('open'));
    for (const other of ['', '../x', `qtn_${'0'.repeat(26)}`, `${id}x`])
      expect(await codeOf(gate.quarantine.release(other, by))).toBe('CALLGATE_QUARANTINE_UNKNOWN');
    clock.advance(501);
    expect(await codeOf(gate.quarantine.release(id, by))).toBe('CALLGATE_QUARANTINE_UNKNOWN');
    expect(await gate.quarantine.list()).toStrictEqual([]);
    expect(records()).toContainEqual(
      expect.objectContaining({ event: 'quarantine', detail: { action: 'evicted', id, reason: 'age' } }),
    );
  });
});

describe('at a bound', () => {
  test.each([
    ['count', { maxItems: 2 }],
    ['bytes', { maxBytes: 400 }],
  ] as const)(
    'of %s the oldest goes first, and a record and an event say so [quarantine.bounded]',
    async (reason, quarantine) => {
      const { call, gate, records } = await governed({ gate: { detectors: [detector], quarantine } });
      const evicted: GateEvents['quarantine-evicted'][] = [];
      gate.on('quarantine-evicted', (event) => evicted.push(event));
      const ids = [handleIn(await call('open')).id, handleIn(await call('open')).id, handleIn(await call('open')).id];
      expect((await gate.quarantine.list()).map(({ id }) => id)).toStrictEqual(ids.slice(1));
      expect(evicted).toStrictEqual([{ id: ids[0], reason }]);
      expect(records()).toContainEqual(
        expect.objectContaining({ event: 'quarantine', detail: { action: 'evicted', id: ids[0], reason } }),
      );
    },
  );

  test('what alone is larger than the bound is withheld and not kept', async () => {
    const { call, gate, records } = await governed({ gate: { detectors: [detector], quarantine: { maxBytes: 10 } } });
    expect(denialIn(await call('open'))).not.toHaveProperty('quarantine');
    expect(await gate.quarantine.list()).toStrictEqual([]);
    expect(records()).toContainEqual(
      expect.objectContaining({ code: 'quarantine.failed', detail: { error: 'CALLGATE_QUARANTINE_FULL' } }),
    );
  });

  test('purging removes what is older, or everything, and records it', async () => {
    const clock = new ManualClock(1_000);
    const { call, gate, records } = await governed({ gate: { detectors: [detector], clock } });
    const { id } = handleIn(await call('open'));
    clock.advance(100);
    await call('open');
    expect(await gate.quarantine.purge({ olderThanMs: 50 })).toBe(1);
    expect(await gate.quarantine.purge({ all: true })).toBe(1);
    expect(await gate.quarantine.purge({ all: true })).toBe(0);
    await expect(gate.quarantine.purge({} as never)).rejects.toThrow(TypeError);
    expect(records().filter((record) => record.kind === 'lifecycle' && record.event === 'quarantine')).toMatchObject([
      { detail: { action: 'purged', items: 1, ids: [id] } },
      { detail: { action: 'purged', items: 1 } },
    ]);
  });
});

describe('a store that fails', () => {
  const failing = (members: Partial<QuarantineStore>): QuarantineStore => ({
    put: () => undefined,
    read: () => undefined,
    list: () => [],
    claim: () => false,
    unclaim: () => undefined,
    forget: () => undefined,
    remove: () => undefined,
    ...members,
  });

  test.each([
    [
      'throws',
      () => {
        throw new TypeError(CANARY);
      },
    ],
    ['rejects', () => Promise.reject(new TypeError(CANARY))],
  ])('by %s delivers nothing, and the host hears of it', async (_, put) => {
    const { call, gate, records } = await governed({
      gate: { detectors: [detector], quarantine: { store: failing({ put }) } },
    });
    const failures: unknown[] = [];
    gate.on('quarantine-failed', ({ server, request }) => failures.push({ server, request }));
    const answer = await call('open');
    expect(denialIn(answer)).toMatchObject({ code: 'response.quarantined' });
    expect(denialIn(answer)).not.toHaveProperty('quarantine');
    expect(failures).toStrictEqual([{ server: 'inventory', request: denialIn(answer).request }]);
    expect(records()).toContainEqual(
      expect.objectContaining({ kind: 'anomaly', code: 'quarantine.failed', detail: { error: 'TypeError' } }),
    );
    expect(JSON.stringify([answer, records()])).not.toContain(CANARY);
  });

  test('that takes for ever keeps nobody waiting: the deadline answers', async () => {
    const { call } = await governed({
      policy: policy(', timeout: 50ms'),
      gate: { detectors: [detector], quarantine: { store: failing({ put: () => new Promise(() => undefined) }) } },
    });
    expect(denialIn(await call('open')).code).toBe('deadline.exceeded');
  });
});

describe('a directory', () => {
  test('holds nothing of the content in the clear, and another process opens it with the key only', async () => {
    const store = newFolder();
    const key = generateQuarantineKey();
    const { call, gate } = await governed({ gate: { detectors: [detector], quarantine: { store, key } } });
    const { id } = handleIn(await call('open'));
    expect(readdirSync(store)).toStrictEqual([`${id}.held`]);
    expect(readFileSync(join(store, `${id}.held`), 'latin1')).not.toContain(CANARY);
    const other = await openQuarantine(store, { key: generateQuarantineKey() });
    expect(await codeOf(other.reveal(id))).toBe('CALLGATE_QUARANTINE_KEY_OTHER');
    const own = await openQuarantine(store, { key });
    expect((await own.reveal(id)).content).toStrictEqual(hostile);
    await expect(own.release(id, by)).rejects.toThrow(/ledger/u);
    expect((await gate.quarantine.release(id, by)).isErased).toBe(true);
    expect(await codeOf(own.reveal(id))).toBe('CALLGATE_QUARANTINE_RELEASED');
  });

  test('has the same bounds after a restart', async () => {
    const store = newFolder();
    const quarantine = { store, maxItems: 2 };
    const first = await governed({ gate: { detectors: [detector], quarantine } });
    const oldest = handleIn(await first.call('open')).id;
    await first.call('open');
    const second = await governed({ gate: { detectors: [detector], quarantine } });
    await second.call('open');
    const ids = (await second.gate.quarantine.list()).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids).not.toContain(oldest);
  });
});

describe('a handle as an argument', () => {
  const accepting = `
callgate: 1
name: test
version: "1"
servers:
  inventory:
    tools:
      open: { ring: 0 }
      echo: { ring: 1, arguments: { text: { type: string, maxLength: 60, quarantined: allow }, note: { type: string, maxLength: 60, optional: true } } }
      tag: { ring: 1, arguments: { text: { type: string, enum: [a, b], quarantined: allow } } }
      nested: { ring: 1, arguments: { parts: { type: array, items: { type: object, properties: { body: { type: string, maxLength: 60, quarantined: allow } } } } } }
`;
  const open = async (gate: GovernSetup['gate'] = {}): Promise<Governed & { readonly id: string }> => {
    const governedGate = await governed({
      policy: accepting,
      server: {
        handlers: {
          'tools/call': (params) =>
            (params as { readonly name?: string }).name === 'open'
              ? hostile
              : { content: [{ type: 'text', text: 'sent' }] },
        },
      },
      gate: { detectors: [detector], ...gate },
    });
    return { ...governedGate, id: handleIn(await governedGate.call('open')).id };
  };

  const sent = ({ server }: Governed, name: string): unknown =>
    server.requests('tools/call').find(({ params }) => (params as { readonly name?: string }).name === name)?.params;

  test('is the content for policy and the server, and a digest and a shape for the record', async () => {
    const made = await open();
    const { call, id, records } = made;
    expect((await call('echo', { text: id })).result).toMatchObject({ content: [{ text: 'sent' }] });
    expect(sent(made, 'echo')).toStrictEqual({ name: 'echo', arguments: { text: `obey ${CANARY}` } });
    expect((await call('nested', { parts: [{ body: id }, { body: 'mine' }] })).result).toMatchObject({ content: [{}] });
    expect(sent(made, 'nested')).toMatchObject({
      arguments: { parts: [{ body: `obey ${CANARY}` }, { body: 'mine' }] },
    });
    expect(JSON.stringify([records(), made.delivered])).not.toContain(CANARY);
    expect(records()).toContainEqual(
      expect.objectContaining({
        kind: 'decision',
        target: 'echo',
        effect: 'allow',
        summary: expect.objectContaining({ undeclared: 0 }) as unknown,
      }),
    );
  });

  test('is only text where policy does not say that something in quarantine may stand', async () => {
    const made = await open();
    await made.call('echo', { text: 'x', note: made.id });
    expect(sent(made, 'echo')).toMatchObject({ arguments: { note: made.id } });
  });

  test('that does not fit is denied, and nothing of the content is told', async () => {
    const { call, id, records } = await open();
    const answer = await call('tag', { text: id });
    expect(denialIn(answer)).toMatchObject({
      code: 'arguments.envelope',
      hints: ['use something else for `/text`: what is in quarantine does not fit'],
      violations: [{ pointer: '/text', got: 'something in quarantine that does not fit' }],
    });
    expect(JSON.stringify([answer, records()])).not.toContain(CANARY);
    expect(JSON.stringify(answer)).not.toContain('characters');
  });

  test.each([
    ['another run', { run: 'run-2' }, { user: 'u-1' }],
    ['another principal', { run: 'run-1' }, { user: 'u-2' }],
    ['another tenant', { run: 'run-1' }, { user: 'u-1', tenant: 't-2' }],
    ['no run', {}, { user: 'u-1' }],
  ] as const)(
    'of %s opens nothing, and nobody learns that there is one [quarantine.handle]',
    async (_, context, principal) => {
      const { call, gate, id, server } = await open();
      const before = server.requests('tools/call').length;
      const denied = await gate.as(principal, context, () => call('echo', { text: id }));
      const none = await gate.as(principal, context, () => call('echo', { text: `qtn_${'0'.repeat(26)}` }));
      expect(denialIn(denied).code).toBe('quarantine.unavailable');
      expect({ ...denialIn(denied), request: '' }).toStrictEqual({ ...denialIn(none), request: '' });
      expect(server.requests('tools/call')).toHaveLength(before);
    },
  );

  test('opens nothing once it expired, was released, or was purged', async () => {
    const clock = new ManualClock(1_000);
    const { call, id } = await open({ clock, quarantine: { maxAgeMs: 500 } });
    clock.advance(501);
    expect(denialIn(await call('echo', { text: id })).code).toBe('quarantine.unavailable');
    const released = await open();
    await released.gate.quarantine.release(released.id, by);
    expect(denialIn(await released.call('echo', { text: released.id })).code).toBe('quarantine.unavailable');
    const purged = await open();
    await purged.gate.quarantine.purge({ all: true });
    expect(denialIn(await purged.call('echo', { text: purged.id })).code).toBe('quarantine.unavailable');
  });

  test('may be one of at most sixteen', async () => {
    const { call, id } = await open();
    const parts = (count: number): object => ({ parts: Array.from({ length: count }, () => ({ body: id })) });
    expect((await call('nested', parts(16))).result).not.toHaveProperty('isError');
    expect(denialIn(await call('nested', parts(17))).code).toBe('quarantine.unavailable');
  });

  test('can be given again within the run', async () => {
    const { call, id } = await open();
    await call('echo', { text: id });
    expect((await call('echo', { text: id })).result).not.toHaveProperty('isError');
  });
});

test.each([
  [{ store: '' }, 'quarantine.store'],
  [{ store: {} }, 'quarantine.store'],
  [{ key: 5 }, 'quarantine.key'],
  [{ maxItems: -1 }, 'quarantine.maxItems'],
  [{ maxBytes: 0 }, 'quarantine.maxBytes'],
  [{ maxAgeMs: Number.NaN }, 'quarantine.maxAgeMs'],
  [{ maxAge: 1 }, 'expected only store'],
  [{ key: 'callgate-quarantine-key-AAAA' }, 'one whole key'],
])('options that cannot be meant are refused when the gate is made: %j', async (quarantine, message) => {
  await expect(createGate({ policy: parsePolicy(policy()), quarantine: quarantine as never })).rejects.toThrow(message);
});
