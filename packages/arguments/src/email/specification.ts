import type * as z from 'zod';

import { hostEntryProblem } from '../addresses/host-list.ts';
import { specification, texts, whole, word } from '../internal/specification.ts';

export const DEFAULT_MAX_RECIPIENTS = 100;

/** What an `email` may be. */
export interface EmailSpecification {
  /** `one` (default): text. `list`: an array of addresses. `either`: both. */
  readonly form?: 'one' | 'list' | 'either' | undefined;
  /** What separates several addresses in one text; `none` (default): a text is one address. */
  readonly separators?: 'none' | 'comma' | 'semicolon' | undefined;
  /**
   * Exact domains, and suffixes that begin with a dot (`.example.com` covers `mail.example.com`, not `example.com`). International
   * ones in their `xn--` form, exactly. Default: all that are not international.
   */
  readonly domains?: readonly string[] | undefined;
  /** Addresses in one value, repeated ones included; default 100, and 1 where a value is one address. */
  readonly maxRecipients?: number | undefined;
  /** Whether there may be a `+` in the local part; default `allow`. */
  readonly plus?: 'allow' | 'deny' | undefined;
}

const domain =
  'a domain such as `example.com` (an international one in its `xn--` form, exactly), or a suffix `.example.com`';

export const emailSpecification: z.ZodObject & z.ZodType<EmailSpecification> = specification({
  form: word('one', 'list', 'either').exactOptional().describe('`one` text (default), a `list` of them, or `either`.'),
  separators: word('none', 'comma', 'semicolon')
    .exactOptional()
    .describe('What separates several addresses in one text; default `none`: a text is one address.'),
  domains: texts('a domain such as `example.com`, or a suffix such as `.example.com`')
    .check((context) => {
      context.value.forEach((entry, index) => {
        if (hostEntryProblem(entry, 'names') === undefined && entry.lastIndexOf('.') > 0) return;
        context.issues.push({ code: 'custom', input: entry, path: [index], message: domain });
      });
    })
    .exactOptional()
    .describe('Domains, and suffixes that begin with a dot; default: all that are not international.'),
  maxRecipients: whole(1, 1_000)
    .exactOptional()
    .describe('Addresses in one value; default 100, and 1 where a value is one address.'),
  plus: word('allow', 'deny')
    .exactOptional()
    .describe('Whether there may be a `+` in the local part; default `allow`.'),
});
