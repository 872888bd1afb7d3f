import {
  canonicalize,
  clonePlain,
  digest,
  isJsonObject,
  type Instant,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import { parseInstant } from '@callgate/policy';

import { BundleError } from './errors.ts';

/** What a signature of a bundle is over, besides its payload. */
export const BUNDLE_PAYLOAD_TYPE = 'application/vnd.callgate.policy-bundle.v1+json';

/** The most that one part of a bundle may have: what a policy file may, 4 MiB of UTF-8. */
const MAX_PART_BYTES: number = 4 * 1024 * 1024;

/** The parts that a bundle can have. One that is not known refuses the bundle: it may narrow what the known ones allow. */
const PARTS: ReadonlySet<string> = new Set(['policy', 'exceptions']);

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/u;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u;

/** What a bundle says. */
export interface BundleContents {
  /** Which bundle it is, among all that one key may sign: 1 to 128 of letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Grows with every bundle of the name; at least 1. */
  readonly sequence: number;
  readonly issued: Instant;
  readonly expires: Instant;
  /** The text of the policy, YAML or JSON. */
  readonly policy: string;
  /** The text of its register of exceptions. */
  readonly exceptions?: string;
}

/**
 * The payload of a bundle: RFC 8785 JSON of name, sequence, times, and each part with its SHA-256.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_FORMAT` for contents that no bundle can have
 */
export function encodeContents(contents: BundleContents): Uint8Array {
  const { name, sequence, issued, expires, policy, exceptions } = contents;
  const payload = Buffer.from(
    canonicalize({
      name,
      sequence,
      issued: formatTime(issued),
      expires: formatTime(expires),
      parts: { policy: partOf(policy), ...(exceptions === undefined ? {} : { exceptions: partOf(exceptions) }) },
    }),
  );
  decodeContents(payload);
  return payload;
}

/**
 * Reads a payload, which has one spelling for what it says.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_FORMAT`
 */
export function decodeContents(payload: Uint8Array): BundleContents {
  const value = parseCanonical(payload);
  const [expires, issued, name, parts, sequence] = membersOf(value, ['expires', 'issued', 'name', 'parts', 'sequence']);
  if (typeof name !== 'string' || !NAME.test(name))
    throw malformed('a `name` of 1 to 128 letters, digits, `.`, `_` and `-`');
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 1)
    throw malformed('a `sequence` from 1 to 9007199254740991');
  const times = { issued: parseTime(issued, 'issued'), expires: parseTime(expires, 'expires') };
  if (times.expires <= times.issued) throw malformed('`expires` after `issued`');
  return { name, sequence, ...times, ...decodeParts(parts) };
}

function decodeParts(parts: JsonValue | undefined): Pick<BundleContents, 'policy' | 'exceptions'> {
  if (!isJsonObject(parts) || !Object.hasOwn(parts, 'policy')) throw malformed('a part `policy`');
  const unknown = Object.keys(parts).find((name) => !PARTS.has(name));
  if (unknown !== undefined) throw malformed('parts that this version knows: `policy`, `exceptions`');
  const policy = decodePart(parts['policy']);
  return Object.hasOwn(parts, 'exceptions') ? { policy, exceptions: decodePart(parts['exceptions']) } : { policy };
}

function decodePart(part: JsonValue | undefined): string {
  const [sha256, text] = membersOf(part, ['sha256', 'text']);
  if (typeof text !== 'string' || Buffer.byteLength(text) > MAX_PART_BYTES)
    throw malformed(`parts of at most ${MAX_PART_BYTES} bytes of text`);
  if (sha256 !== hexDigest(text)) throw malformed('each part with its own `sha256`');
  return text;
}

function partOf(text: string): JsonObject {
  return { sha256: hexDigest(text), text };
}

/** As `sha256sum` prints it for the file. */
function hexDigest(text: string): string {
  return digest(text).slice('sha256:'.length);
}

function parseCanonical(payload: Uint8Array): JsonValue {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    const value = clonePlain(JSON.parse(text));
    if (canonicalize(value) === text) return value;
  } catch (cause) {
    throw malformed('a payload of JSON', cause);
  }
  throw malformed('a payload in canonical JSON (RFC 8785)');
}

/** The values of an object's members, which are those named and no other. */
function membersOf(value: JsonValue | undefined, names: readonly string[]): readonly (JsonValue | undefined)[] {
  if (value === undefined || !isJsonObject(value) || Object.keys(value).toSorted().join() !== names.join())
    throw malformed(`the members ${names.map((name) => `\`${name}\``).join(', ')} and no other`);
  return names.map((name) => value[name]);
}

function parseTime(value: JsonValue | undefined, name: string): Instant {
  const instant = typeof value === 'string' && TIME.test(value) ? parseInstant(value) : undefined;
  if (instant === undefined) throw malformed(`\`${name}\` such as \`2026-11-25T08:00:00Z\``);
  return instant;
}

/** Whole seconds of UTC. */
function formatTime(instant: Instant): string {
  if (!Number.isFinite(instant) || Math.abs(instant) > 8.64e15) throw malformed('times that a calendar has');
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

function malformed(expected: string, cause?: unknown): BundleError {
  return new BundleError(
    'CALLGATE_BUNDLE_FORMAT',
    `bundle: expected ${expected}`,
    cause === undefined ? {} : { cause },
  );
}
