import {
  gotWords,
  sourceOf,
  unusable,
  wrongKind,
  expectKinds,
  type Compilation,
  type Compiled,
} from './compilation.ts';
import type { ArithmeticOperator, ExpressionOf } from './expression.ts';
import { OUT_OF_FUEL, spend, spendText } from './fuel.ts';
import {
  DOUBLE,
  DURATION,
  INT,
  LIST,
  NUMBER,
  STRING,
  TIMESTAMP,
  itemsOf,
  kindsWords,
  typeOfKinds,
  union,
  type StaticType,
} from './static-type.ts';
import { addTicks, negatedTicks } from './time-arithmetic.ts';
import { Duration, Failure, Timestamp, isList, type Evaluate, type Result, type Scope } from './value.ts';

/** What an operator makes of which kinds: left, right, result. Ints and doubles do not mix, as in CEL. */
const OVERLOADS: Readonly<Record<ArithmeticOperator, readonly (readonly [number, number, number])[]>> = {
  '+': [
    [INT, INT, INT],
    [DOUBLE, DOUBLE, DOUBLE],
    [STRING, STRING, STRING],
    [LIST, LIST, LIST],
    [TIMESTAMP, DURATION, TIMESTAMP],
    [DURATION, TIMESTAMP, TIMESTAMP],
    [DURATION, DURATION, DURATION],
  ],
  '-': [
    [INT, INT, INT],
    [DOUBLE, DOUBLE, DOUBLE],
    [TIMESTAMP, TIMESTAMP, DURATION],
    [TIMESTAMP, DURATION, TIMESTAMP],
    [DURATION, DURATION, DURATION],
  ],
  '*': [
    [INT, INT, INT],
    [DOUBLE, DOUBLE, DOUBLE],
  ],
  '/': [
    [INT, INT, INT],
    [DOUBLE, DOUBLE, DOUBLE],
  ],
  '%': [[INT, INT, INT]],
};

/** `+`, `-`, `*`, `/`, `%`. A result that is no exact integer, or no finite number, is an error. */
export function compileArithmetic(node: ExpressionOf<'arithmetic'>, compilation: Compilation): Compiled {
  const left = compilation.compile(node.left);
  const right = compilation.compile(node.right);
  const fitting = OVERLOADS[node.operator].filter(
    ([one, other]) => (left.type.kinds & one) !== 0 && (right.type.kinds & other) !== 0,
  );
  const resultKinds = fitting.reduce((kinds, [, , result]) => kinds | result, 0);
  if (!isDecided(node, left, right, resultKinds, compilation)) return unusable();
  const mismatch = new Failure(
    'type',
    `expected values that \`${node.operator}\` takes at \`${sourceOf(compilation, node)}\`, got others`,
  );
  const apply = operation(node.operator, (resultKinds & INT) !== 0, mismatch);
  if (node.operator === '+') compilation.needScope();
  return {
    type: resultType(resultKinds, left.type, right.type),
    run: (input, scope) => {
      const one = left.run(input, scope);
      if (one instanceof Failure) return one;
      const other = right.run(input, scope);
      return other instanceof Failure ? other : apply(one, other, scope);
    },
  };
}

/** Whether there is an overload, and if it is about numbers, one. */
function isDecided(
  node: ExpressionOf<'arithmetic'>,
  left: Compiled,
  right: Compiled,
  resultKinds: number,
  compilation: Compilation,
): boolean {
  const { operator } = node;
  const areNumbers = (left.type.kinds & NUMBER) !== 0 && (right.type.kinds & NUMBER) !== 0;
  if (resultKinds !== 0 && (resultKinds & NUMBER) !== NUMBER && !(areNumbers && isMixed(left.type, right.type))) {
    return true;
  }
  if (areNumbers) {
    const expected =
      operator === '%'
        ? 'whole numbers: `int(…)` makes one'
        : 'numbers of one kind: beside a number of the call write `2.0` and not `2`, or convert with `double(…)`';
    const got = `${numberWords(left.type)} and ${numberWords(right.type)} for \`${operator}\``;
    compilation.issues.add(node, expected, got);
    return false;
  }
  const expected = `a value that \`${operator}\` takes beside ${kindsWords(left.type.kinds)}`;
  compilation.issues.add(node.right, expected, gotWords(compilation, node.right, right));
  return false;
}

