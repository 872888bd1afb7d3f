import { atomOf } from './atoms.ts';
import {
  gotWords,
  jsonOf,
  sourceOf,
  unusable,
  wrongKind,
  type Compilation,
  type Compiled,
  type Constant,
} from './compilation.ts';
import type { AtomOperator } from './condition-tree.ts';
import { areEqual } from './equality.ts';
import type { ComparisonOperator, Expression, ExpressionOf } from './expression.ts';
import { LOOP_COST, OUT_OF_FUEL, spendText } from './fuel.ts';
import { compareValues } from './order.ts';
import { NO_SLOT, recall } from './path-slots.ts';
import { BOOL, DURATION, NUMBER, STRING, TIMESTAMP, comparable, kindsWords, typeOfKinds } from './static-type.ts';
import { Failure, Timestamp, kindWords, type Evaluate, type Result } from './value.ts';

const ORDERED = NUMBER | STRING | TIMESTAMP | DURATION;

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

interface Side extends Compiled {
  readonly node: Expression;
}

/** `==`, `!=` and the order of numbers, strings and times. */
export function compileCompare(node: ExpressionOf<'compare'>, compilation: Compilation): Compiled {
  const left = { node: node.left, ...compilation.compile(node.left) };
  const right = { node: node.right, ...compilation.compile(node.right) };
  // a fixed value is easiest dealt with on the right
  const isMirrored = left.constant !== undefined && right.constant === undefined;
  const [one, other] = isMirrored ? [right, left] : [left, right];
  const operator = isMirrored ? MIRRORED[node.operator] : node.operator;
  const type = typeOfKinds(BOOL);
  if (!canCompare(one, operator, other, compilation)) return unusable();
  const run = comparison(one, operator, other, compilation);
  return { type, run, ...atomOfComparison(one, operator, other.constant, run) };
}

function canCompare(left: Side, operator: ComparisonOperator, right: Side, compilation: Compilation): boolean {
  const isEquality = operator === '==' || operator === '!=';
  const allowed = isEquality ? ~0 : ORDERED;
  const leftKinds = comparable(left.type.kinds) & allowed;
  const rightKinds = comparable(right.type.kinds) & allowed;
  for (const [side, kinds] of [
    [left, leftKinds],
    [right, rightKinds],
  ] as const) {
    if (kinds === 0) {
      const expected = 'a number, a string or a time to compare by order';
      compilation.issues.add(side.node, expected, gotWords(compilation, side.node, side));
      return false;
    }
  }
  if ((leftKinds & rightKinds) === 0) {
    const expected = `${kindsWords(leftKinds)} to compare with \`${sourceOf(compilation, left.node)}\``;
    compilation.issues.add(right.node, expected, gotWords(compilation, right.node, right));
    return false;
  }
  const { values } = left.type;
  if (isEquality && values !== undefined && typeof right.constant === 'string' && !values.includes(right.constant)) {
    compilation.issues.addUnknown(right.node, right.constant, values, 'value');
    return false;
  }
  return true;
}

function comparison(left: Side, operator: ComparisonOperator, right: Side, compilation: Compilation): Evaluate {
  const { constant } = right;
  const wrong = wrongKind(compilation, left.node, kindWords(constant));
  if (constant === null) return againstNull(left, operator === '==');
  if (typeof constant === 'number') return againstNumber(left, operator, constant, wrong);
  if (constant instanceof Timestamp) return againstTime(left, HOLDS[operator], constant, wrong);
  if ((operator === '==' || operator === '!=') && (typeof constant === 'string' || typeof constant === 'boolean')) {
    return againstScalar(left, operator === '==', constant, wrong);
  }
  return operator === '==' || operator === '!='
    ? equality(left, operator === '==', right, compilation)
    : ordering(left, operator, right, compilation);
}

function againstNull({ run, slot = NO_SLOT }: Compiled, isEqual: boolean): Evaluate {
  return (input, scope) => {
    const value = recall(scope, slot) ?? run(input, scope);
    return value instanceof Failure ? value : (value === null) === isEqual;
  };
}

