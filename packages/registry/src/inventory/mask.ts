import type { ConfiguredServer } from './configured-server.ts';
import { withoutReferences, type SecretDetector, type SecretMatch } from './detect-secrets.ts';
import { matchesIn, textsOfServer } from './secret-places.ts';

/** What stands for masked text. */
const MASK = '[hidden]';

/** The longest argument or URL that is shown. */
const MAX_SHOWN = 300;

/** The command and arguments of a server without secrets, for output. */
export function maskedCommand(server: ConfiguredServer, detect: SecretDetector): readonly string[] {
  return textsOfServer(server)
    .filter(({ kind }) => kind === 'argument')
    .map((entry) => {
      const matches = matchesIn(entry, detect);
      const isCredential = entry.name !== '' && matches.length > 0;
      return isCredential ? MASK : shown(entry.text.reveal(), matches);
    });
}

/** The URL of a server without credentials and without the values of its query, for output; null where it has none. */
export function maskedUrl(server: ConfiguredServer, detect: SecretDetector): string | null {
  const entry = textsOfServer(server).find(({ kind }) => kind === 'url');
  return entry === undefined ? null : shown(entry.text.reveal(), matchesIn(entry, detect));
}

function shown(text: string, matches: readonly SecretMatch[]): string {
  const masked = maskUrls(maskRanges(text, matches));
  return masked.length > MAX_SHOWN ? `${masked.slice(0, MAX_SHOWN)}…` : masked;
}

function maskRanges(text: string, matches: readonly SecretMatch[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of matches) {
    if (end <= at) continue;
    masked += `${text.slice(at, Math.max(at, start))}${MASK}`;
    at = end;
  }
  return masked + text.slice(at);
}

/**
 * Masks what of a URL may be a secret though no rule says so: user information, the values of the query, the fragment, and path
 * segments that are random identifiers, which some services use as keys.
 */
function maskUrls(text: string): string {
  if (!text.includes('://')) return text;
  return text
    .replaceAll(/(?<=:\/\/)[^\s/?#@]{1,1024}(?=@)/gu, MASK)
    .replaceAll(/(?<=[?&][^=&#\s]{1,128}=)[^&#\s]+/gu, (value) => (withoutReferences(value) === '' ? value : MASK))
    .replaceAll(/(?<=\bhttps?:[^\s#]{1,2048}#)\S+/gu, MASK)
    .replaceAll(/(?<=\/)(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,256})(?=[/?#\s]|$)/giu, MASK);
}
