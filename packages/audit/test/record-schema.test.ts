import { describe, expect, it } from 'vitest';

import { RecordError, parseRecord, recordJsonSchema, writeRecord } from '../src/index.ts';
import { decisionEntry, outcomeEntry } from './support/entries.ts';

const LINE = writeRecord({ v: 1, ledger: 'l', seq: 3, prev: null, ...decisionEntry('r') });

function errorOf(line: string): RecordError {
  try {
    parseRecord(line);
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

describe('parseRecord', () => {
  it('returns the record on a line', () => {
    expect(parseRecord(LINE)).toEqual({ v: 1, ledger: 'l', seq: 3, prev: null, ...decisionEntry('r') });
  });

  it.each([
    ['{', '', 'JSON', 'something else'],
    ['[]', '', 'a value of type object', 'an array'],
    ['{}', '/kind', 'a known kind of value', 'nothing'],
    [LINE.replace('"kind":"decision"', '"kind":"secret-kind"'), '/kind', 'a known kind of value', 'a string'],
    [LINE.replace('"v":1,', '"v":2,'), '/v', 'one of `1`', 'a number'],
    [LINE.replace('"seq":3', '"seq":-1'), '/seq', 'at least 0', 'a number'],
    [LINE.replace('"seq":3', '"seq":1.5'), '/seq', 'a value of type int', 'a number'],
    [LINE.replace('"effect":"allow"', '"effect":"perhaps"'), '/effect', 'one of `allow`, `deny`, `hold`', 'a string'],
    [LINE.replace('"params":"sha256:', '"params":"sha1:'), '/params', 'a digest', 'a string'],
    [LINE.replace('"run":', '"walk":'), '/run', 'a value of type string', 'nothing'],
    [LINE.replace('"v":1', '"v":1,"extra":true'), '/extra', 'a known member or none', 'an unknown member'],
    [LINE.replace('"user":"u-17"', '"user":17'), '/principal/user', 'a value of type string', 'a number'],
    [LINE.replace('"request":"r"', '"request":"\\ud800"'), '/request', 'well-formed Unicode', 'a string'],
  ])('names place, expectation and shape in %#', (line, pointer, expected, got) => {
    const error = errorOf(line);
    expect({ pointer: error.pointer, expected: error.expected, got: error.got }).toEqual({ pointer, expected, got });
    expect(error.code).toBe('CALLGATE_AUDIT_RECORD_INVALID');
  });

  it('repeats no text of the line in its message', () => {
    for (const line of ['hunter2', '{"password":"hunter2"', LINE.replace('"allow"', '"hunter2"')]) {
      const error = errorOf(line);
      expect(`${error.message} ${String(error.cause)} ${error.stack ?? ''}`).not.toContain('hunter2');
    }
  });

  it('refuses nesting too deep to follow with its own error', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(errorOf(LINE.replace('"summary":{', `"summary":{"a":${deep},`)).code).toBe('CALLGATE_AUDIT_RECORD_INVALID');
  });
});

describe('writeRecord', () => {
  const record = { v: 1, ledger: 'l', seq: 3, prev: null, ...outcomeEntry('r') } as const;

  it.each([
    ['NaN', { durationMs: Number.NaN }, '/durationMs'],
    ['infinity', { durationMs: Number.POSITIVE_INFINITY }, '/durationMs'],
    ['a lone surrogate', { request: '\ud800' }, '/request'],
    ['a lone surrogate in a summary', { summary: { a: ['\udc00'] } }, '/summary/a/0'],
    ['a lone surrogate in a name', { summary: { '\udc00': 1 } }, '/summary'],
    ['undefined in a summary', { summary: { a: undefined } }, '/summary/a'],
    ['a date in a summary', { summary: { a: new Date(0) } }, '/summary/a'],
    ['a missing member', { request: undefined }, '/request'],
    ['a missing member that repeats', { outcome: undefined }, '/outcome'],
    ['null where a string belongs', { outcome: null }, '/outcome'],
    ['a number where a string belongs', { code: 5 }, '/code'],
  ])('refuses %s and says where', (_name, change, pointer) => {
    try {
      writeRecord({ ...record, ...change } as never);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(RecordError);
      expect((error as RecordError).pointer).toBe(pointer);
    }
  });

  it('sees a change in an object that was not frozen when it was written before', () => {
    const policy = { name: 'a', version: '1', digest: decisionEntry('r').policy.digest };
    const write = (): string =>
      writeRecord({ v: 1, ledger: 'l', seq: 0, prev: null, ...decisionEntry('r', { policy }) });
    expect(write()).toContain('"name":"a"');
    policy.name = 'b';
    expect(write()).toContain('"name":"b"');
  });

  it('sees a change below an object that was frozen only at its surface', () => {
    const args = ['-y'];
    const server = Object.freeze({ name: 's', trust: null, identity: { args }, manifest: null });
    const write = (): string =>
      writeRecord({ v: 1, ledger: 'l', seq: 0, prev: null, ...decisionEntry('r', { server }) });
    expect(write()).toContain('["-y"]');
    args.push('more');
    expect(write()).toContain('["-y","more"]');
  });
});

describe('recordJsonSchema', () => {
  it('describes each kind of record and closes each object', () => {
    const schema = recordJsonSchema();
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect((schema['oneOf'] as readonly unknown[]).length).toBe(6);
    for (const kind of schema['oneOf'] as readonly { additionalProperties: boolean }[]) {
      expect(kind.additionalProperties).toBe(false);
    }
  });
});
