import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, CompiledKind, KindProblem, ValueType } from '@callgate/policy';

/** What a kind says of one value. */
export interface ValueVerdict {
  readonly verdict: 'pass' | 'fail' | 'error';
  /** That of the first problem; null for a value that passes. */
  readonly code: string | null;
  readonly problems: readonly KindProblem[];
}

const PASS: ValueVerdict = Object.freeze({ verdict: 'pass', code: null, problems: Object.freeze([]) });

/** Judges a value as an envelope does: by its JSON type, then by the kind. */
export function judgeValue(kind: ArgumentKind, compiled: CompiledKind, value: JsonValue): ValueVerdict {
  const problems = kind.types.some((type) => isOfType(value, type))
    ? problemsOf(compiled, value)
    : [typeProblem(compiled, value)];
  const [first] = problems;
  return first === undefined ? PASS : { verdict: first.verdict, code: first.code, problems };
}

/** A kind that throws has a defect: the value then counts as one that it could not judge. */
function problemsOf(compiled: CompiledKind, value: JsonValue): readonly KindProblem[] {
  try {
    return compiled.check(value);
  } catch {
    const got = 'a value that could not be evaluated';
    return [{ code: `${compiled.kind}.evaluation`, verdict: 'error', pointer: '', expected: compiled.expected, got }];
  }
}

function typeProblem(compiled: CompiledKind, value: JsonValue): KindProblem {
  return { code: 'type', verdict: 'fail', pointer: '', expected: compiled.expected, got: shapeOf(value) };
}

function isOfType(value: JsonValue, type: ValueType): boolean {
  if (type === 'any') return true;
  if (type === 'integer') return Number.isInteger(value);
  return type === typeOf(value);
}

function typeOf(value: JsonValue): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}

function shapeOf(value: JsonValue): string {
  const type = typeOf(value);
  if (type === 'null') return 'null';
  return type === 'array' || type === 'object' ? `an ${type}` : `a ${type}`;
}
