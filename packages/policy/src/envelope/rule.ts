import type { JsonValue } from '@callgate/canonical';

/** One keyword of a schema, compiled. */
export interface Rule<Value extends JsonValue = JsonValue> {
  /** The keyword, which is the code of a violation. */
  readonly code: string;
  /** Pure, and linear in the size of the value. May throw, which counts as an evaluation error. */
  test(value: Value): boolean;
  /** In words, what a value that fails is. */
  got(value: Value): string;
}
