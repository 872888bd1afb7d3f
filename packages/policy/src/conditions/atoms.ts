import type { JsonValue } from '@callgate/canonical';

import type { AtomOperator, ConditionAtom, ConditionTest } from './condition-tree.ts';
import { createScope } from './fuel.ts';
import { Failure, type Evaluate } from './value.ts';

/** A compiled boolean as something to ask by itself. */
export function testOf(run: Evaluate): ConditionTest {
  const unexpected = new Failure('type', 'expected a boolean');
  return (input) => {
    const result = run(input, createScope());
    return typeof result === 'boolean' || result instanceof Failure ? result : unexpected;
  };
}

/** The atom of a comparison, where it reads one place: `tree` of what is compiled. */
export function atomOf(
  path: readonly string[] | undefined,
  operator: AtomOperator,
  value: JsonValue | undefined,
  run: Evaluate,
  more: { readonly ofSize?: boolean; readonly zone?: string } = {},
): { readonly tree?: ConditionAtom } {
  if (path === undefined || value === undefined) return {};
  return { tree: { kind: 'atom', path, operator, value, ofSize: false, ...more, test: testOf(run) } };
}
