import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LINTS, policyJsonSchema } from '@callgate/policy';
import { DRIFT_CLASSES, lockJsonSchema } from '@callgate/registry';
import { describe, expect, it } from 'vitest';

import { objectNames, regenerate, regionsOf } from './scripts/reference/regenerate.ts';
import { rerun } from './scripts/reference/transcript.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

describe('docs/reference/codes.md', () => {
  it('lists every code of a denial, and no other', async () => {
    const policy = [
      ...codesOf(await read('packages/policy/src/decision.ts'), 'PolicyCode'),
      ...codesOf(await read('packages/policy/src/history/control.ts'), 'ControlCode'),
    ];
    const gate = codesOf(await read('packages/callgate/src/codes.ts'), 'GateCode');
    const listed = firstCells(await read('docs/reference/codes.md'), 'Denials').flatMap(codesIn);
    expect(listed.toSorted()).toEqual([...policy, ...gate].filter((code) => code !== 'allowed').toSorted());
  });

  it('lists every code of an anomaly, and no other', async () => {
    const anomalies = codesOf(await read('packages/callgate/src/codes.ts'), 'AnomalyCode');
    const listed = firstCells(await read('docs/reference/codes.md'), 'Anomalies').flatMap(codesIn);
    expect(listed.toSorted()).toEqual(anomalies.toSorted());
  });

  it.each(['docs/reference/codes.md', 'docs/reference/policy.md'])(
    '%s gives the next step that policy gives',
    async (path) => {
      const steps = [
        ...(await read('packages/policy/src/decide/draft.ts')).matchAll(
          /^ {2}'?(?<code>[a-z_.]+)'?: '(?<step>stop|wait|[a-z]+_[a-z_]+)',$/gmu,
        ),
      ].map(({ groups }) => [groups?.['code'], groups?.['step']]);
      expect(steps.length).toBeGreaterThan(10);
      const rows = (await read(path)).split('\n').filter((line) => line.startsWith('|'));
      for (const [code, step] of steps) {
        if (code === 'allowed') continue;
        const row = rows.find((line) => line.startsWith(`| \`${code}\` |`));
        expect(row, code).toContain(`| \`${step}\` |`);
      }
    },
  );
});

describe('docs/reference/ledger.md', () => {
  it('lists every code of an audit error, and no other', async () => {
    const codes = codesOf(await read('packages/audit/src/errors.ts'), 'AuditErrorCode');
    const listed = firstCells(await read('docs/reference/ledger.md'), 'When the disk fails').flatMap(codesIn);
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });
});

describe('docs/reference/bundles.md', () => {
  it('lists every code of a bundle error, and no other', async () => {
    const codes = codesOf(await read('packages/callgate/src/bundle/errors.ts'), 'BundleErrorCode');
    const listed = firstCells(await read('docs/reference/bundles.md'), 'Codes').flatMap(codesIn);
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });
});

describe('docs/guide/quarantine.md', () => {
  it('lists every code of a quarantine error, and no other', async () => {
    const codes = codesOf(await read('packages/callgate/src/quarantine/errors.ts'), 'QuarantineErrorCode');
    const listed = firstCells(await read('docs/guide/quarantine.md'), 'Look at it, and hand it out').flatMap(codesIn);
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });
});

describe('docs/reference/lints.md', () => {
  it('is the table of lints, word for word', async () => {
    const rows = (await read('docs/reference/lints.md')).split('\n').filter((line) => line.startsWith('| `'));
    const expected = Object.entries(LINTS).map(
      ([id, { level, finds, help }]) => `| \`${id}\` | ${level} | ${inCell(finds)} | ${inCell(help)} |`,
    );
    expect(rows).toEqual(expected);
  });
});

