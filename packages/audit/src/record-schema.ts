import { appendPointer, type JsonObject } from '@callgate/canonical';
import { z } from 'zod';

import { RecordError } from './errors.ts';
import { shapeOf } from './internal/json-text.ts';
import {
  DEFINITION_EVENTS,
  DRIFT_CHOICES,
  DIRECTIONS,
  EFFECTS,
  LIFECYCLE_EVENTS,
  MESSAGES,
  OUTCOMES,
  STAGES,
  TOOL_EFFECTS,
  TRUST,
  VERDICTS,
  WITHHELD_VERDICTS,
} from './internal/record-words.ts';
import { RECORD_VERSION, type AuditRecord } from './records.ts';

const text = z.string();
const wellFormed = text.refine((value) => value.isWellFormed(), { error: 'well-formed Unicode' });
const digest = z.templateLiteral(['sha256:', text.regex(/^[0-9a-f]{64}$/u)]);
const instant = z.number();
const count = z.int().min(0);
const data = z.record(text, z.json());
const effect = z.enum(EFFECTS);

const header = {
  v: z.literal(RECORD_VERSION),
  ledger: wellFormed.min(1).max(128),
  seq: count,
  prev: digest.nullable(),
  time: instant,
};

const decision = z.strictObject({
  ...header,
  kind: z.literal('decision'),
  request: wellFormed,
  run: wellFormed.nullable(),
  parents: z.array(wellFormed).exactOptional(),
  trace: z.strictObject({ traceId: wellFormed, spanId: wellFormed }).nullable(),
  principal: z.strictObject({
    user: wellFormed.exactOptional(),
    agent: wellFormed.exactOptional(),
    workload: wellFormed.exactOptional(),
    team: wellFormed.exactOptional(),
    tenant: wellFormed.exactOptional(),
    roles: z.array(wellFormed).exactOptional(),
  }),
  server: z.strictObject({
    name: wellFormed,
    trust: z.enum(TRUST).nullable(),
    identity: data.nullable(),
    manifest: digest.nullable(),
  }),
  direction: z.enum(DIRECTIONS),
  message: z.enum(MESSAGES),
  method: wellFormed,
  target: wellFormed.nullable(),
  definition: digest.nullable(),
  ring: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).nullable(),
  toolEffect: z.enum(TOOL_EFFECTS).nullable(),
  params: digest,
  arguments: digest.nullable(),
  summary: data,
  policy: z.strictObject({ name: wellFormed, version: wellFormed, digest }),
  rules: z.array(z.strictObject({ rule: wellFormed, line: z.number().nullable() })),
  observed: z.array(wellFormed),
  exceptions: z.array(wellFormed),
  notices: z.array(wellFormed).exactOptional(),
  effect,
  would: effect.nullable(),
  wouldCode: wellFormed.nullable(),
  stage: z.enum(STAGES),
  code: wellFormed,
  violations: z.array(z.strictObject({ code: wellFormed, pointer: wellFormed })),
  interceptors: z.array(wellFormed),
});

const outcome = z.strictObject({
  ...header,
  kind: z.literal('outcome'),
  request: wellFormed,
  outcome: z.enum(OUTCOMES),
  code: wellFormed.nullable(),
  durationMs: z.number(),
  response: z.strictObject({ digest, bytes: count }).nullable(),
  inspection: z
    .strictObject({
      verdict: z.enum(VERDICTS),
      would: z.enum(WITHHELD_VERDICTS).nullable(),
      redactions: count,
      rules: z.array(wellFormed),
    })
    .nullable(),
  summary: data,
  cost: z.number().min(0).exactOptional(),
  labels: z.array(wellFormed).exactOptional(),
});

const definition = z.strictObject({
  ...header,
  kind: z.literal('definition'),
  server: wellFormed,
  event: z.enum(DEFINITION_EVENTS),
  manifest: digest.nullable(),
  tools: z.array(z.strictObject({ name: wellFormed, digest })),
  code: wellFormed.nullable(),
  drifts: z
    .array(
      z.strictObject({
        kind: wellFormed,
        name: wellFormed,
        digest: digest.nullable(),
        classes: z.array(wellFormed),
        then: z.enum(DRIFT_CHOICES),
      }),
    )
    .exactOptional(),
});

const anomaly = z.strictObject({
  ...header,
  kind: z.literal('anomaly'),
  server: wellFormed,
  code: wellFormed,
  request: wellFormed.nullable(),
  detail: data,
});

const lifecycle = z.strictObject({
  ...header,
  kind: z.literal('lifecycle'),
  event: z.enum(LIFECYCLE_EVENTS),
  detail: data,
});

const gap = z.strictObject({ ...header, kind: z.literal('gap'), count, code: wellFormed });

const record = z.discriminatedUnion('kind', [decision, outcome, definition, anomaly, lifecycle, gap]);

/** The JSON Schema (draft 2020-12) of one line of a ledger, generated from the schema that {@link parseRecord} uses. */
export function recordJsonSchema(): JsonObject {
  return z.toJSONSchema(record, { target: 'draft-2020-12' }) as unknown as JsonObject;
}

/**
 * The record on a line.
 *
 * @throws {RecordError} at the first place that is not as the schema says; it names the place and shapes, never a value
 */
export function parseRecord(line: string): AuditRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // no cause: engines quote the offending text in a JSON error's message
    throw new RecordError({ pointer: '', expected: 'JSON', got: 'something else' });
  }
  checkRecord(value);
  return value;
}

/** @throws {RecordError} as {@link parseRecord} */
function checkRecord(value: unknown): asserts value is AuditRecord {
  const issue = firstIssue(value);
  if (issue === undefined) return;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  throw new RecordError({
    pointer: path.map(String).reduce<string>(appendPointer, ''),
    expected: expectationOf(issue),
    got: issue.code === 'unrecognized_keys' ? 'an unknown member' : shapeOf(valueAt(value, path)),
  });
}

function firstIssue(value: unknown): z.core.$ZodIssue | undefined {
  try {
    // jitless: no code is generated from or run over foreign data
    return record.safeParse(value, { jitless: true }).error?.issues[0];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RecordError(
      { pointer: '', expected: 'a record', got: 'deeper nesting than can be followed' },
      { cause: error },
    );
  }
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'nonoptional' ? 'a value' : `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    case 'unrecognized_keys':
      return 'a known member or none';
    case 'invalid_union':
      return 'a known kind of value';
    case 'too_small':
      return `at least ${String(issue.minimum)}`;
    case 'too_big':
      return `at most ${String(issue.maximum)}`;
    case 'invalid_format':
      return 'a digest';
    case 'custom':
      return issue.message;
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return 'a valid value';
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === 'object' && current !== null && Object.hasOwn(current, key)
        ? (current as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
