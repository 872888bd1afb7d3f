import { parsePrivateKey } from './bundle-key.ts';
import { BUNDLE_PAYLOAD_TYPE, encodeContents, type BundleContents } from './contents.ts';
import { MAX_BUNDLE_BYTES, signEnvelope } from './envelope.ts';
import { BundleError } from './errors.ts';

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
  const keys = privateKeys.map(parsePrivateKey);
  if (keys.length === 0 || new Set(keys.map(({ keyId }) => keyId)).size !== keys.length)
    throw new BundleError('CALLGATE_BUNDLE_KEY_INVALID', 'bundle key: expected at least one private key, each once');
  const bundle = signEnvelope(BUNDLE_PAYLOAD_TYPE, encodeContents(contents), keys);
  if (Buffer.byteLength(bundle) > MAX_BUNDLE_BYTES)
    throw new BundleError('CALLGATE_BUNDLE_TOO_LARGE', `bundle: expected at most ${MAX_BUNDLE_BYTES} bytes, got more`);
  return bundle;
}
