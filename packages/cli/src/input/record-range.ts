import type { AuditRecord, ReadOptions } from '@callgate/audit';
import { excerpt } from '@callgate/canonical';

import type { Invocation, OptionSpec } from '../command.ts';
import { UsageError } from '../errors.ts';
import { parseTime } from './parse-time.ts';

/** Options that choose a range of records. */
export const RANGE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  from: {
    kind: 'text',
    placeholder: 'seq|time',
    description: 'the first record or moment, for instance 120 or 2026-11-20T10:00Z',
  },
  to: { kind: 'text', placeholder: 'seq|time', description: 'the last record or moment' },
};

/**
 * The range that the options choose, for reading a ledger.
 *
 * @throws {UsageError} when a bound is neither a number nor a time
 */
export function recordRange(
  command: string,
  invocation: Invocation,
): ReadOptions & { readonly filter: (record: AuditRecord) => boolean } {
  const from = recordBound(command, 'from', invocation.text('from'));
  const to = recordBound(command, 'to', invocation.text('to'));
  return {
    ...(from?.kind === 'seq' ? { from: from.seq } : {}),
    ...(to?.kind === 'seq' ? { to: to.seq } : {}),
    // Clocks may step back, so a time bounds records one by one and never ends the reading.
    filter: (record) => isWithin(record, from, to),
  };
}

function isWithin(record: AuditRecord, from: RecordBound | undefined, to: RecordBound | undefined): boolean {
  const isAfter = from?.kind !== 'time' || record.time >= from.time;
  return isAfter && (to?.kind !== 'time' || record.time <= to.time);
}

/** A bound of a range of records: a sequence number, or a moment in milliseconds since the Unix epoch. */
type RecordBound = { readonly kind: 'seq'; readonly seq: number } | { readonly kind: 'time'; readonly time: number };

/**
 * Reads `--from` or `--to`: `42`, `2026-11-20`, `2026-11-20T10:00`, `2026-11-20T10:00:00.5+01:00`. UTC unless it has an
 * offset; a date is its first moment.
 *
 * @throws {UsageError} when it is neither a number nor a time
 */
function recordBound(command: string, name: string, text: string | undefined): RecordBound | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/u.test(text)) return { kind: 'seq', seq: Number(text) };
  const time = parseTime(text);
  if (time !== undefined) return { kind: 'time', time };
  throw new UsageError(
    command,
    `expected \`--${name}\` to be a record number or a time such as 2026-11-20T10:00Z, got \`${excerpt(text)}\``,
  );
}
