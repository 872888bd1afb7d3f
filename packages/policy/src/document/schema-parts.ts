import * as z from 'zod';

import { parseDuration, parseSize } from './units.ts';

/** A closed object. The message of its `unrecognized_keys` issues is the list of known keys, for the nearest-name search. */
export function closed<Shape extends z.ZodRawShape>(
  shape: Shape,
  expected: string,
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : expected),
  });
}

/** One of some words. */
export function words<const Words extends readonly [string, ...string[]]>(
  ...options: Words
): z.ZodEnum<{ [Word in Words[number]]: Word }> {
  return z.enum(options, { error: `one of ${options.map((word) => `\`${word}\``).join(', ')}` });
}

/** Text of 1 to `maxLength` UTF-16 code units without control characters. */
export function text(expected: string, maxLength = 256): z.ZodString {
  // oxlint-disable-next-line no-control-regex -- control characters are what this refuses
  const printable = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/u;
  return z
    .string({ error: expected })
    .max(maxLength, { error: `${expected} of at most ${maxLength} characters` })
    .regex(printable, {
      error: `${expected}, not empty, on one line`,
    });
}

/** A list of at least one text. */
export function texts(expected: string): z.ZodArray<z.ZodString> {
  return z
    .array(text(expected), { error: `a list of ${expected}` })
    .min(1, { error: `a list of at least one ${expected}` })
    .max(1000, { error: 'at most 1000 items' });
}

/** The id of a rule, a control, a plan. */
export const idSchema: z.ZodType<string> = z
  .string({ error: 'an id' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/u, { error: 'an id of letters, digits, `_`, `.` and `-`' });

/** A JSON pointer that leads somewhere below its root, or `""` where `allowRoot`. */
export function pointerSchema(expected: string, allowRoot = false): z.ZodType<string> {
  const syntax = allowRoot ? /^(?:\/(?:[^~]|~[01])*)?$/u : /^\/(?:[^~]|~[01])*$/u;
  return z.string({ error: expected }).max(1024, { error: expected }).regex(syntax, { error: expected });
}

const DURATION_WORDS = 'a duration such as `250ms`, `5s`, `15m` or `1h`, over 0 and at most 24 h';
const SIZE_WORDS = 'a size such as `512`, `64KiB` or `1MiB`, over 0 and at most 1 GiB';

export const durationSchema: z.ZodType<string> = z
  .string({ error: DURATION_WORDS })
  .refine((value) => parseDuration(value) !== undefined, { error: DURATION_WORDS })
  .meta({ id: 'duration' });

export const sizeSchema: z.ZodType<string | number> = z
  .union([z.string(), z.number()], { error: SIZE_WORDS })
  .refine((value) => parseSize(value) !== undefined, { error: SIZE_WORDS })
  .meta({ id: 'size' });

/** The longest condition, in UTF-16 code units. */
const MAX_CONDITION_LENGTH = 4096;

const CONDITION_WORDS = 'a condition in CEL, such as `arguments.amount > 50`';

export const conditionSchema: z.ZodType<string> = z
  .string({ error: CONDITION_WORDS })
  .min(1, { error: CONDITION_WORDS })
  .max(MAX_CONDITION_LENGTH, { error: `${CONDITION_WORDS}, of at most ${MAX_CONDITION_LENGTH} characters` })
  .meta({ id: 'condition' });

export const ringSchema: z.ZodType<0 | 1 | 2 | 3> = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)], {
  error: 'a ring: `0`, `1`, `2` or `3`',
});

export const stageSchema: z.ZodType<'off' | 'observe' | 'enforce'> = words('off', 'observe', 'enforce');

export const effectSchema: z.ZodType<'read' | 'write' | 'destructive'> = words('read', 'write', 'destructive');
