import * as z from 'zod';

import { specification, whole, word } from '../internal/specification.ts';

/** The keys of `{ kind: time }`. */
export interface TimeSpecification {
  /** How one moment is written. Default `date-time` (RFC 3339). */
  readonly form?: TimeForm;
  /** The value is two moments: one text with a slash between them, or an object. Default: one moment. */
  readonly interval?: 'text' | 'object';
  /** The names of the two members of an interval that is an object. Default `from` and `to`. */
  readonly members?: readonly string[];
  /** Offsets of `date-time` and `time`. Default `offset`: one is required, any passes; of `time`: `none`. */
  readonly zone?: 'offset' | 'utc' | 'none';
  /** The most digits of a fraction of a second, 0 to 9. Default 9. */
  readonly fraction?: number;
  /** The first moment that passes, written in the form (for numbers: as an RFC 3339 date-time). Default: the year 1. */
  readonly earliest?: string;
  /** The last moment that passes. Default: the year 9999. */
  readonly latest?: string;
  /** The longest interval: `90s`, `15m`, `24h`, `31d`, `4w`. */
  readonly maxSpan?: string;
}

export type TimeForm = 'date-time' | 'date' | 'time' | 'epoch-seconds' | 'epoch-ms';

function text(expected: string): z.ZodString {
  return z.string({ error: expected }).min(1, { error: expected }).max(64, { error: expected });
}

/** The schema of {@link TimeSpecification}. */
export const timeSpecification: z.ZodObject & z.ZodType<TimeSpecification> = specification({
  form: word('date-time', 'date', 'time', 'epoch-seconds', 'epoch-ms')
    .describe('How one moment is written. Default `date-time` (RFC 3339).')
    .exactOptional(),
  interval: word('text', 'object')
    .describe('The value is two moments: one text with a slash between them, or an object. Default: one moment.')
    .exactOptional(),
  members: z
    .array(text('a name'), { error: 'two names' })
    .length(2, { error: 'two names' })
    .describe('The names of the two members of an interval that is an object. Default `from` and `to`.')
    .exactOptional(),
  zone: word('offset', 'utc', 'none')
    .describe('Offsets of `date-time` and `time`. Default `offset`: one is required, any passes; of `time`: `none`.')
    .exactOptional(),
  fraction: whole(0, 9).describe('The most digits of a fraction of a second. Default 9.').exactOptional(),
  earliest: text('a moment').describe('The first moment that passes. Default: the year 1.').exactOptional(),
  latest: text('a moment').describe('The last moment that passes. Default: the year 9999.').exactOptional(),
  maxSpan: text('a length of time such as `31d`')
    .describe('The longest interval: `90s`, `15m`, `24h`, `31d`, `4w`.')
    .exactOptional(),
});
