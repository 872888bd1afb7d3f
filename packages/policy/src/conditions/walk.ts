import type { Expression } from './expression.ts';

/** The number of parts of an expression, itself included. */
export function sizeOfExpression(expression: Expression): number {
  return childrenOf(expression).reduce((size, child) => size + sizeOfExpression(child), 1);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'number':
    case 'name':
      return [];
    case 'select':
    case 'has':
      return [expression.target];
    case 'index':
      return [expression.target, expression.index];
    case 'logic':
      return expression.terms;
    case 'not':
    case 'negate':
      return [expression.operand];
    case 'compare':
    case 'arithmetic':
    case 'in':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise];
    case 'call':
      return [...(expression.target === undefined ? [] : [expression.target]), ...expression.arguments];
    case 'macro':
      return [expression.range, ...(expression.filter === undefined ? [] : [expression.filter]), expression.body];
    case 'list':
      return expression.items;
    case 'map':
      return expression.entries.flat();
  }
}
