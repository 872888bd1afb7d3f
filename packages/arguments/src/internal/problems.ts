import type { JsonValue } from '@callgate/canonical';
import type { KindProblem } from '@callgate/policy';

/** Makes problems of one kind: `<kind>.<what was found>`. */
export interface ProblemMaker<Code extends string> {
  /** Judged, and refused. */
  readonly fail: (code: Code, got: string, hint?: string, pointer?: string) => KindProblem;
  /** Could not be judged. */
  readonly error: (code: Code, got: string, hint?: string, pointer?: string) => KindProblem;
}

/** The problems of a kind whose codes are `Code`, in all of which `expected` is what would pass. */
export function problemsFor<Code extends string>(expected: string): ProblemMaker<Code> {
  const make = (
    verdict: KindProblem['verdict'],
    code: Code,
    got: string,
    hint: string | undefined,
    pointer: string,
  ): KindProblem => ({ code, verdict, pointer, expected, got, ...(hint === undefined ? {} : { hint }) });
  return {
    fail: (code, got, hint, pointer = '') => make('fail', code, got, hint, pointer),
    error: (code, got, hint, pointer = '') => make('error', code, got, hint, pointer),
  };
}

/** The JSON type of a value, with its article. */
export function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
