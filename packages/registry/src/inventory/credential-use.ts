import type { ConfiguredServer } from './configured-server.ts';
import { hasReference, isCredentialName, type SecretDetector } from './detect-secrets.ts';
import { findSecrets, textsOfServer } from './secret-places.ts';

/**
 * How a server is told who calls: `header`, in the `url`, `oauth` as configured, a variable of its `environment`, an `argument`, or `none`
 * that the configuration shows. A host may still log in to a `none` server with OAuth when that asks for it.
 */
export type AuthenticationMode = 'none' | 'header' | 'url' | 'oauth' | 'environment' | 'argument';

/**
 * Where the credential is: written out (`plaintext`), in a `file` of variables, a `reference` to a variable, a `prompt` for
 * the user, with a `helper` program, keyring or login, or `none`. Of several, the first in this order.
 */
export type CredentialSource = 'plaintext' | 'file' | 'reference' | 'prompt' | 'helper' | 'none';

export interface CredentialUse {
  readonly authentication: AuthenticationMode;
  readonly source: CredentialSource;
}

/** How a server is authenticated to, and where the credential for it is, as far as its entry shows. */
export function credentialUseOf(server: ConfiguredServer, detect: SecretDetector): CredentialUse {
  return { authentication: modeOf(server, detect), source: sourceOf(server, detect) };
}

function modeOf(server: ConfiguredServer, detect: SecretDetector): AuthenticationMode {
  const kinds = new Set(findSecrets(server, detect).map(({ kind }) => kind));
  const isRemote = server.url !== null;
  if (server.hasHeadersHelper || kinds.has('header') || hasNamed(server, 'header')) return 'header';
  if (server.passed.some(({ header }) => header !== null)) return 'header';
  if (kinds.has('url') || hasQueryCredential(server)) return 'url';
  if (server.hasOauth) return 'oauth';
  if (kinds.has('credential') || server.credentials.size > 0) return isRemote ? 'header' : 'environment';
  if (kinds.has('environment') || hasNamed(server, 'environment') || server.hasEnvironmentFile) return 'environment';
  if (server.passed.some(({ name }) => isCredentialName(name))) return 'environment';
  return kinds.has('argument') || hasNamed(server, 'argument') ? 'argument' : 'none';
}

function hasNamed(server: ConfiguredServer, kind: 'header' | 'environment' | 'argument'): boolean {
  return textsOfServer(server).some(
    (entry) => entry.kind === kind && entry.name !== '' && isCredentialName(entry.name),
  );
}

function hasQueryCredential({ url }: ConfiguredServer): boolean {
  const names = (url?.reveal() ?? '').matchAll(/[?&](?<name>[^=&#]{1,128})=/gu);
  return [...names].some(({ groups }) => isCredentialName(groups?.['name'] ?? ''));
}

function sourceOf(server: ConfiguredServer, detect: SecretDetector): CredentialSource {
  if (findSecrets(server, detect).length > 0) return 'plaintext';
  if (server.hasEnvironmentFile) return 'file';
  const texts = textsOfServer(server);
  const values = texts.map(({ text }) => text.reveal());
  const isPrompted = (value: string): boolean => /\$\{input:/u.test(value);
  const isHelped = (value: string): boolean => /\b(?:op|vault|keychain|secret-?manager|doppler):\/\//u.test(value);
  const isCredential = (value: string, index: number): boolean => {
    const entry = texts[index];
    return (
      entry !== undefined &&
      (entry.kind === 'header' || entry.kind === 'url' || isCredentialName(entry.name)) &&
      hasReference(value)
    );
  };
  const references = values.filter(isCredential);
  const isPassed = server.passed.some(
    ({ from, header, name }) => from === 'environment' && (header !== null || isCredentialName(name)),
  );
  if (isPassed || references.some((value) => !isPrompted(value) && !isHelped(value))) return 'reference';
  if (references.some(isPrompted)) return 'prompt';
  const isKept = server.passed.some(({ from }) => from === 'keyring');
  return server.hasHeadersHelper || server.hasOauth || isKept || references.length > 0 ? 'helper' : 'none';
}
