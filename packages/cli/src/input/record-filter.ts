import type { AuditRecord } from '@callgate/audit';
import { excerpt } from '@callgate/canonical';

import type { Invocation, OptionSpec } from '../command.ts';
import { UsageError } from '../errors.ts';
import { OpenRequests } from './open-requests.ts';

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
  const open = new OpenRequests<true>();
  const isServerOnly = run === undefined && tool === undefined;
  return (record) => {
    switch (record.kind) {
      case 'decision': {
        const isMatch =
          (run === undefined || record.run === run) &&
          (server === undefined || record.server.name === server) &&
          (tool === undefined || (record.method === 'tools/call' && record.target === tool));
        if (isMatch && record.message === 'request') open.add(record.request, true);
        return isMatch;
      }
      case 'outcome':
        return open.take(record.request) !== undefined;
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
