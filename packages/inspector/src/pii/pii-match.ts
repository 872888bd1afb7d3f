import type { Fuel } from '../fuel.ts';

/** The classes of personal data, as policies name them. */
export type PiiCategory = 'email' | 'phone' | 'card' | 'iban' | 'national-id' | 'ip-address';

/** Personal data in a text. */
export interface PiiMatch {
  readonly category: PiiCategory;
  /** UTF-16 code units into the text. */
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** Where a class is looked for. */
export interface PiiText {
  readonly text: string;
  /** The name of the member whose value it is. */
  readonly field: string | undefined;
  readonly fuel: Fuel;
  readonly report: (match: PiiMatch) => void;
}

/** How much text before a number says what it is. */
const CONTEXT = 48;

/** Whether words beside the number say what it is: those before it, or the name of the member that is the number. */
export function isCalled(words: RegExp, { text, field, fuel }: PiiText, start: number): boolean {
  fuel.spend(CONTEXT / 4);
  if (words.test(text.slice(Math.max(0, start - CONTEXT), start))) return true;
  return field !== undefined && field.length < 80 && words.test(field.replaceAll(/(?<=[a-z])(?=[A-Z])|[_-]/gu, ' '));
}
