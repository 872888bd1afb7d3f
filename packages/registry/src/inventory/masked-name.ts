import { secretsInName, type SecretMatch } from './detect-secrets.ts';

/** What stands for masked text. */
export const MASK = '[hidden]';

/** The longest argument, URL or name that is shown. */
export const MAX_SHOWN = 300;

/** A name as it may be shown: without a secret that stands in the place of one, and no longer than an argument. */
export function maskedName(name: string): string {
  const cut = name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name;
  return maskRanges(cut, secretsInName(cut));
}

/** `text` with the secrets in it masked. */
export function maskRanges(text: string, matches: readonly SecretMatch[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of matches) {
    if (end <= at) continue;
    masked += `${text.slice(at, Math.max(at, start))}${MASK}`;
    at = end;
  }
  return masked + text.slice(at);
}
