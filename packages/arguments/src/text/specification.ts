import * as z from 'zod';

import { specification, whole, word } from '../internal/specification.ts';

export const DEFAULT_MAX_LENGTH = 10_000;
export const DEFAULT_MARKS = 8;

/** What a `text` may be. */
export interface TextSpecification {
  /** Unicode code points, default 0. */
  readonly minLength?: number | undefined;
  /** Unicode code points, default 10,000. */
  readonly maxLength?: number | undefined;
  /** Lines at most; 1 means that there is no line break. Default: as many as fit. */
  readonly lines?: number | undefined;
  /**
   * Names of the `Script` property of Unicode, such as `Latin`; characters that all scripts share (digits, punctuation, emoji) are
   * always accepted. Default: all.
   */
  readonly scripts?: readonly string[] | undefined;
  /** Whether a word may mix Latin letters with others that look like Latin ones; default `deny`. */
  readonly mixedScripts?: 'allow' | 'deny' | undefined;
  /** Whether the text must be in Normalization Form C; default `any`. */
  readonly normalization?: 'any' | 'nfc' | undefined;
  /** Combining marks in a row at most, default 8, at most 16. */
  readonly marks?: number | undefined;
  /** Whether a character that is refused may be spelled out (`%0a`, `&#10;`, `\u000a`, `=?utf-8?q?`); default `deny`. */
  readonly encoded?: 'allow' | 'deny' | undefined;
  /** Default `allow`. */
  readonly urls?: 'allow' | 'deny' | undefined;
  /** Tags and character references; default `allow`. */
  readonly html?: 'allow' | 'deny' | undefined;
}

const script = 'the name of a script, such as `Latin`';

export const textSpecification: z.ZodObject & z.ZodType<TextSpecification> = specification({
  minLength: whole(0, 1_000_000).exactOptional().describe('Code points at least, default 0.'),
  maxLength: whole(1, 1_000_000).exactOptional().describe('Code points at most, default 10000.'),
  lines: whole(1, 1_000_000).exactOptional().describe('Lines at most; default: as many as fit.'),
  scripts: z
    .array(z.string({ error: script }).refine(isScript, { error: script }), { error: 'a list of scripts' })
    .min(1, { error: 'at least one script' })
    .max(32, { error: 'at most 32 scripts' })
    .exactOptional()
    .describe('Scripts of its letters; default: all.'),
  mixedScripts: word('allow', 'deny')
    .exactOptional()
    .describe('Whether a word may mix Latin letters with look-alikes; default `deny`.'),
  normalization: word('any', 'nfc').exactOptional().describe('`any` (default) or `nfc`.'),
  marks: whole(0, 16).exactOptional().describe('Combining marks in a row at most, default 8, at most 16.'),
  encoded: word('allow', 'deny')
    .exactOptional()
    .describe('Whether refused characters may be spelled out (`%0a`, `&#10;`); default `deny`.'),
  urls: word('allow', 'deny').exactOptional().describe('URLs; default `allow`.'),
  html: word('allow', 'deny').exactOptional().describe('Tags and character references; default `allow`.'),
});

/** Whether the engine knows the script. */
function isScript(name: string): boolean {
  if (!/^[A-Z][A-Za-z_]{2,40}$/u.test(name)) return false;
  try {
    return new RegExp(String.raw`\p{Script=${name}}`, 'u').source !== '';
  } catch {
    return false;
  }
}
