import { appendPointer, clonePlain, digestJson, excerpt, PlainDataError, type JsonValue } from '@callgate/canonical';
import type { z } from 'zod';

import { findPlaces, placeOf, type JsonPlaces } from '../internal/json-places.ts';
import { manifestDigest } from '../manifest/manifest.ts';
import { LockError, type LockIssue } from './errors.ts';
import type { Lock, LockedServer } from './lock.ts';
import { readLockShape } from './schema.ts';
import { sortLock } from './sort-lock.ts';

/** The longest text of a lock, in UTF-16 code units. */
const MAX_LENGTH = 64 * 1024 * 1024;
/** A definition may have 64 levels; the lock adds six. */
const LIMITS = { maxDepth: 72, maxNodes: 5_000_000, maxBytes: MAX_LENGTH };
const MAX_ISSUES = 100;

/** A place that is wrong, before it is looked up in the text. */
interface Finding {
  readonly pointer: string;
  readonly message: string;
}

/**
 * The lock that a text holds. Closed: an unknown member, a name twice, a digest that does not belong to its definition and an item
 * that is pinned twice are all refused, with line and column.
 *
 * @throws {LockError} with every issue, up to 100
 */
export function parseLock(text: string): Lock {
  if (text.length > MAX_LENGTH) throw atStart(`expected at most ${MAX_LENGTH} characters, got ${text.length}`);
  const value = parseJson(text);
  const shape = readLockShape(value);
  if ('issues' in shape) throw lockError(text, shape.issues.flatMap(findingsOf));
  const findings = consistencyFindings(shape.lock);
  if (findings.length > 0) throw lockError(text, findings);
  return sortLock(shape.lock);
}

function parseJson(text: string): JsonValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // no cause: engines quote the offending text in a JSON error's message
    throw mergeMarkerError(text) ?? atStart('expected JSON, got something else');
  }
  const plain = withinBounds(text, value);
  const { repeated } = findPlaces(text, new Set());
  if (repeated.length > 0) throw new LockError(repeated.map((one) => repeatedIssue(text, one)));
  return plain;
}

function repeatedIssue(text: string, { pointer, offset }: JsonPlaces['repeated'][number]): LockIssue {
  return issueAt(
    text,
    offset,
    pointer,
    `expected each name of an object once, got one twice at \`${excerpt(pointer)}\``,
  );
}

function issueAt(text: string, offset: number, pointer: string, message: string): LockIssue {
  const { line, column } = placeOf(text, offset);
  return { pointer, line, column, message };
}

function withinBounds(text: string, value: unknown): JsonValue {
  try {
    return clonePlain(value, LIMITS);
  } catch (cause) {
    if (!(cause instanceof PlainDataError)) throw cause;
    throw lockError(text, [{ pointer: cause.pointer, message: cause.message }], cause);
  }
}

/** The usual reason why a lock is no JSON. */
function mergeMarkerError(text: string): LockError | undefined {
  const offset = text.search(/^<{7} /mu);
  if (offset < 0) return undefined;
  return new LockError([issueAt(text, offset, '', 'expected JSON, got an unresolved merge')]);
}

function consistencyFindings({ servers, revoked }: Lock): readonly Finding[] {
  return [
    ...repeats(
      servers.map(({ name }) => name),
      '/servers',
      'server',
    ),
    ...repeats(
      revoked.map(({ digest }) => digest),
      '/revoked',
      'digest',
    ),
    ...servers.flatMap((server, index) => serverFindings(server, `/servers/${index}`)),
  ];
}

function serverFindings(server: LockedServer, pointer: string): readonly Finding[] {
  const { pinned, pending, covers } = server;
  const keyOf = ({ kind, name }: { readonly kind: string; readonly name: string }): string => `${kind} ${name}`;
  const manifest = manifestDigest(pinned);
  return [
    ...repeats(covers, `${pointer}/covers`, 'kind'),
    ...(server.manifest === manifest
      ? []
      : [
          {
            pointer: `${pointer}/manifest`,
            message: `expected \`${manifest}\`, the digest of what is pinned, got another`,
          },
        ]),
    ...repeats(pinned.map(keyOf), `${pointer}/pinned`, 'item'),
    ...digestFindings(pinned, `${pointer}/pinned`),
    ...repeats((pending?.items ?? []).map(keyOf), `${pointer}/pending/items`, 'item'),
    ...digestFindings(pending?.items ?? [], `${pointer}/pending/items`),
    ...repeats((pending?.removed ?? []).map(keyOf), `${pointer}/pending/removed`, 'item'),
  ];
}

function digestFindings(
  items: readonly { readonly digest: string; readonly definition: JsonValue }[],
  pointer: string,
): readonly Finding[] {
  return items.flatMap(({ digest, definition }, index) => {
    const expected = digestJson(definition);
    if (digest === expected) return [];
    const message = `expected \`${expected}\`, the digest of the definition beside it, got another`;
    return [{ pointer: `${pointer}/${index}/digest`, message }];
  });
}

function repeats(keys: readonly string[], pointer: string, what: string): readonly Finding[] {
  const seen = new Set<string>();
  return keys.flatMap((key, index) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ pointer: `${pointer}/${index}`, message: `expected each ${what} once, got one twice` }];
  });
}

function findingsOf(issue: z.core.$ZodIssue): readonly Finding[] {
  const pointer = issue.path.map(String).reduce<string>(appendPointer, '');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: appendPointer(pointer, key),
      message: `expected a known member, got \`${excerpt(key)}\``,
    }));
  }
  return [{ pointer, message: `expected ${expectationOf(issue)} at \`${excerpt(pointer)}\`` }];
}

function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'nonoptional' ? 'a value' : `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    case 'too_small':
      return `at least ${String(issue.minimum)}`;
    case 'too_big':
      return `at most ${String(issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'a time such as `2026-11-25T10:00:00Z`' : 'a digest';
    case 'unrecognized_keys':
    case 'invalid_union':
    case 'custom':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return 'a valid value';
  }
}

function lockError(text: string, findings: readonly Finding[], cause?: unknown): LockError {
  const shown = findings.slice(0, MAX_ISSUES);
  const places = findPlaces(text, new Set(shown.flatMap(({ pointer }) => prefixesOf(pointer))));
  const issues = shown.map(({ pointer, message }) => issueAt(text, offsetOf(pointer, places), pointer, message));
  return new LockError(
    issues.toSorted((a, b) => a.line - b.line || a.column - b.column),
    cause === undefined ? undefined : { cause },
  );
}

/** A member that is missing has the place of what it is missing from. */
function offsetOf(pointer: string, { offsets }: JsonPlaces): number {
  return (
    prefixesOf(pointer)
      .map((prefix) => offsets.get(prefix))
      .find((offset) => offset !== undefined) ?? 0
  );
}

/** The pointer and those of all containers around, from the inside. */
function prefixesOf(pointer: string): readonly string[] {
  const prefixes = [pointer];
  for (let rest = pointer; rest !== '';) {
    rest = rest.slice(0, rest.lastIndexOf('/'));
    prefixes.push(rest);
  }
  return prefixes;
}

function atStart(message: string): LockError {
  return new LockError([{ pointer: '', line: 1, column: 1, message }]);
}
