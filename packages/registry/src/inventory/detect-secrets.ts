import { findSecrets } from '@callgate/inspector';

/** One secret in a text: which rule found it, and its place in UTF-16 code units. */
export interface SecretMatch {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds secrets. The text is what a configuration holds, as `NAME=value` where the value has a name; places are in that
 * text. Must be deterministic and must not keep the text.
 */
export type SecretDetector = (text: string) => readonly SecretMatch[];

/** Longer texts are looked at for names and random words up to here. */
const MAX_LENGTH = 65_536;

/** `NAME=value`, `--name value` joined by `=`, `Name: Scheme value`. */
const ASSIGNMENT =
  /(?<name>[A-Za-z][\w.-]{0,127})["']?\s{0,4}[=:](?!\/\/)\s{0,4}(?<scheme>(?:Bearer|Basic|Token|ApiKey)\s{1,4})?(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s&;"']+))/dgiu;

/** `--name value` in a text that holds several words. */
const OPTION =
  /(?<![\w-])--?(?<name>[A-Za-z][\w.-]{0,127})\s{1,4}(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s&;"'-][^\s&;"']*))/dgu;

/** The last words of names whose value is a secret. */
const CREDENTIAL_NAME =
  /(?:^|[_.-])(?:token|secret|password|passwd|pwd|passphrase|pass|credentials?|pat|bearer|authorization|cookie|api_?key|key|private_?key|secret_?key|dsn|signature|sig)$/u;

/** Names that only look like those: of files, identifiers, kinds. */
const HARMLESS_NAME = /(?:^|[_.-])(?:public_?key|primary_?key|sort_?key|key_?id|max_?token|project_?key|cache_?key)$/u;

/**
 * What stands for a secret that is elsewhere: `${VAR}`, `${env:VAR}`, `{env:VAR}`, `$VAR`, `%VAR%`, `${{ secrets.X }}`, `op://…`. Not
 * `${VAR:-text}`: the text is written out.
 */
const REFERENCE =
  /\$\{\{[^}]{0,256}\}\}|\$\{(?:(?:env|input|command|config|secret|secrets):[\w. -]{1,128}|[\w.]{1,128}(?::?-)?)\}|\{(?:env|file):[^}]{1,256}\}|\$[A-Za-z_]\w{0,127}|%[A-Za-z_]\w{0,127}%|\b(?:op|vault|keychain|secret-?manager|doppler):\/\/\S{1,512}/gu;

const PLACEHOLDER =
  /^(?:<[^>]*>|\[[^\]]*\]|x{3,}|\*{3,}|\.{3}|…|(?:your|my|insert|enter|put|replace|add|paste|example|sample|dummy|fake|test|changeme|change[_-]me|todo|none|null|true|false|undefined|placeholder)(?:[\s_-].*)?|your.*here)$/iu;

/**
 * Whether a variable, header, option or query parameter of this name holds a credential.
 */
export function isCredentialName(name: string): boolean {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/gu, '_').toLowerCase();
  return CREDENTIAL_NAME.test(words) && !HARMLESS_NAME.test(words);
}

/** What is left of a value when references to secrets kept elsewhere are taken out. */
export function withoutReferences(value: string): string {
  return value.replaceAll(REFERENCE, '').trim();
}

/** Whether a value refers to a secret that is kept elsewhere. */
export function hasReference(value: string): boolean {
  return value.search(REFERENCE) >= 0;
}

/**
 * The detector that is used when none is given: what inspection takes for a secret ({@link findSecrets}), and, since a configuration is where
 * credentials are written out, whatever a name such as `API_KEY` is given, and long random-looking words. Placeholders and references are none.
 */
export const detectSecrets: SecretDetector = (text) => {
  const scanned = text.slice(0, MAX_LENGTH);
  const found = [...inspected(text), ...byName(scanned), ...byForm(scanned)];
  // the sort keeps the order of rules for matches that begin together: from the most to the least telling
  const matches: SecretMatch[] = [];
  for (const match of found.toSorted((a, b) => a.start - b.start)) {
    if (match.start >= (matches.at(-1)?.end ?? 0)) matches.push(match);
  }
  return matches;
};

/** What inspection finds, but where the value refers to a secret that is kept elsewhere. */
function inspected(text: string): readonly SecretMatch[] {
  return findSecrets(text).filter(({ start, end }) => withoutReferences(text.slice(start, end)) !== '');
}

/** The secrets in what should be a name: a variable that was written with its value, a token in the wrong place. */
export function secretsInName(name: string): readonly SecretMatch[] {
  return [...findSecrets(name), ...byName(name)].toSorted((a, b) => a.start - b.start);
}

function* byName(text: string): Generator<SecretMatch> {
  for (const { groups = {}, indices } of [...text.matchAll(ASSIGNMENT), ...text.matchAll(OPTION)]) {
    const places = indices?.groups ?? {};
    const place = places['double'] ?? places['single'] ?? places['bare'];
    if (place === undefined || !(groups['scheme'] !== undefined || isCredentialName(groups['name'] ?? ''))) continue;
    const [start, end] = place;
    if (isPlaintext(text.slice(start, end))) yield { rule: 'credential-name', start, end };
  }
}

function* byForm(text: string): Generator<SecretMatch> {
  for (const { 0: word, index } of text.matchAll(/[A-Za-z0-9_+-]{24,512}/gu)) {
    if (isRandom(word)) yield { rule: 'random-text', start: index, end: index + word.length };
  }
}

/** Whether the value of a credential is written out. */
function isPlaintext(value: string): boolean {
  const rest = withoutReferences(value);
  if (rest.length < 4 || PLACEHOLDER.test(rest)) return false;
  // a path, a URL without a password, a number: names such as TOKEN_FILE are not the only way to point elsewhere
  return !/^(?:[a-z][a-z0-9+.-]*:\/\/[^@\s]*|(?:~|\.{1,2})?[/\\][\w./\\ -]*|[A-Za-z]:[/\\].*|\d{1,6}|(?:bearer|basic|token|oauth2?|none))$/iu.test(
    rest,
  );
}

/** Digits, capitals and small letters in a word with at least 4 bits of entropy a character. */
function isRandom(word: string): boolean {
  if (!/\d/u.test(word) || !/[a-z]/u.test(word) || !/[A-Z]/u.test(word) || /^sha(?:256|384|512)-/u.test(word))
    return false;
  return entropyOf(word) >= 4;
}

/** Shannon entropy, in bits a character. */
function entropyOf(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / word.length) * Math.log2(count / word.length);
  return entropy;
}
