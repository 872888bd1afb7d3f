import type { Severity } from '../finding.ts';

/** A secret in a text, before it is known whether another covers it. */
export interface SecretMatch {
  /** With `secrets.`. */
  readonly rule: string;
  readonly severity: Severity;
  /** UTF-16 code units into the text. */
  readonly start: number;
  readonly end: number;
  readonly reason: string;
  /** The class by which rules may treat it on its own. */
  readonly category?: 'password';
}

/** Takes a secret that was found. */
export type OnSecret = (match: SecretMatch) => void;
