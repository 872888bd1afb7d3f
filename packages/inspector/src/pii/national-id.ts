/** A number by which a state knows a person. */
export interface NationalId {
  /** ISO 3166-1 and the name of the number. */
  readonly name: string;
  /** How it is written: counts of digits with what separates them. */
  readonly shapes: readonly string[];
  /** Shapes that many other numbers have: only where words beside it say what it is. */
  readonly plainShapes?: readonly string[];
  readonly words?: RegExp;
  /** Whether digits, without separators, are one. */
  readonly isValid: (digits: string) => boolean;
}

/** The same of a number with letters, which its form tells. */
export interface LetteredId {
  readonly name: string;
  /** All of the text, in upper case, without separators. */
  readonly form: RegExp;
  readonly isValid: (id: string) => boolean;
  /** Needed where many other texts have the form. */
  readonly words?: RegExp;
}