/** Whether one side is known to be an int, and the other could be either. */
function isMixed(left: StaticType, right: StaticType): boolean {
  return (left.kinds & NUMBER) === NUMBER || (right.kinds & NUMBER) === NUMBER;
}

function numberWords(type: StaticType): string {
  const kinds = type.kinds & NUMBER;
  return kinds === INT ? 'an integer' : kinds === DOUBLE ? 'a number of the call or with a fraction' : 'either';
}

function resultType(kinds: number, left: StaticType, right: StaticType): StaticType {
  if ((kinds & LIST) === 0) return typeOfKinds(kinds);
  const items = union([itemsOf(left), itemsOf(right)]);
  return { kinds, items: () => items };
}

type Operation = (left: Exclude<Result, Failure>, right: Exclude<Result, Failure>, scope: Scope) => Result;

function operation(operator: ArithmeticOperator, isInteger: boolean, mismatch: Failure): Operation {
  const onNumbers = isInteger ? INTEGER_OPERATIONS[operator] : DOUBLE_OPERATIONS[operator];
  const onOthers = operator === '+' ? add : operator === '-' ? subtract : () => undefined;
  return (left, right, scope) =>
    typeof left === 'number' && typeof right === 'number'
      ? onNumbers(left, right)
      : (onOthers(left, right, scope) ?? mismatch);
}

const OVERFLOW = new Failure('evaluation', 'the result is beyond what a number can hold');
const BY_ZERO = new Failure('evaluation', 'a division by zero');

type NumberOperation = (left: number, right: number) => number | Failure;

// CEL's ints have 64 bits and its doubles know infinity; here both end where a number stops being exact or finite
const whole = (result: number): number | Failure => (Number.isSafeInteger(result) ? result + 0 : OVERFLOW);
const finite = (result: number): number | Failure => (Number.isFinite(result) ? result : OVERFLOW);

const INTEGER_OPERATIONS: Readonly<Record<ArithmeticOperator, NumberOperation>> = {
  '+': (left, right) => whole(left + right),
  '-': (left, right) => whole(left - right),
  '*': (left, right) => whole(left * right),
  '/': (left, right) => (right === 0 ? BY_ZERO : whole(Math.trunc(left / right))),
  '%': (left, right) => (right === 0 ? BY_ZERO : whole(left % right)),
};

const DOUBLE_OPERATIONS: Readonly<Record<ArithmeticOperator, NumberOperation>> = {
  '+': (left, right) => finite(left + right),
  '-': (left, right) => finite(left - right),
  '*': (left, right) => finite(left * right),
  '/': (left, right) => (right === 0 ? BY_ZERO : finite(left / right)),
  '%': () => OVERFLOW,
};

const add = (left: Result, right: Result, scope: Scope): Result | undefined => {
  if (typeof left === 'string' && typeof right === 'string') {
    return spendText(scope, left.length + right.length) ? left + right : OUT_OF_FUEL;
  }
  if (isList(left) && isList(right)) {
    return spend(scope, left.length + right.length) ? [...left, ...right] : OUT_OF_FUEL;
  }
  return addTicks(left, right);
};

const subtract = (left: Result, right: Result): Result | undefined => {
  if (left instanceof Timestamp && right instanceof Timestamp) {
    return addTicks(new Duration(left.ms, left.nanos), negatedTicks(right));
  }
  return right instanceof Duration ? addTicks(left, negatedTicks(right)) : undefined;
};

/** A minus sign before anything but a number. */
export function compileNegate(node: ExpressionOf<'negate'>, compilation: Compilation): Compiled {
  const operand = compilation.compile(node.operand);
  if (!expectKinds(compilation, node.operand, operand, NUMBER)) return unusable();
  const wrong = wrongKind(compilation, node.operand, 'a number');
  const run: Evaluate = (input, scope) => {
    const value = operand.run(input, scope);
    return typeof value === 'number' ? 0 - value : wrong(value);
  };
  return { type: typeOfKinds(operand.type.kinds & NUMBER), run };
}
