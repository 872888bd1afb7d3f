import type { JsonValue } from '@callgate/canonical';

import type { EmailProblem } from './problems.ts';

/** One text that should be an address, with its place. */
export interface Recipient {
  readonly text: string;
  readonly pointer: string;
}

/** Which shapes of a value are accepted. */
export interface RecipientShape {
  readonly acceptsText: boolean;
  readonly acceptsList: boolean;
  readonly separator: ',' | ';' | undefined;
  readonly maxRecipients: number;
}

/** The longest text: addresses with a separator and spaces. */
const MAX_LENGTH_EACH = 260;

/** The texts in a value that should each be an address, or why there are none to look at. */
export function splitRecipients(value: JsonValue, shape: RecipientShape): readonly Recipient[] | EmailProblem {
  const { acceptsText, acceptsList, maxRecipients, separator } = shape;
  if (typeof value === 'string' && acceptsText) {
    if (separator === undefined) return value === '' ? EMPTY : [{ text: value, pointer: '' }];
    if (value.length > maxRecipients * MAX_LENGTH_EACH) return tooMany(maxRecipients);
    const texts = value.split(separator);
    if (texts.length > maxRecipients) return tooMany(maxRecipients);
    return value === '' ? EMPTY : texts.map((text) => ({ text: trimSpaces(text), pointer: '' }));
  }
  if (Array.isArray(value) && acceptsList) {
    if (value.length === 0) return EMPTY;
    if (value.length > maxRecipients) return tooMany(maxRecipients);
    return value.map((item, index) => ({ text: typeof item === 'string' ? item : '', pointer: `/${index}` }));
  }
  const expected = acceptsText ? (acceptsList ? 'one address or a list of them' : 'text') : 'a list of addresses';
  return { code: 'email.form', expected, got: 'a value of another type' };
}

const EMPTY: EmailProblem = { code: 'email.empty', expected: 'at least one address', got: 'none' };

function tooMany(most: number): EmailProblem {
  const expected = most === 1 ? 'one address' : `at most ${most} addresses`;
  return { code: 'email.too_many', expected, got: 'more', hint: `give ${expected}` };
}

/** Without one space on either side; more, and other white space, are no part of a separator. */
function trimSpaces(text: string): string {
  return text.slice(text.startsWith(' ') ? 1 : 0, text.endsWith(' ') ? -1 : undefined);
}