/** One function for each operator, so that a call of a condition decides nothing that was known when it was compiled. */
function againstNumber(
  { run, slot = NO_SLOT }: Compiled,
  operator: ComparisonOperator,
  bound: number,
  wrong: (value: Result) => Failure,
): Evaluate {
  switch (operator) {
    case '==':
      return (input, scope) => {
        const value = recall(scope, slot) ?? run(input, scope);
        return typeof value === 'number' ? value === bound : wrong(value);
      };
    case '!=':
      return (input, scope) => {
        const value = recall(scope, slot) ?? run(input, scope);
        return typeof value === 'number' ? value !== bound : wrong(value);
      };
    case '<':
      return (input, scope) => {
        const value = recall(scope, slot) ?? run(input, scope);
        return typeof value === 'number' ? value < bound : wrong(value);
      };
    case '<=':
      return (input, scope) => {
        const value = recall(scope, slot) ?? run(input, scope);
        return typeof value === 'number' ? value <= bound : wrong(value);
      };
    case '>':
      return (input, scope) => {
        const value = recall(scope, slot) ?? run(input, scope);
        return typeof value === 'number' ? value > bound : wrong(value);
      };
    case '>=':
      return (input, scope) => {
        const value = recall(scope, slot) ?? run(input, scope);
        return typeof value === 'number' ? value >= bound : wrong(value);
      };
  }
}

function againstTime(
  { run, slot = NO_SLOT }: Compiled,
  holds: (order: number) => boolean,
  bound: Timestamp,
  wrong: (value: Result) => Failure,
): Evaluate {
  return (input, scope) => {
    const value = recall(scope, slot) ?? run(input, scope);
    return value instanceof Timestamp ? holds(value.ms - bound.ms || value.nanos - bound.nanos) : wrong(value);
  };
}

function againstScalar(
  { run, slot = NO_SLOT }: Compiled,
  isEqual: boolean,
  constant: string | boolean,
  wrong: (value: Result) => Failure,
): Evaluate {
  const kind = typeof constant;
  return (input, scope) => {
    const value = recall(scope, slot) ?? run(input, scope);
    if (value === constant) return isEqual;
    return typeof value === kind ? !isEqual : wrong(value);
  };
}

function equality(left: Side, isEqual: boolean, right: Side, compilation: Compilation): Evaluate {
  const mismatch = mismatchOf(left, right, compilation);
  compilation.needScope();
  return (input, scope) => {
    const one = left.run(input, scope);
    if (one instanceof Failure) return one;
    const other = right.run(input, scope);
    if (other instanceof Failure) return other;
    const equal = areEqual(one, other, scope, mismatch);
    return equal instanceof Failure ? equal : equal === isEqual;
  };
}

function ordering(left: Side, operator: ComparisonOperator, right: Side, compilation: Compilation): Evaluate {
  const mismatch = mismatchOf(left, right, compilation);
  const holds = HOLDS[operator];
  compilation.needScope();
  return (input, scope) => {
    const one = left.run(input, scope);
    if (one instanceof Failure) return one;
    const other = right.run(input, scope);
    if (other instanceof Failure) return other;
    if (typeof one === 'string' && typeof other === 'string') {
      // compared unit by unit, not by the engine
      if (!spendText(scope, LOOP_COST * Math.min(one.length, other.length))) return OUT_OF_FUEL;
    }
    const order = compareValues(one, other);
    return order === undefined ? mismatch : holds(order);
  };
}

const HOLDS: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function mismatchOf(left: Side, right: Side, compilation: Compilation): Failure {
  const sides = `\`${sourceOf(compilation, left.node)}\` and \`${sourceOf(compilation, right.node)}\``;
  return new Failure('type', `expected values of one type at ${sides}, got others`);
}

/** The atom of a comparison of one place with a fixed value; nothing where it is more than that. */
function atomOfComparison(
  left: Side,
  operator: AtomOperator,
  constant: Constant | undefined,
  run: Evaluate,
): ReturnType<typeof atomOf> {
  if (constant instanceof Timestamp) {
    return constant.nanos === 0 ? atomOf(left.path, operator, constant.ms, run) : {};
  }
  if (left.sizeOf !== undefined) return atomOf(left.sizeOf, operator, jsonOf(constant), run, { ofSize: true });
  return atomOf(left.path, operator, jsonOf(constant), run);
}
