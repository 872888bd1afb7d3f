import { digest } from '@callgate/canonical';

import type { ConfigText } from './config-text.ts';
import type { ConfiguredServer } from './configured-server.ts';
import { maskedName } from './masked-name.ts';
import { isCredentialName, type SecretDetector, type SecretMatch } from './detect-secrets.ts';

/** One text of a server entry, with what it is for. */
export interface ServerText {
  readonly kind: 'argument' | 'environment' | 'header' | 'credential' | 'url';
  /** For a person: ``variable `API_KEY` ``. */
  readonly place: string;
  /** The name that the value goes by, '' for none. */
  readonly name: string;
  readonly text: ConfigText;
}

/** A secret that stands in a configuration file, without its value. */
export interface SecretPlace {
  readonly kind: ServerText['kind'];
  readonly place: string;
  /** What found it. */
  readonly rule: string;
  readonly line: number;
  /**
   * The first 8 hexadecimal digits of its SHA-256, to see where the same secret stands; null for one of fewer than 16 characters, which
   * could be found by trying.
   */
  readonly fingerprint: string | null;
}

const MIN_FINGERPRINTED_LENGTH = 16;

/** Every text of an entry in which a secret could stand, in the order of the file's usual keys. */
export function textsOfServer(server: ConfiguredServer): readonly ServerText[] {
  const named = (kind: ServerText['kind'], word: string, texts: ReadonlyMap<string, ConfigText>): ServerText[] =>
    Array.from(texts, ([name, text]) => ({ kind, place: `${word} \`${maskedName(name).slice(0, 80)}\``, name, text }));
  return [
    ...argumentTexts(server.command),
    ...named('environment', 'variable', server.environment),
    ...named('header', 'header', server.headers),
    ...named('credential', 'key', server.credentials),
    ...(server.url === null ? [] : [{ kind: 'url' as const, place: 'the URL', name: '', text: server.url }]),
  ];
}

/** An argument after an option goes by the option's name: `--api-key`, then the key. */
function argumentTexts(command: readonly ConfigText[]): readonly ServerText[] {
  return command.map((text, index) => {
    const option = /^--?(?<name>[A-Za-z][\w.-]*)$/u.exec(command[index - 1]?.reveal() ?? '')?.groups?.['name'];
    const place = index === 0 ? 'the command' : `argument ${index}`;
    return { kind: 'argument', place, name: option !== undefined && isCredentialName(option) ? option : '', text };
  });
}

/** The secrets in one text. A detector that throws, or answers nonsense, makes the whole text a secret. */
function matchesIn({ name, text }: ServerText, detect: SecretDetector): readonly SecretMatch[] {
  const value = text.reveal();
  const prefix = name === '' ? '' : `${name}=`;
  const whole = { rule: 'detector-failed', start: 0, end: value.length };
  try {
    const matches: SecretMatch[] = [];
    for (const { rule, start, end } of detect(prefix + value)) {
      if (!(Number.isInteger(start) && Number.isInteger(end) && start < end)) return [whole];
      const match = { rule, start: Math.max(0, start - prefix.length), end: end - prefix.length };
      if (match.end > 0) matches.push(match);
    }
    return matches.toSorted((a, b) => a.start - b.start);
  } catch {
    return [whole];
  }
}

/** One text of a server entry, with the secrets in it. */
export interface SearchedText {
  readonly entry: ServerText;
  readonly matches: readonly SecretMatch[];
}

/** What was searched before: everything that is said of a server asks for it. */
const SEARCHED = new WeakMap<
  ConfiguredServer,
  { readonly detect: SecretDetector; readonly texts: readonly SearchedText[] }
>();

/** Every text of an entry, with the secrets in it. */
export function searchedTexts(server: ConfiguredServer, detect: SecretDetector): readonly SearchedText[] {
  const known = SEARCHED.get(server);
  if (known?.detect === detect) return known.texts;
  const texts = textsOfServer(server).map((entry) => ({ entry, matches: matchesIn(entry, detect) }));
  SEARCHED.set(server, { detect, texts });
  return texts;
}

/** Where the secrets of an entry stand. */
export function findSecrets(server: ConfiguredServer, detect: SecretDetector): readonly SecretPlace[] {
  return searchedTexts(server, detect).flatMap(({ entry, matches }) => {
    const value = entry.text.reveal();
    return matches.map(({ rule, start, end }) => ({
      kind: entry.kind,
      place: entry.place,
      rule,
      line: entry.text.line,
      fingerprint: fingerprintOf(value.slice(start, end)),
    }));
  });
}

function fingerprintOf(secret: string): string | null {
  return secret.length < MIN_FINGERPRINTED_LENGTH
    ? null
    : digest(secret.toWellFormed()).slice('sha256:'.length).slice(0, 8);
}
