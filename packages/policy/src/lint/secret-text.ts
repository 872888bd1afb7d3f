/** The forms that issuers give to credentials. Sources: the issuers' documentation of their token formats. */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]{2,20} ){0,3}PRIVATE KEY/u],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})/u],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20}/u],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/u],
  ['a Google API key', /\bAIza[A-Za-z0-9_-]{35}/u],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10}|hooks\.slack\.com\/services\/T[A-Za-z0-9]/u],
  ['a Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16}/u],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}/u],
  ['an API key', /\bsk-(?:[a-z]{2,8}-){0,3}[A-Za-z0-9_-]{20}/u],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8}/u],
  ['a password in a URL', /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@?#]{1,64}:(?![{$<*])[^\s/:@?#]{3,256}@/iu],
];

const ASSIGNMENT =
  /(?:password|passwd|passphrase|secret|token|api[-_ ]?key|access[-_ ]?key|bearer|authorization)["'`]?\s{0,3}[:= ]\s{0,3}(?:bearer |basic )?["'`]?(?<value>[A-Za-z0-9+/_.!#%&*~^-]{8,512}={0,2})/giu;

/** What a text holds that looks like a credential, in words; undefined where nothing does. Linear in the text. */
export function secretIn(text: string): string | undefined {
  const form = FORMS.find(([, pattern]) => pattern.test(text));
  if (form !== undefined) return form[0];
  return [...text.matchAll(ASSIGNMENT)].some(({ groups }) => looksRandom(groups?.['value'] ?? ''))
    ? 'a credential'
    : undefined;
}

/** Words of a sentence have no digits among their letters; `v1.2.3` and `2026-11-25` have few letters. */
function looksRandom(value: string): boolean {
  const letters = value.replaceAll(/[^A-Za-z]/gu, '').length;
  const digits = value.replaceAll(/[^0-9]/gu, '').length;
  return letters >= 3 && digits >= 2;
}
