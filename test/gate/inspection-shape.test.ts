import type { JsonObject } from '@callgate/canonical';
import { describe, expect, test } from 'vitest';

import { denialIn, govern, type Governed } from './support.ts';

const policy = (result: string): string => `
callgate: 1
name: test
version: "1"
servers:
  inventory:
    tasks: allow
    tools:
      open: { ring: 0${result === '' ? '' : `, result: ${result}`} }
      other: { ring: 0 }
`;

const OUTPUT: JsonObject = {
  type: 'object',
  properties: { sku: { type: 'string', pattern: '^[A-Z]{2}-[0-9]+$' }, stock: { type: 'integer', minimum: 0 } },
  required: ['sku'],
  additionalProperties: false,
};

const definition = (outputSchema?: JsonObject): JsonObject => ({
  name: 'open',
  inputSchema: { type: 'object' },
  ...(outputSchema === undefined ? {} : { outputSchema }),
});

const answering = async (result: JsonObject, rules = '', outputSchema?: JsonObject): Promise<Governed> => {
  const governed = await govern({
    policy: policy(rules),
    server: { tools: [definition(outputSchema)], handlers: { 'tools/call': () => result } },
  });
  await governed.request('tools/list');
  return governed;
};

const text = (value: string): JsonObject => ({ type: 'text', text: value });
const rows = (count: number): readonly JsonObject[] => Array.from({ length: count }, (_, id) => ({ id }));

/** The record of the last answer; the first is that of the listing. */
const outcomeOf = (records: Governed['records']): unknown => records().findLast((record) => record.kind === 'outcome');

/** Whether the answer is withheld for a rule, and the record says how. */
async function refusedFor({ call, records }: Governed, rule: string, verdict: string): Promise<void> {
  const answer = await call('open');
  expect(denialIn(answer).code).toBe('response.quarantined');
  expect(JSON.stringify(answer)).toContain(rule);
  const outcome = outcomeOf(records);
  expect(outcome).toMatchObject({ outcome: 'quarantined', inspection: { verdict, rules: [rule] } });
}

describe('structured content and the tool’s own output schema', () => {
  test.each([
    ['a wrong type', { sku: 'AB-1', stock: 'many' }],
    ['a pattern that does not fit', { sku: 'nothing' }],
    ['a member that is missing', { stock: 1 }],
    ['a member that is not promised', { sku: 'AB-1', instructions: 'x' }],
  ])('an answer with %s is refused', async (_, structuredContent) => {
    await refusedFor(await answering({ content: [], structuredContent }, '', OUTPUT), 'shape.schema', 'reject');
  });

  test('an answer without it is refused where it is promised, and an error is not', async () => {
    await refusedFor(await answering({ content: [text('AB-1')] }, '', OUTPUT), 'shape.schema', 'reject');
    const failed = await answering({ content: [text('no such')], isError: true }, '', OUTPUT);
    expect((await failed.call('open')).result).toMatchObject({ isError: true, content: [text('no such')] });
  });

  test('an answer that fits passes as it came', async () => {
    const result = { content: [text('{"sku":"AB-1"}')], structuredContent: { sku: 'AB-1', stock: 3 } };
    expect((await (await answering(result, '', OUTPUT)).call('open')).result).toStrictEqual(result);
  });

  test('any passes where policy says so, or where the server promised nothing', async () => {
    const result = { content: [], structuredContent: { sku: 1 } };
    expect((await (await answering(result, '{ schema: any }', OUTPUT)).call('open')).result).toStrictEqual(result);
    expect((await (await answering(result)).call('open')).result).toStrictEqual(result);
  });

  test('a schema made to cost withholds the answer', async () => {
    const schema = { allOf: [{ $ref: '#' }, { $ref: '#' }] };
    const governed = await answering({ content: [], structuredContent: {} }, '', schema);
    await refusedFor(governed, 'shape.schema-budget', 'quarantine');
  });

  test('the result of a task is judged like that of the call', async () => {
    const governed = await govern({
      policy: policy('{ reject: [secret], maxTokens: 40 }'),
      server: {
        tools: [definition(OUTPUT)],
        handlers: {
          'tools/call': () => ({
            task: { taskId: 't', status: 'working', createdAt: '', lastUpdatedAt: '', ttl: null },
          }),
          'tasks/result': () => ({ content: [], structuredContent: { sku: 1 } }),
        },
      },
    });
    await governed.request('tools/list');
    const task = await governed.request('tools/call', { name: 'open', arguments: {}, task: { ttl: 1 } });
    expect(task, JSON.stringify(task)).toMatchObject({ result: { task: { taskId: 't' } } });
    const answer = await governed.request('tasks/result', { taskId: 't' });
    expect(JSON.stringify(answer)).toContain('shape.schema');
  });
});

