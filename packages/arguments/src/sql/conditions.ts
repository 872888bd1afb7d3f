import type { Expression } from './model.ts';

/**
 * Whether a condition narrows what a statement touches, as far as it shows: it depends on a column, and does not hold for all rows by
 * its form (`true`, `1 = 1`, `id = id`, `name LIKE '%'`, `id = 3 OR true`).
 */
export function narrows(condition: Expression | undefined): boolean {
  if (condition === undefined) return false;
  switch (condition.kind) {
    case 'column':
      return true;
    case 'constant':
    case 'parameter':
    case 'star':
      return false;
    case 'logic':
      return condition.operator === 'or' ? condition.parts.every(narrows) : condition.parts.some(narrows);
    case 'comparison':
      if (isSameColumn([condition.left, condition.right])) return false;
      if (condition.pattern && matchesAll(condition.right)) return false;
      return narrows(condition.left) || narrows(condition.right);
    case 'query':
      return condition.exists
        ? condition.query.kind === 'select' && narrows(condition.query.where)
        : condition.parts.some(narrows);
    case 'call':
      return condition.parts.some(narrows);
    case 'composite':
      return !isSameColumn(condition.parts) && condition.parts.some(narrows);
  }
}

/** Whether several sides are all one column: `id = id`, `id IN (id)`, `id BETWEEN id AND id`. */
function isSameColumn(sides: readonly Expression[]): boolean {
  const columns = sides.flatMap((side) => (side.kind === 'composite' ? side.parts : [side]));
  const [first, ...others] = columns;
  if (first?.kind !== 'column' || others.length === 0) return false;
  // `m.id = id` may be one column: only the names are compared.
  return others.every((other) => other.kind === 'column' && other.name === first.name && isOneTable(first, other));
}

function isOneTable(
  left: { readonly qualifiers: readonly string[] },
  right: { readonly qualifiers: readonly string[] },
): boolean {
  const [one, other] = [left.qualifiers.at(-1), right.qualifiers.at(-1)];
  return one === undefined || other === undefined || one === other;
}

/** A pattern of wildcards alone. */
function matchesAll(pattern: Expression): boolean {
  return pattern.kind === 'constant' && typeof pattern.value === 'string' && /^[%*]+$/u.test(pattern.value);
}
