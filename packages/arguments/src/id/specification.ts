import * as z from 'zod';

import { specification, whole, word } from '../internal/specification.ts';

/** The keys of `{ kind: id }`. Lengths and the format are those of what stands behind the prefix. */
export interface IdSpecification {
  /** How the identifier is made. Default `token`: letters, digits, `_` and `-`, a letter or digit first. */
  readonly format?: IdFormatName;
  /** What every identifier begins with, exactly: `T-`. */
  readonly prefix?: string;
  /** Characters behind the prefix, 1 to 1,024. Default: 1. */
  readonly minLength?: number;
  /** Characters behind the prefix, 1 to 1,024. Default: 128; integers 20, nano ids 21. */
  readonly maxLength?: number;
  /** For `token` only: every character that may occur, in ASCII. */
  readonly alphabet?: string;
  /** The case of letters behind the prefix. Default `any`. */
  readonly case?: 'lower' | 'upper' | 'any';
  /** For `uuid` only: the versions that pass (RFC 9562), 1 to 8. Default: all. */
  readonly versions?: readonly number[];
  /** For `integer` only: the least value, as a number or as digits. Default 0. */
  readonly minimum?: number | string;
  /** For `integer` only: the greatest value, as a number or as digits. Default: no bound but the length. */
  readonly maximum?: number | string;
}

export type IdFormatName = 'token' | 'uuid' | 'ulid' | 'nanoid' | 'objectid' | 'integer' | 'digits' | 'hex' | 'slug';

/** The most characters of an identifier behind its prefix. */
const MAX_ID_LENGTH = 1024;

const PRINTABLE = /^[!-~]+$/u;

function printable(expected: string, most: number): z.ZodString {
  const error = `${expected}: 1 to ${most} printable ASCII characters without spaces`;
  return z.string({ error }).max(most, { error }).regex(PRINTABLE, { error });
}

function value(): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = 'a whole number from 0, or its digits as text';
  const digits = z.string({ error }).regex(/^(?:0|[1-9][0-9]{0,63})$/u, { error });
  return z.union([whole(0), digits], { error });
}

/** The schema of {@link IdSpecification}. */
export const idSpecification: z.ZodObject & z.ZodType<IdSpecification> = specification({
  format: word('token', 'uuid', 'ulid', 'nanoid', 'objectid', 'integer', 'digits', 'hex', 'slug')
    .describe('How the identifier is made. Default `token`: letters, digits, `_` and `-`, a letter or digit first.')
    .exactOptional(),
  prefix: printable('what identifiers begin with', 128)
    .describe('What every identifier begins with, exactly.')
    .exactOptional(),
  minLength: whole(1, MAX_ID_LENGTH).describe('Characters behind the prefix. Default 1.').exactOptional(),
  maxLength: whole(1, MAX_ID_LENGTH)
    .describe('Characters behind the prefix. Default 128; integers 20, nano ids 21.')
    .exactOptional(),
  alphabet: printable('all characters that may occur', 128)
    .describe('For `token` only: every character that may occur.')
    .exactOptional(),
  case: word('lower', 'upper', 'any').describe('The case of letters behind the prefix. Default `any`.').exactOptional(),
  versions: z
    .array(whole(1, 8), { error: 'a list of UUID versions, 1 to 8' })
    .min(1, { error: 'a list of at least one UUID version' })
    .max(8, { error: 'at most 8 versions' })
    .describe('For `uuid` only: the versions that pass. Default: all.')
    .exactOptional(),
  minimum: value().describe('For `integer` only: the least value. Default 0.').exactOptional(),
  maximum: value()
    .describe('For `integer` only: the greatest value. Default: no bound but the length.')
    .exactOptional(),
});
