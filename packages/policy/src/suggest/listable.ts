import { secretIn } from '../lint/secret-text.ts';
import { namesSecret } from '../compile/secret-fields.ts';

/** The longest text that a policy lists, in UTF-16 code units. */
const MAX_LISTED = 64;

/** Words of a listed value: more are a sentence, and sentences are what somebody said. */
const MAX_WORDS = 3;

/** Letters and digits in a row that no word has: what remains of keys that have no form of their own. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{20,}/gu;

/** Whether a text holds what looks like a credential: by its form, by what is said before it, or because it looks random. */
export function looksSecret(text: string): boolean {
  return secretIn(text) !== undefined || (text.match(LONG_RUN) ?? []).some(looksRandom);
}

/** Whether an argument's name speaks of a secret. */
export function isSecretName(name: string): boolean {
  return (
    namesSecret(name) ||
    /(?:^|[_-])(?:api|access|private|auth)?[_-]?key$|authori[sz]ation|signature|cookie|session/iu.test(name)
  );
}

/** Whether a value may stand in a policy: short, on one line, a word or a few, and nothing that looks like a credential. */
export function isListable(text: string): boolean {
  return (
    text.length <= MAX_LISTED &&
    /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text) &&
    text.split(' ').length <= MAX_WORDS &&
    !looksSecret(text)
  );
}

/** Whether the name of an argument, a property, a tool or a server may stand in a policy. */
export function isListableName(name: string): boolean {
  return (
    name !== '' &&
    name !== '__proto__' &&
    name.length <= 128 &&
    /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(name) &&
    !looksSecret(name)
  );
}

/** Identifiers in words (`customer_search_results_v2`) have few digits among letters of one case; keys mix all three. */
function looksRandom(run: string): boolean {
  const digits = run.replaceAll(/[^0-9]/gu, '').length;
  const changes = run.match(/[a-z][0-9]|[0-9][A-Za-z]|[A-Z][0-9]/gu)?.length ?? 0;
  return digits >= 3 && changes >= 4;
}
