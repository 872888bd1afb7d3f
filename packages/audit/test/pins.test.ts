import { expect, it } from 'vitest';

import {
  MAX_RECORD_BYTES,
  RECORD_VERSION,
  recordJsonSchema,
  type AuditErrorCode,
  type VerifyProblemCode,
} from '../src/index.ts';
import { KINDS } from '../src/internal/record-scanner.ts';

// A pin that goes red is a deliberate change of the contract: readers of old ledgers and callers that test codes depend on it.

const HEADER = ['kind', 'ledger', 'prev', 'seq', 'time', 'v'];

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  decision: [
    'arguments',
    'code',
    'definition',
    'direction',
    'effect',
    'exceptions',
    'interceptors',
    'message',
    'method',
    'notices',
    'observed',
    'params',
    'parents',
    'policy',
    'principal',
    'request',
    'ring',
    'rules',
    'run',
    'server',
    'stage',
    'summary',
    'target',
    'toolEffect',
    'trace',
    'violations',
    'would',
    'wouldCode',
  ],
  outcome: ['code', 'cost', 'durationMs', 'inspection', 'labels', 'outcome', 'request', 'response', 'summary'],
  definition: ['code', 'drifts', 'event', 'manifest', 'server', 'tools'],
  anomaly: ['code', 'detail', 'request', 'server'],
  lifecycle: ['detail', 'event'],
  gap: ['code', 'count'],
};

/** Members that not every line has. */
const OPTIONAL: ReadonlySet<string> = new Set(['cost', 'drifts', 'labels', 'notices', 'parents']);

const ERROR_CODES: Record<AuditErrorCode, true> = {
  CALLGATE_AUDIT_CLOSED: true,
  CALLGATE_AUDIT_FAILED: true,
  CALLGATE_AUDIT_FULL: true,
  CALLGATE_AUDIT_RECORD_INVALID: true,
  CALLGATE_AUDIT_LOCKED: true,
  CALLGATE_AUDIT_CHAIN_BROKEN: true,
  CALLGATE_AUDIT_NO_SPACE: true,
  CALLGATE_AUDIT_NOT_WRITABLE: true,
  CALLGATE_AUDIT_NOT_A_DIRECTORY: true,
  CALLGATE_AUDIT_UNSAFE_PATH: true,
  CALLGATE_AUDIT_NOT_FOUND: true,
  CALLGATE_AUDIT_IO_FAILED: true,
};

const PROBLEM_CODES: Record<VerifyProblemCode, true> = {
  malformed: true,
  'not-canonical': true,
  'too-long': true,
  version: true,
  schema: true,
  'seq-gap': true,
  'seq-repeated': true,
  'prev-mismatch': true,
  'ledger-changed': true,
  'segment-name': true,
  'torn-tail': true,
  empty: true,
};

it('pins the members of every kind of record', () => {
  const kinds = recordJsonSchema()['oneOf'] as readonly {
    properties: { kind: { const: string } };
    required: readonly string[];
  }[];
  const actual = Object.fromEntries(
    kinds.map(({ properties }) => [properties.kind.const, Object.keys(properties).toSorted()]),
  );
  const pinned = Object.entries(MEMBERS).map(([kind, members]) => [kind, [...HEADER, ...members].toSorted()] as const);
  expect(actual).toEqual(Object.fromEntries(pinned));
  for (const { properties, required } of kinds) {
    expect(required.toSorted()).toEqual(
      Object.keys(properties)
        .filter((name) => !OPTIONAL.has(name))
        .toSorted(),
    );
  }
});

it('pins how many members the scanner expects', () => {
  for (const { kind, members } of KINDS) {
    const always = (MEMBERS[kind] ?? []).filter((name) => !OPTIONAL.has(name));
    expect(members).toBe(always.length + HEADER.length);
  }
  expect(KINDS.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(MEMBERS).toSorted());
});

it('pins the version, the longest line and the codes', () => {
  expect(RECORD_VERSION).toBe(1);
  expect(MAX_RECORD_BYTES).toBe(1_048_576);
  expect(Object.keys(ERROR_CODES).length).toBe(12);
  expect(Object.keys(PROBLEM_CODES).length).toBe(12);
});
