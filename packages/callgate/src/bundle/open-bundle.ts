import { digest, excerpt, type Digest, type Instant } from '@callgate/canonical';
import { withExceptions, type CompiledPolicy } from '@callgate/policy';

import { loadKinds, parseExceptions, parsePolicy } from '../policies.ts';
import { parseTrustedKeys, type TrustedKey } from './bundle-key.ts';
import { BUNDLE_PAYLOAD_TYPE, decodeContents, type BundleContents } from './contents.ts';
import { parseEnvelope, verifyEnvelope, type Envelope } from './envelope.ts';
import { BundleError } from './errors.ts';

/** How far ahead of the clock here the signer's may be. */
const CLOCK_SKEW_MS: number = 5 * 60_000;

/** Which bundles are trusted. */
export interface BundleTrust {
  /** Ed25519 public keys as PEM text, 1 to 16. Several while one takes another's place, or for a threshold. */
  readonly keys: readonly string[];
  /** How many of the keys must have signed, default 1. */
  readonly threshold?: number;
  /** The name that the bundle must have. Default: any, and with a state file that of the first bundle accepted. */
  readonly name?: string;
  /** The least sequence that is taken, default 1. */
  readonly minimumSequence?: number;
}

/** What a bundle is opened with. */
export interface OpenBundleOptions extends BundleTrust {
  readonly now: Instant;
}

/** A bundle whose signatures, name, times and sequence were checked. Its policy is text so far. */
export interface VerifiedBundle {
  readonly contents: BundleContents;
  /** The digest of what is signed. */
  readonly digest: Digest;
  /** Ids of the trusted keys that signed. */
  readonly signedBy: readonly string[];
}

/** A verified bundle with its policy, exceptions included. */
export interface PolicyBundle extends VerifiedBundle {
  readonly policy: CompiledPolicy;
}

/** What a bundle says of itself, whoever wrote it. */
export interface UnverifiedBundle {
  readonly contents: BundleContents;
  readonly digest: Digest;
  /** Ids of the keys that the signatures name, null for one that names none. */
  readonly claimedKeys: readonly (string | null)[];
}

/**
 * Verifies a bundle, then compiles its policy. Nothing of what is signed is parsed before a trusted signature was found.
 *
 * @throws {BundleError} for what is no bundle, is not signed as it must be, or is another, an older, an expired or a future one
 * @throws {PolicyError} when its policy or its exceptions do not compile
 * @throws {RangeError} for a threshold or a minimum outside its range
 */
export async function openBundle(bytes: Uint8Array, options: OpenBundleOptions): Promise<PolicyBundle> {
  return compileBundle(verifyBundle(bytes, options));
}

/** As {@link openBundle}, without compiling the policy. */
export function verifyBundle(bytes: Uint8Array, options: OpenBundleOptions): VerifiedBundle {
  const { now, threshold = 1, minimumSequence = 1, name } = options;
  const keys = assertTrust(options);
  if (!Number.isFinite(now)) throw new RangeError(`now: expected milliseconds since 1970, got ${now}`);
  const envelope = parseEnvelope(bytes);
  const signedBy = verifyEnvelope(envelope, keys, threshold);
  const contents = contentsOf(envelope);
  if (name !== undefined && contents.name !== name)
    throw new BundleError(
      'CALLGATE_BUNDLE_OTHER_NAME',
      `expected bundle \`${excerpt(name)}\`, got \`${contents.name}\``,
    );
  assertIssued(contents, now);
  assertUnexpired(contents, now);
  if (contents.sequence < minimumSequence)
    throw new BundleError(
      'CALLGATE_BUNDLE_ROLLED_BACK',
      `expected sequence ${minimumSequence} or later of bundle \`${contents.name}\`, got ${contents.sequence}`,
    );
  return { contents, digest: digest(envelope.payload), signedBy };
}

/**
 * The keys that are trusted, once all of `trust` is known to make sense.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_KEY_INVALID`
 * @throws {RangeError} for a threshold or a minimum outside its range
 */
export function assertTrust({ keys, threshold = 1, minimumSequence = 1 }: BundleTrust): readonly TrustedKey[] {
  const parsed = parseTrustedKeys(keys);
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > parsed.length)
    throw new RangeError(`threshold: expected 1 to ${parsed.length}, the number of keys, got ${threshold}`);
  if (!Number.isSafeInteger(minimumSequence) || minimumSequence < 1)
    throw new RangeError(`minimumSequence: expected a positive integer, got ${minimumSequence}`);
  return parsed;
}

/** Compiles what a verified bundle holds. */
async function compileBundle(bundle: VerifiedBundle): Promise<PolicyBundle> {
  const { name, sequence, policy: text, exceptions } = bundle.contents;
  const file = `bundle:${name}@${sequence}`;
  await loadKinds(`${text}\n${exceptions ?? ''}`);
  const policy = parsePolicy(text, { file: `${file}/policy` });
  if (exceptions === undefined) return { ...bundle, policy };
  return { ...bundle, policy: withExceptions(policy, parseExceptions(exceptions, { file: `${file}/exceptions` })) };
}

/**
 * What a bundle says, without proof of anything: to look at one, never to act on it.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_TOO_LARGE`, `CALLGATE_BUNDLE_FORMAT`
 */
export function readBundle(bytes: Uint8Array): UnverifiedBundle {
  const envelope = parseEnvelope(bytes);
  const claimedKeys = envelope.signatures.map(({ keyId }) => keyId ?? null);
  return { contents: contentsOf(envelope), digest: digest(envelope.payload), claimedKeys };
}

/** @throws {BundleError} `CALLGATE_BUNDLE_EXPIRED` */
export function assertUnexpired({ name, sequence, expires }: BundleContents, now: Instant): void {
  if (now < expires) return;
  throw new BundleError(
    'CALLGATE_BUNDLE_EXPIRED',
    `expected bundle \`${name}\` ${sequence} not to have expired, which it did at ${new Date(expires).toISOString()}`,
  );
}

function assertIssued({ name, sequence, issued }: BundleContents, now: Instant): void {
  if (issued <= now + CLOCK_SKEW_MS) return;
  throw new BundleError(
    'CALLGATE_BUNDLE_NOT_YET',
    `expected bundle \`${name}\` ${sequence} to be issued by now, got ${new Date(issued).toISOString()}`,
  );
}

/** What the payload of an envelope says, whoever signed it. */
export function contentsOf({ payloadType, payload }: Envelope): BundleContents {
  if (payloadType !== BUNDLE_PAYLOAD_TYPE)
    throw new BundleError(
      'CALLGATE_BUNDLE_FORMAT',
      `expected payload type \`${BUNDLE_PAYLOAD_TYPE}\`, got \`${excerpt(payloadType)}\``,
    );
  return decodeContents(payload);
}