describe('docs/reference/lock.md', () => {
  it('is the table of classes of drift, word for word', async () => {
    const rows = (await read('docs/reference/lock.md')).split('\n');
    const expected = Object.entries(DRIFT_CLASSES).map(
      ([id, { breaking, choice, finds }]) =>
        `| \`${id}\` | ${breaking ? 'yes' : 'no'} | ${choice ?? 'withhold, always'} | ${inCell(finds)} |`,
    );
    expect(rows.filter((row) => / \| (?:yes|no) \| /u.test(row))).toEqual(expected);
  });

  it('lists every code of an error of locks', async () => {
    const source = await read('packages/registry/src/lock/errors.ts');
    const codes = [
      ...(/LockErrorCode = (?<codes>[^;]*);/u.exec(source)?.groups?.['codes'] ?? '').matchAll(/'(?<code>\w+)'/gu),
    ];
    const listed = firstCells(await read('docs/reference/lock.md'), 'Errors').flatMap(codesIn);
    expect(listed.toSorted()).toEqual(codes.map(({ groups }) => groups?.['code'] ?? '').toSorted());
  });

  it('names every member of a lock', async () => {
    const text = await read('docs/reference/lock.md');
    const missing = [...keysOf(lockJsonSchema())].filter(
      (key) => !new RegExp(String.raw`[\x60 "{.]${key}[\x60"?:\[\],]`, 'u').test(text),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/reference/policy.md', () => {
  it('has the tables of keys that the schema gives (else: npm run reference)', async () => {
    const page = await read('docs/reference/policy.md');
    expect(page).toBe(regenerate(page));
  });

  it('has a table for every object of the language', async () => {
    expect(regionsOf(await read('docs/reference/policy.md')).toSorted()).toEqual(objectNames().toSorted());
  });

  it('has every default in its column', async () => {
    const rows = (await read('docs/reference/policy.md'))
      .split('\n')
      .filter((line) => line.startsWith('| `') && line.split(' | ').length === 5);
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => /\bdefaults?\b/iu.test(row.split(' | ').at(-1) ?? ''))).toEqual([]);
  });

  it('says in a table what is required, what holds otherwise, and the bounds', () => {
    const table = regenerate('<!-- generated: server -->\n<!-- end -->');
    expect(table).toContain('| `timeout` | [duration](#text-formats) | – | `30s` | Hard deadline of each call |');
    expect(table).toContain('| `identity.command` | text | at most 4,096 characters | required | The executable |');
    expect(() => regenerate('<!-- generated: nothing -->\n<!-- end -->')).toThrow(/expected one of policy/u);
  });

  it('names every key of the policy language', async () => {
    const text = await read('docs/reference/policy.md');
    const missing = [...keysOf(policyJsonSchema())].filter(
      (key) => !new RegExp(String.raw`[\x60 {.]${key}[\x60:,]`, 'u').test(text),
    );
    expect(missing).toEqual([]);
  });
});

const WITH_COMMANDS = ['rules-and-exceptions.md', 'change-a-policy.md', 'history.md', 'record-and-replay.md'];

describe('docs/guide', () => {
  it.each(WITH_COMMANDS)('%s shows what its commands print (else: npm run reference)', async (name) => {
    const page = await read(`docs/guide/${name}`);
    expect(page).toContain('<!-- transcript: ');
    expect(page).toBe(await rerun(page));
  });

  it('has no other page with commands that are not run', async () => {
    const others = (await readdir(join(root, 'docs', 'guide'))).filter((name) => !WITH_COMMANDS.includes(name));
    for (const name of others) expect(await read(`docs/guide/${name}`)).not.toContain('<!-- transcript: ');
  });
});

describe('docs/reference/telemetry.md', () => {
  it('lists every metric and every event, and no other', async () => {
    const page = await read('docs/reference/telemetry.md');
    const telemetry = await read('packages/callgate/src/telemetry/telemetry.ts');
    const metrics = [...telemetry.matchAll(/create(?:Counter|Histogram|ObservableGauge)\('(?<name>[\w.]+)'/gu)];
    expect(
      firstCells(page, 'Metrics')
        .map((cell) => cell.replaceAll('`', ''))
        .toSorted(),
    ).toEqual(metrics.map(({ groups }) => groups?.['name']).toSorted());
    const names =
      /EVENT_NAMES[^{]*\{(?<body>[^}]*)\}/u.exec(await read('packages/callgate/src/events.ts'))?.groups?.['body'] ?? '';
    const events = [...names.matchAll(/^ {2}'?(?<name>[\w-]+)'?: true/gmu)].map(({ groups }) => groups?.['name']);
    const told = firstCells(page, 'Events').flatMap((cell) =>
      [...cell.matchAll(/`(?<name>[\w-]+)`/gu)].map(({ groups }) => groups?.['name']),
    );
    expect(told.toSorted()).toEqual(events.toSorted());
  });
});

describe('the limits in docs/architecture.md', () => {
  it.each([
    ['one message', '100,000 values', 'packages/canonical/src/plain-data.ts', 'maxNodes: 100_000'],
    ['one message', '64 levels', 'packages/canonical/src/plain-data.ts', 'maxDepth: 64'],
    ['one message', '16 Mi characters', 'packages/canonical/src/plain-data.ts', 'maxBytes: 16 * 1024 * 1024'],
    [
      'a result',
      '4 MiB',
      'packages/policy/src/compile/compile-server.ts',
      'DEFAULT_MAX_RESULT_BYTES: number = 4 * 1024 * 1024',
    ],
    ['open requests of a connection', '10,000', 'packages/callgate/src/gate.ts', 'DEFAULT_MAX_OPEN_REQUESTS = 10_000'],
    ["a call's time", '30 s', 'packages/policy/src/compile/compile-server.ts', 'DEFAULT_TIMEOUT_MS = 30_000'],
    ["a call's time", '60 s', 'packages/callgate/src/connection/forward.ts', 'HANDSHAKE_TIMEOUT_MS = 60_000'],
    [
      'requests of a server',
      '256 open',
      'packages/callgate/src/connection/server-requests.ts',
      'MAX_SERVER_REQUESTS = 256',
    ],
    [
      'unasked messages of a server',
      'burst of 10,000',
      'packages/callgate/src/connection/connection.ts',
      'UNASKED_BURST = 10_000',
    ],
    [
      'unasked messages of a server',
      '1,000 a second',
      'packages/callgate/src/connection/connection.ts',
      'UNASKED_PER_SECOND = 1_000',
    ],
    [
      'progress of one call',
      '10,000',
      'packages/callgate/src/connection/inbound-notification.ts',
      'MAX_PROGRESS = 10_000',
    ],
    [
      'messages behind a slow interceptor',
      '10,000',
      'packages/callgate/src/connection/connection.ts',
      'MAX_INBOX = 10_000',
    ],
    ["an interceptor's time", '5 s', 'packages/callgate/src/interceptors.ts', 'DEFAULT_TIMEOUT_MS = 5_000'],
    ["an interceptor's time", 'at most 60 s', 'packages/callgate/src/interceptors.ts', 'MAX_TIMEOUT_MS = 60_000'],
    ['ids remembered as done', '1,024', 'packages/callgate/src/connection/open-requests.ts', 'MAX_TOMBSTONES = 1_024'],
    ['tasks, resumption tokens', '10,000 each', 'packages/callgate/src/connection/task-book.ts', 'MAX_TASKS = 10_000'],
    [
      'tasks, resumption tokens',
      '10,000 each',
      'packages/callgate/src/connection/resumption-book.ts',
      'MAX_TOKENS = 10_000',
    ],
    ['open input requests', '1,000 calls', 'packages/callgate/src/connection/input-book.ts', 'MAX_OPEN = 1_000'],
    ['tools of a listing', '10,000', 'packages/callgate/src/connection/definitions.ts', 'MAX_TOOLS = 10_000'],
    ['a ledger in memory', '10,000 records', 'packages/callgate/src/open-gate-ledger.ts', 'MEMORY_RECORDS = 10_000'],
    [
      'a trace',
      '1 GiB',
      'packages/callgate/src/trace/trace-options.ts',
      'DEFAULT_TRACE_BYTES: number = 1024 * 1024 * 1024',
    ],
    [
      'a record of a trace',
      '16 MiB',
      'packages/callgate/src/trace/trace-records.ts',
      'MAX_TRACE_RECORD_BYTES: number = 16 * 1024 * 1024',
    ],
    [
      'a trace that waits for its sink',
      '32 MiB',
      'packages/callgate/src/trace/trace-writer.ts',
      'MAX_UNWRITTEN_BYTES = 32 * 1024 * 1024',
    ],
    [
      'a policy bundle',
      '16 MiB',
      'packages/callgate/src/bundle/envelope.ts',
      'MAX_BUNDLE_BYTES: number = 16 * 1024 * 1024',
    ],
    ['a policy bundle', '16 signatures', 'packages/callgate/src/bundle/envelope.ts', 'MAX_SIGNATURES = 16'],
    [
      'the quarantine in memory',
      '100 items, 16 MiB, an hour',
      'packages/callgate/src/quarantine/quarantine-options.ts',
      'MEMORY_BOUNDS: QuarantineLimits = { maxItems: 100, maxBytes: 16 * MEBIBYTE, maxAgeMs: HOUR_MS }',
    ],
    [
      'the quarantine elsewhere',
      '1,000 items, 256 MiB, 7 days',
      'packages/callgate/src/quarantine/quarantine-options.ts',
      'BOUNDS: QuarantineLimits = { maxItems: 1_000, maxBytes: 256 * MEBIBYTE, maxAgeMs: 7 * DAY_MS }',
    ],
    ['keeping one item', '5 s', 'packages/callgate/src/quarantine/timely.ts', 'STORE_MS = 5_000'],
    ['handles of one call', '16', 'packages/callgate/src/connection/quarantined-arguments.ts', 'MAX_HANDLES = 16'],
    ['history', '100,000 keys a control', 'packages/breaker/src/limits.ts', 'maxKeys: 100_000'],
    ['history', '1,000 entries a key', 'packages/breaker/src/limits.ts', 'maxEntries: 1000'],
    [
      'calls that wait for a place',
      '100,000',
      'packages/policy/src/document/schema-control.ts',
      'depth: whole(1, 100_000)',
    ],
    [
      'answers kept for repeated writes',
      '1,000',
      'packages/callgate/src/history/kept-outcomes.ts',
      'MAX_OUTCOMES = 1_000',
    ],
    [
      'answers kept for repeated writes',
      '16 Mi characters',
      'packages/callgate/src/history/kept-outcomes.ts',
      'MAX_UNITS = 16 * 1024 * 1024',
    ],
    ['records waiting for the sink', '10,000', 'packages/audit/src/ledger.ts', 'DEFAULT_MAX_PENDING = 10_000'],
  ])('%s: %s', async (what, bound, path, constant) => {
    const row = (await read('docs/architecture.md')).split('\n').find((line) => line.startsWith(`| ${what} `));
    expect(row).toContain(bound);
    expect(await read(path)).toContain(constant);
  });

  it('has no row that is not held here', async () => {
    const held = (await readFile(import.meta.filename, 'utf8')).split('the limits in docs')[1] ?? '';
    const rows = firstCells(await read('docs/architecture.md'), 'Limits');
    expect(rows.filter((row) => !held.includes(row))).toEqual([]);
  });
});

/** The members of a union of string literals. */
function codesOf(source: string, type: string): string[] {
  const union = new RegExp(String.raw`export type ${type} =(?<body>[^;]*);`, 'u').exec(source)?.groups?.['body'] ?? '';
  const codes = [...union.matchAll(/^ {2}\| '(?<code>[\w.]+)'$/gmu)].map(({ groups }) => groups?.['code'] ?? '');
  expect(codes.length).toBeGreaterThan(5);
  return codes;
}

/** The first cell of each row of the tables under a heading. */
function firstCells(text: string, heading: string): string[] {
  const section = text.split(/^#{2,3} /mu).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const cells = [...section.matchAll(/^\| *(?<cell>[^|]+?) *\|/gmu)].map(({ groups }) => groups?.['cell'] ?? '');
  return cells.slice(2);
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`(?<code>[\w.]+)`/gu)].map(({ groups }) => groups?.['code'] ?? '');
}

/** The names of the members that a JSON Schema knows, at any depth. */
function keysOf(schema: unknown, keys: Set<string> = new Set()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return keys;
  for (const [name, value] of Object.entries(schema)) {
    if (name !== 'properties') {
      keysOf(value, keys);
      continue;
    }
    for (const [key, inner] of Object.entries(value as object)) {
      keys.add(key);
      keysOf(inner, keys);
    }
  }
  return keys;
}

/** Text as it stands in a cell of a table. */
function inCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
