import { parsePrivateKey, type TrustedKey } from './bundle-key.ts';
import { BUNDLE_PAYLOAD_TYPE, encodeContents, type BundleContents } from './contents.ts';
import { formatEnvelope, parseEnvelope, signPayload } from './envelope.ts';
import { BundleError } from './errors.ts';
import { contentsOf } from './open-bundle.ts';

/**
 * Makes a bundle: a DSSE envelope as text, signed with each of the keys. Times lose their milliseconds.
 *
 * Does not compile the policy; whoever signs should have (`loadPolicy`), and have looked at what it changes (`callgate diff`).
 *
 * @param privateKeys Ed25519 private keys as PEM text, at least one
 * @throws {BundleError} `CALLGATE_BUNDLE_KEY_INVALID`, `CALLGATE_BUNDLE_FORMAT` for contents that no bundle can have,
 *   `CALLGATE_BUNDLE_TOO_LARGE`
 */
export function signBundle(contents: BundleContents, privateKeys: readonly string[]): string {
  const keys = parsePrivateKeys(privateKeys, []);
  const payload = encodeContents(contents);
  const signatures = signPayload(BUNDLE_PAYLOAD_TYPE, payload, keys);
  return formatEnvelope({ payloadType: BUNDLE_PAYLOAD_TYPE, payload, signatures });
}

/**
 * Adds signatures to a bundle of somebody else, whose signatures stay as they are: for a threshold whose keys are never in one place.
 *
 * Whoever signs says that what the bundle holds is right, so look at it first (`readBundle`).
 *
 * @throws {BundleError} as {@link signBundle}; `CALLGATE_BUNDLE_KEY_INVALID` also for a key that has signed
 */
export function cosignBundle(bytes: Uint8Array, privateKeys: readonly string[]): string {
  const envelope = parseEnvelope(bytes);
  contentsOf(envelope);
  const { payloadType, payload, signatures } = envelope;
  const signed = signatures.map(({ keyId }) => keyId);
  const added = signPayload(payloadType, payload, parsePrivateKeys(privateKeys, signed));
  return formatEnvelope({ payloadType, payload, signatures: [...signatures, ...added] });
}

function parsePrivateKeys(pems: readonly string[], signed: readonly (string | undefined)[]): readonly TrustedKey[] {
  const keys = pems.map(parsePrivateKey);
  const ids = [...signed, ...keys.map(({ keyId }) => keyId)].filter((id) => id !== undefined);
  if (keys.length === 0 || new Set(ids).size !== ids.length)
    throw new BundleError('CALLGATE_BUNDLE_KEY_INVALID', 'bundle key: expected at least one private key, each once');
  return keys;
}
