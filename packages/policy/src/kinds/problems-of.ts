import type { JsonValue } from '@callgate/canonical';

import type { CompiledKind, KindProblem } from './kind.ts';

/** What a kind finds wrong with a value. A kind that throws has a defect: the value then counts as one it could not judge. */
export function problemsOf(kind: CompiledKind, value: JsonValue): readonly KindProblem[] {
  try {
    return kind.check(value);
  } catch {
    return [
      {
        code: `${kind.kind}.evaluation`,
        verdict: 'error',
        pointer: '',
        expected: kind.expected,
        got: 'a value that could not be evaluated',
      },
    ];
  }
}
