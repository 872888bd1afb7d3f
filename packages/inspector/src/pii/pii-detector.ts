import type { Detector } from '../detector.ts';
import { FEATURES } from '../scan/features.ts';
import { findEmails } from './email.ts';
import { findLettered } from './find-lettered.ts';
import { findNumbers } from './find-numbers.ts';
import { findIpv6 } from './ip-address.ts';
import type { PiiCategory, PiiMatch, PiiText } from './pii-match.ts';

/** Stands for any address: RFC 2606 keeps `.invalid` from ever being one. */
const NO_EMAIL = 'redacted@redacted.invalid';

/**
 * Finds personal data. Masks keep the form, so that what reads the text still finds an address or a number where there was one, and hold
 * no character of it: letters and digits become `X`.
 */
export const PII_DETECTOR: Detector = Object.freeze({
  kind: 'pii',
  features: FEATURES.at | FEATURES.digit,
  find({ text, features, field, part }, report, fuel) {
    const found: PiiMatch[] = [];
    const where: PiiText = {
      text,
      field: part === 'value' ? field : undefined,
      fuel,
      report: (match) => {
        found.push(match);
      },
    };
    if ((features & FEATURES.at) !== 0) findEmails(where);
    if ((features & FEATURES.digit) !== 0) {
      findNumbers(where);
      findLettered(where);
      if ((features & FEATURES.colon) !== 0) findIpv6(where);
    }
    for (const { category, start, end, reason } of found) {
      report({
        rule: `pii.${category}`,
        category,
        severity: SEVERITIES[category],
        start,
        end,
        reason,
        mask: maskOf(category, text.slice(start, end)),
      });
    }
  },
} satisfies Detector);

const SEVERITIES: Readonly<Record<PiiCategory, 'medium' | 'high'>> = {
  email: 'medium',
  phone: 'medium',
  card: 'high',
  iban: 'high',
  'national-id': 'high',
  'ip-address': 'medium',
};

function maskOf(category: PiiCategory, text: string): string {
  return category === 'email' ? NO_EMAIL : text.replaceAll(/[\p{L}\p{N}]/gu, 'X');
}
