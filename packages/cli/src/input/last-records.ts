import { readdir } from 'node:fs/promises';

import { readLedger, type AuditRecord } from '@callgate/audit';

// The names of segments hold their first record's number; see docs/reference/ledger.md.
const SEGMENT_NAME = /^(?<firstSeq>\d{20})\.jsonl$/u;

/**
 * The last `count` records of a ledger directory. Reads as few segments as it can, from the end, and holds no more than
 * `count` records.
 *
 * @throws {AuditError} when the directory cannot be read, or a line is not a record
 */
export async function lastRecords(directory: string, count: number): Promise<readonly AuditRecord[]> {
  const starts = await segmentStarts(directory);
  let records: readonly AuditRecord[] = [];
  for (const from of starts) {
    records = await lastFrom(directory, from, count);
    if (records.length >= count) break;
  }
  return records;
}

async function lastFrom(directory: string, from: number, count: number): Promise<readonly AuditRecord[]> {
  const ring: AuditRecord[] = [];
  let taken = 0;
  for await (const record of readLedger(directory, { from })) {
    ring[taken % count] = record;
    taken += 1;
  }
  const oldest = taken <= count ? 0 : taken % count;
  return [...ring.slice(oldest), ...ring.slice(0, oldest)];
}

/** Where to start reading, the latest first; 0 where the directory cannot be listed: reading then says why. */
async function segmentStarts(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory).catch(() => []);
  const starts = names.flatMap((name) => {
    const firstSeq = SEGMENT_NAME.exec(name)?.groups?.['firstSeq'];
    return firstSeq === undefined ? [] : [Number(firstSeq)];
  });
  return starts.length === 0 ? [0] : starts.toSorted((left, right) => right - left);
}
