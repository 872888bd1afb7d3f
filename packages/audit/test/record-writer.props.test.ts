import { canonicalize, type JsonObject } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseRecord, writeRecord } from '../src/index.ts';
import { RecordScanner } from '../src/internal/record-scanner.ts';
import { utf8Length } from '../src/internal/utf8-length.ts';
import { anyRecord } from './support/arbitrary-records.ts';

describe('writeRecord', () => {
  it('writes the bytes a general RFC 8785 serialiser writes', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(writeRecord(record)).toBe(canonicalize(record as unknown as JsonObject));
      }),
      { numRuns: 350 },
    );
  });

  it('writes what parseRecord reads back, on one line', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const line = writeRecord(record);
        expect(line).not.toContain('\n');
        expect(writeRecord(parseRecord(line))).toBe(line);
      }),
      { numRuns: 150 },
    );
  });
});

describe('RecordScanner', () => {
  it('finds in the bytes what a parser finds in the text, whatever strings the record holds', () => {
    const scanner = new RecordScanner();
    fc.assert(
      fc.property(anyRecord, (record) => {
        const bytes = new TextEncoder().encode(`[${writeRecord(record)}]`);
        expect(scanner.scan(bytes, 1, bytes.length - 1)).toBeUndefined();
        const { kind, seq, ledger, prev } = scanner;
        expect({ kind, seq, ledger, prev }).toEqual({
          kind: record.kind,
          seq: record.seq,
          ledger: record.ledger,
          prev: record.prev,
        });
        expect(scanner.hasPrev(record.prev)).toBe(true);
        expect(scanner.hasLedger(record.ledger)).toBe(true);
        expect(scanner.hasLedger(`${record.ledger}x`)).toBe(false);
        if (record.kind === 'decision') {
          expect(scanner.request).toBe(record.request);
          expect(scanner.method).toBe(record.method);
          expect(scanner.target).toBe(record.target);
          expect(scanner.effect).toBe(record.effect);
          expect(scanner.isRequest).toBe(record.message === 'request');
        }
        if (record.kind === 'gap') expect([scanner.count, scanner.code]).toEqual([record.count, record.code]);
      }),
      { numRuns: 250 },
    );
  });

  it('never accepts white space, a repeated member or a cut line', () => {
    const scanner = new RecordScanner();
    const scan = (text: string): unknown => {
      const bytes = new TextEncoder().encode(text);
      return scanner.scan(bytes, 0, bytes.length);
    };
    fc.assert(
      fc.property(anyRecord, fc.nat(), (record, place) => {
        const line = writeRecord(record);
        expect(scan(line.slice(0, place % line.length))).toBeDefined();
        expect(scan(line.replace('{', '{ '))).toBeDefined();
        expect(scan(`${line} `)).toBeDefined();
        expect(scan(`${line.slice(0, -1)},"v":1}`)).toBeDefined();
        expect(scan(`{"a":0,"a":0,${line.slice(1)}`)).toBe('not-canonical');
      }),
      { numRuns: 150 },
    );
  });

  it('never throws on arbitrary bytes', () => {
    const scanner = new RecordScanner();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        scanner.scan(bytes, 0, bytes.length);
        const jsonish = new TextEncoder().encode(`{"v":1,${new TextDecoder().decode(bytes)}}`);
        scanner.scan(jsonish, 0, jsonish.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('utf8Length', () => {
  it('is the length of the encoded text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});
