import * as z from 'zod';

/**
 * The closed schema of a kind's keys. The message of an unknown key is the list of known ones, as the policy's loader wants it; the
 * message of every other error is what was expected there.
 */
export function specification<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : 'an object of keywords'),
  });
}

/** One of some words. */
export function word<const Words extends readonly [string, ...string[]]>(
  ...options: Words
): z.ZodEnum<{ [Word in Words[number]]: Word }> {
  return z.enum(options, { error: `one of ${options.map((name) => `\`${name}\``).join(', ')}` });
}

/** A list of 1 to 1,000 texts, each of 1 to 1,024 UTF-16 code units. */
export function texts(expected: string): z.ZodArray<z.ZodString> {
  const item = z.string({ error: expected }).min(1, { error: expected }).max(1024, { error: expected });
  return z
    .array(item, { error: `a list of ${expected}` })
    .min(1, { error: `a list of at least one ${expected}` })
    .max(1000, { error: 'at most 1000 items' });
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodNumber {
  const error = `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

/** `true` or `false`. */
export function flag(): z.ZodBoolean {
  return z.boolean({ error: '`true` or `false`' });
}
