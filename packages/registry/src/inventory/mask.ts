import type { ConfiguredServer } from './configured-server.ts';
import { withoutReferences, type SecretDetector, type SecretMatch } from './detect-secrets.ts';
import { MASK, MAX_SHOWN, maskRanges } from './masked-name.ts';
import { searchedTexts } from './secret-places.ts';

/** The command and arguments of a server without secrets, for output. */
export function maskedCommand(server: ConfiguredServer, detect: SecretDetector): readonly string[] {
  return searchedTexts(server, detect)
    .filter(({ entry: { kind } }) => kind === 'argument')
    .map(({ entry: { name, text }, matches }) =>
      name !== '' && matches.length > 0 ? MASK : shown(text.reveal(), matches),
    );
}

/** The URL of a server without credentials and without the values of its query, for output; null where it has none. */
export function maskedUrl(server: ConfiguredServer, detect: SecretDetector): string | null {
  const found = searchedTexts(server, detect).find(({ entry: { kind } }) => kind === 'url');
  return found === undefined ? null : shown(found.entry.text.reveal(), found.matches);
}

function shown(text: string, matches: readonly SecretMatch[]): string {
  const masked = maskUrls(maskRanges(text, matches));
  return masked.length > MAX_SHOWN ? `${masked.slice(0, MAX_SHOWN)}…` : masked;
}

/**
 * Masks what of a URL may be a secret though no rule says so: user information, the values of the query, the fragment, and path
 * segments that are random identifiers, which some services use as keys.
 */
function maskUrls(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replaceAll(/(?<=:\/\/)[^\s/?#]{1,1024}(?=@)/gu, MASK)
    .replaceAll(/(?<=[?&][^=&#\s]{1,128}=)[^&#\s]+/gu, (value) => (withoutReferences(value) === '' ? value : MASK))
    .replaceAll(/(?<=\bhttps?:[^\s#]{1,2048}#)\S+/gu, MASK)
    .replaceAll(/(?<=\/)(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,256})(?=[/?#\s]|$)/giu, MASK);
}