describe('kinds of content and MIME types', () => {
  const image = { type: 'image', data: 'AAAA', mimeType: 'image/png' };

  test.each([
    ['{ content: [text] }', { content: [text('a'), image] }, 'shape.content-kind'],
    ['{ content: [text] }', { content: [text('a')], structuredContent: {} }, 'shape.content-kind'],
    ['{ content: [text] }', { content: [{ type: 'unheard-of' }] }, 'shape.content-kind'],
    ['{ mimeTypes: [image/png] }', { content: [{ ...image, mimeType: 'image/svg+xml' }] }, 'shape.mime-type'],
    ['{ mimeTypes: [image/*] }', { content: [{ type: 'audio', data: '', mimeType: 'audio/wav' }] }, 'shape.mime-type'],
    [
      '{ mimeTypes: [text/*] }',
      { content: [{ type: 'resource', resource: { uri: 'a://b', blob: 'AAAA' } }] },
      'shape.mime-type',
    ],
    ['{ mimeTypes: [image/*] }', { content: [{ type: 'image', data: 'AAAA' }] }, 'shape.mime-type'],
  ])('%s refuses others', async (rules, result, rule) => {
    await refusedFor(await answering(result, rules), rule, 'reject');
  });

  test.each([
    ['{ content: [text, image, structured] }', { content: [text('a'), image], structuredContent: {} }],
    ['{ mimeTypes: ["image/*", "text/plain"] }', { content: [image, text('a')] }],
    [
      '{ mimeTypes: [text/plain] }',
      { content: [{ type: 'resource', resource: { uri: 'a://b', text: 'c', mimeType: 'text/plain; charset=utf-8' } }] },
    ],
  ])('%s lets pass what it names', async (rules, result) => {
    expect((await (await answering(result, rules)).call('open')).result).toStrictEqual(result);
  });
});

describe('rows', () => {
  const result = { content: [text(JSON.stringify({ list: rows(5) }))], structuredContent: { list: rows(5) } };

  test('are trimmed where policy says so, in both copies, and the model is told', async () => {
    const governed = await answering(result, '{ rows: { at: /list, max: 2, then: trim } }');
    expect((await governed.call('open')).result).toStrictEqual({
      content: [text(JSON.stringify({ list: rows(2) })), text('[showing 2 of 5 rows at /list: policy shows no more]')],
      structuredContent: { list: rows(2) },
    });
    expect(outcomeOf(governed.records)).toMatchObject({
      inspection: { verdict: 'redact', rules: ['shape.rows'] },
    });
  });

  test('are withheld, or refused, otherwise', async () => {
    await refusedFor(await answering(result, '{ rows: { at: /list, max: 2 } }'), 'shape.rows', 'quarantine');
    await refusedFor(await answering(result, '{ rows: { at: /list, max: 2, then: reject } }'), 'shape.rows', 'reject');
  });

  test('pass up to the limit', async () => {
    const governed = await answering(result, '{ rows: { at: /list, max: 5, then: reject } }');
    expect((await governed.call('open')).result).toStrictEqual(result);
  });

  test('are not limited for another tool', async () => {
    const governed = await answering(result, '{ rows: { at: /list, max: 2 } }');
    expect((await governed.call('other')).result).toStrictEqual(result);
  });
});

test('more tokens than policy accepts are withheld, by estimate', async () => {
  await refusedFor(
    await answering({ content: [text('word '.repeat(100))] }, '{ maxTokens: 100 }'),
    'size.tokens',
    'quarantine',
  );
  const governed = await answering({ content: [text('word '.repeat(50))] }, '{ maxTokens: 100 }');
  expect((await governed.call('open')).result).toMatchObject({ content: [{ type: 'text' }] });
});

describe('a result of more tokens than policy accepts', () => {
  const prose = 'The quick brown fox jumps over the lazy dog.\n'.repeat(200);
  const large: JsonObject = { content: [text(prose)], structuredContent: { report: prose } };

  test('is cut in both copies where policy says so, and the model is told', async () => {
    const governed = await answering(large, '{ maxTokens: 800, over: truncate }');
    const { result } = await governed.call('open');
    const cut = expect.stringMatching(/dog\.\n\[cut here by policy: \d+ of 9000 characters shown\]$/u) as unknown;
    expect(result).toMatchObject({ content: [{ type: 'text', text: cut }], structuredContent: { report: cut } });
    expect(outcomeOf(governed.records)).toMatchObject({
      outcome: 'ok',
      inspection: { verdict: 'redact', redactions: 1, rules: ['size.tokens'] },
    });
  });

  test('is withheld, or refused, otherwise', async () => {
    await refusedFor(await answering(large, '{ maxTokens: 800 }'), 'size.tokens', 'quarantine');
    await refusedFor(await answering(large, '{ maxTokens: 800, over: reject }'), 'size.tokens', 'reject');
  });
});
