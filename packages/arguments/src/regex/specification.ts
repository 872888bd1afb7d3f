import * as z from 'zod';

import { flag, specification, whole, word } from '../internal/specification.ts';

/** A flag set inside a pattern, as in `(?i)`. */
export type RegexFlag = 'U' | 'i' | 'm' | 's';

/** The keys of `{ kind: regex, … }`. */
export interface RegexSpecification {
  /** What will run the pattern. Default `re2`. */
  readonly syntax?: 'ecmascript' | 're2';
  /** UTF-16 code units. Default 256, at most 1,024. */
  readonly maxLength?: number;
  /** Steps of the compiled pattern, where counted repetition is written out. Default 1,000, at most 4,000. */
  readonly maxSize?: number;
  /** `re2` only: flags that the pattern may set. Default `i`, `m`, `s`. */
  readonly flags?: readonly RegexFlag[];
  /** Whether the pattern must start with `^` and end with `$`, both outside of alternatives. Default false. */
  readonly mustBeAnchored?: boolean;
  /** `ecmascript` only: whether the tool matches with the flag `m`, where `^` is no anchor. Default false. */
  readonly multiline?: boolean;
}

export const regexSpecification: z.ZodObject & z.ZodType<RegexSpecification> = specification({
  syntax: word('re2', 'ecmascript')
    .exactOptional()
    .describe(
      'What will run the pattern: `re2` (RE2, Go, Rust, ripgrep) or `ecmascript` (a backtracking engine). Default `re2`.',
    ),
  maxLength: whole(1, 1024).exactOptional().describe('UTF-16 code units. Default 256.'),
  maxSize: whole(1, 4000)
    .exactOptional()
    .describe('Steps of the compiled pattern, where counted repetition is written out. Default 1000.'),
  flags: z
    .array(word('i', 'm', 's', 'U'), { error: 'a list of flags' })
    .exactOptional()
    .describe('With `re2`: flags that the pattern may set, as in `(?i)`. Default `i`, `m`, `s`.'),
  mustBeAnchored: flag()
    .exactOptional()
    .describe('Whether the pattern must start with `^` and end with `$`, both outside of alternatives. Default false.'),
  multiline: flag()
    .exactOptional()
    .describe('With `ecmascript`: whether the tool matches with the flag `m`, where `^` is no anchor. Default false.'),
}) as z.ZodObject & z.ZodType<RegexSpecification>;
