import type { Compilation, Compiled } from './compilation.ts';
import { compileArithmetic, compileNegate } from './compile-arithmetic.ts';
import { compileCall } from './compile-call.ts';
import { compileCompare } from './compile-compare.ts';
import { compileIn } from './compile-in.ts';
import { compileList, compileLiteral, compileMap, compileNumber } from './compile-literal.ts';
import { compileConditional, compileLogic, compileNot } from './compile-logic.ts';
import { compileMacro } from './compile-macro.ts';
import { compileHas, compileIndex, compileName, compileSelect } from './compile-select.ts';
import { placed } from './condition-tree.ts';
import type { Expression } from './expression.ts';

/** Checks and compiles one expression with all its parts. What is wrong with it becomes an issue. */
export function compileExpression(node: Expression, compilation: Compilation): Compiled {
  const compiled = compileNode(node, compilation);
  const { tree } = compiled;
  return tree === undefined || tree.span !== undefined ? compiled : { ...compiled, tree: placed(tree, node) };
}

function compileNode(node: Expression, compilation: Compilation): Compiled {
  switch (node.kind) {
    case 'literal':
      return compileLiteral(node);
    case 'number':
      return compileNumber(node);
    case 'name':
      return compileName(node, compilation);
    case 'select':
      return compileSelect(node, compilation);
    case 'index':
      return compileIndex(node, compilation);
    case 'has':
      return compileHas(node, compilation);
    case 'logic':
      return compileLogic(node, compilation);
    case 'not':
      return compileNot(node, compilation);
    case 'negate':
      return compileNegate(node, compilation);
    case 'compare':
      return compileCompare(node, compilation);
    case 'arithmetic':
      return compileArithmetic(node, compilation);
    case 'in':
      return compileIn(node, compilation);
    case 'conditional':
      return compileConditional(node, compilation);
    case 'call':
      return compileCall(node, compilation);
    case 'macro':
      return compileMacro(node, compilation);
    case 'list':
      return compileList(node, compilation);
    case 'map':
      return compileMap(node, compilation);
  }
}
