import type { JsonObject, JsonValue } from '@callgate/canonical';

// words that name something a user should type only into the page of whoever issued it
const SECRET_WORDS: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'apikey',
  'accesskey',
  'privatekey',
  'secretkey',
  'sshkey',
  'credential',
  'otp',
  'onetimecode',
  'verificationcode',
  'securitycode',
  'mfacode',
  'totp',
  'pin',
  'pincode',
  'cvv',
  'cvc',
  'cardnumber',
  'creditcard',
  'ssn',
  'socialsecurity',
  'seedphrase',
  'mnemonic',
  'recoverycode',
  'bearer',
  'jwt',
  'contrasena',
  'passwort',
  'motdepasse',
];
const SHORT_WORD = 4;
const MAX_NODES = 10_000;
const MAX_TEXT_LENGTH = 10_000;

/**
 * Whether any name, title, description or choice in a form's schema speaks of a secret.
 *
 * Compared without case, accents, width variants and separators, so that `API-Key`, `api key` and `apiKey` are one. Words of up to four
 * letters (`pin`, `otp`, …) count only as whole words, so that `shipping` is no secret. A form too large to look through counts
 * as one that has a secret.
 */
export function looksLikeSecret(schema: JsonObject): boolean {
  let budget = MAX_NODES;
  const pending: JsonValue[] = [schema];
  while (pending.length > 0) {
    budget -= 1;
    if (budget < 0) return true;
    const value = pending.pop() as JsonValue;
    if (typeof value === 'string') {
      if (namesSecret(value)) return true;
    } else if (Array.isArray(value)) {
      for (const item of value as readonly JsonValue[]) pending.push(item);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value as JsonObject)) pending.push(key, item);
    }
  }
  return false;
}

/** Whether a text, a name for instance, speaks of a secret. Compared as {@link looksLikeSecret} does. */
export function namesSecret(text: string): boolean {
  if (text.length > MAX_TEXT_LENGTH) return true;
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}|\p{Cf}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u);
  const joined = words.join('');
  return SECRET_WORDS.some((secret) =>
    secret.length <= SHORT_WORD ? words.includes(secret) || words.includes(`${secret}s`) : joined.includes(secret),
  );
}
