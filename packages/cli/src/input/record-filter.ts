import type { AuditRecord } from '@callgate/audit';
import { excerpt } from '@callgate/canonical';

import type { Invocation, OptionSpec } from '../command.ts';
import { UsageError } from '../errors.ts';
import { parseTime } from './parse-time.ts';

/** Requests whose outcome is still to come; the oldest is forgotten beyond it. */
const MAX_OPEN_REQUESTS = 100_000;

const KINDS = ['decision', 'outcome', 'definition', 'anomaly', 'lifecycle', 'gap'];

/** Options that choose records. */
export const RECORD_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  kind: {
    kind: 'text',
    placeholder: 'kind',
    choices: KINDS,
    multiple: true,
    description: `one of ${KINDS.join(', ')}`,
  },
  run: { kind: 'text', placeholder: 'id', description: 'calls of this run, with their outcomes' },
  server: { kind: 'text', placeholder: 'name', description: 'what concerns this server, with outcomes' },
  tool: { kind: 'text', placeholder: 'name', description: 'calls of this tool, with their outcomes' },
  request: { kind: 'text', placeholder: 'id', description: 'one request: its decision, its outcome' },
  effect: {
    kind: 'text',
    placeholder: 'effect',
    choices: ['allow', 'deny', 'hold'],
    description: 'decisions with this effect: allow, deny or hold',
  },
  code: { kind: 'text', placeholder: 'code', description: 'records with this code' },
};

/** The choice that the options make; stateful, for one pass over records in order. */
export function recordFilter(invocation: Invocation): (record: AuditRecord) => boolean {
  const kinds = new Set(invocation.texts('kind'));
  const request = invocation.text('request');
  const effect = invocation.text('effect');
  const code = invocation.text('code');
  const isOfSubject = subjectFilter(invocation);
  return (record) => {
    // First: it remembers requests, whatever the other options make of their decision.
    if (!isOfSubject(record)) return false;
    if (kinds.size > 0 && !kinds.has(record.kind)) return false;
    if (request !== undefined && !('request' in record && record.request === request)) return false;
    if (effect !== undefined && !(record.kind === 'decision' && record.effect === effect)) return false;
    return code === undefined || codesOf(record).includes(code);
  };
}

/** What is said about a record, and what enforcement would have said. */
function codesOf(record: AuditRecord): readonly (string | null)[] {
  if (record.kind === 'decision') return [record.code, record.wouldCode];
  return 'code' in record ? [record.code] : [];
}

/**
 * Run, server and tool stand in decisions only; an outcome belongs to the request of its decision, so the requests that
 * match are remembered until their outcome.
 */
function subjectFilter(invocation: Invocation): (record: AuditRecord) => boolean {
  const run = invocation.text('run');
  const server = invocation.text('server');
  const tool = invocation.text('tool');
  if (run === undefined && server === undefined && tool === undefined) return () => true;
  const open = new Set<string>();
  const isServerOnly = run === undefined && tool === undefined;
  return (record) => {
    switch (record.kind) {
      case 'decision': {
        const isMatch =
          (run === undefined || record.run === run) &&
          (server === undefined || record.server.name === server) &&
          (tool === undefined || (record.method === 'tools/call' && record.target === tool));
        if (isMatch && record.message === 'request') remember(open, record.request);
        return isMatch;
      }
      case 'outcome':
        return open.delete(record.request);
      case 'anomaly':
        return isServerOnly ? record.server === server : record.request !== null && open.has(record.request);
      case 'definition':
        return isServerOnly && record.server === server;
      case 'lifecycle':
      case 'gap':
        return false;
    }
  };
}

function remember(open: Set<string>, request: string): void {
  open.add(request);
  if (open.size <= MAX_OPEN_REQUESTS) return;
  const [oldest] = open;
  if (oldest !== undefined) open.delete(oldest);
}

/** A bound of a range of records: a sequence number, or a moment in milliseconds since the Unix epoch. */
export type RecordBound =
  | { readonly kind: 'seq'; readonly seq: number }
  | { readonly kind: 'time'; readonly time: number };

/**
 * Reads `--from` or `--to`: `42`, `2026-11-20`, `2026-11-20T10:00`, `2026-11-20T10:00:00.5+01:00`. UTC unless it has an
 * offset; a date is its first moment.
 *
 * @throws {UsageError} when it is neither a number nor a time
 */
export function recordBound(command: string, name: string, text: string | undefined): RecordBound | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/u.test(text)) return { kind: 'seq', seq: Number(text) };
  const time = parseTime(text);
  if (time !== undefined) return { kind: 'time', time };
  throw new UsageError(
    command,
    `expected \`--${name}\` to be a record number or a time such as 2026-11-20T10:00Z, got \`${excerpt(text)}\``,
  );
}

/**
 * Reads an option that is a whole number.
 *
 * @throws {UsageError} when it is not a number from `least` to `most`
 */
export function countOption(
  command: string,
  name: string,
  text: string | undefined,
  [least, most]: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const count = /^\d{1,15}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= most)) {
    throw new UsageError(
      command,
      `expected \`--${name}\` to be a whole number from ${least} to ${most}, got \`${excerpt(text)}\``,
    );
  }
  return count;
}
