import { isDigest } from '@callgate/canonical';

import type { TraceRecord } from './trace-records.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const having =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    object(value) && hasMembers(value as object, members);

const effect = oneOf('allow', 'deny', 'hold');

const texts: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');

const identity: Check = (value) => having({ url: text })(value) || having({ command: text, args: texts })(value);

const PRINCIPAL: Readonly<Record<string, Check>> = {
  user: text,
  agent: text,
  workload: text,
  team: text,
  tenant: text,
  roles: texts,
};

const principal: Check = (value) =>
  object(value) &&
  Object.entries(value as object).every(([name, item]) => Object.hasOwn(PRINCIPAL, name) && PRINCIPAL[name]?.(item));

const RECORDS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  begin: { at: number, policy: having({ name: text, version: text, digest: isDigest }) },
  call: {
    at: number,
    request: text,
    run: orNull(text),
    parents: texts,
    carries: texts,
    principal,
    server: text,
    identity: orNull(identity),
    direction: oneOf('client-to-server', 'server-to-client'),
    message: oneOf('request', 'notification'),
    method: text,
    params: orNull(object),
    decision: orNull(
      having({
        effect,
        would: orNull(effect),
        wouldCode: orNull(text),
        stage: oneOf('off', 'observe', 'enforce'),
        code: text,
        digest: isDigest,
      }),
    ),
    verdict: having({ effect, code: text }),
  },
  outcome: {
    at: number,
    request: text,
    outcome: text,
    code: orNull(text),
    durationMs: number,
    response: orNull(having({ digest: isDigest, bytes: number })),
    found: texts,
    answer: orNull((value) => having({ result: object })(value) || having({ error: object })(value)),
    omitted: orNull(oneOf('size', 'option')),
  },
  gap: { at: number, reason: oneOf('lagging', 'full', 'failed'), count: number },
  end: { at: number, calls: number, outcomes: number, dropped: number },
};

/**
 * The record that a line of a trace holds; undefined where it holds none. Whoever has a public key can seal a trace for it,
 * so that a trace opens says nothing about who wrote it.
 */
export function readRecord(line: string): TraceRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!object(value)) return undefined;
  const { kind } = value as { readonly kind?: unknown };
  const members = typeof kind === 'string' && Object.hasOwn(RECORDS, kind) ? RECORDS[kind] : undefined;
  return members !== undefined && hasMembers(value as object, members) ? (value as TraceRecord) : undefined;
}

function hasMembers(value: object, members: Readonly<Record<string, Check>>): boolean {
  return Object.entries(members).every(
    ([name, check]) => Object.hasOwn(value, name) && check((value as Record<string, unknown>)[name]),
  );
}
