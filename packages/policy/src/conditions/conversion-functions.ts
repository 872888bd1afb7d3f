import type { CallRule } from './call.ts';
import { wrongKind } from './compilation.ts';
import { DOUBLE, INT, STRING, TIMESTAMP, typeOfKinds } from './static-type.ts';
import { Failure, Timestamp, type Evaluate, type Result } from './value.ts';

const NO_INTEGER = new Failure('evaluation', 'expected what is an integer of at most 2^53 - 1, got something else');
const NO_NUMBER = new Failure('evaluation', 'expected a string that is a number, got another');

const INTEGER = /^[+-]?\d{1,19}$/u;
const NUMBER_TEXT = /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/u;

/** Conversions between kinds of numbers, and from strings that are numbers. Nothing is converted without one. */
export const CONVERSION_FUNCTIONS: Readonly<Record<string, CallRule>> = {
  int: {
    usage: 'int(value)',
    form: 'function',
    parts: [INT | DOUBLE | STRING | TIMESTAMP],
    compile: ([part], _node, compilation) => {
      const wrong = wrongKind(compilation, part.node, 'a number, a string or a timestamp');
      const run: Evaluate = (input, scope) => {
        const value = part.run(input, scope);
        return toInteger(value) ?? wrong(value);
      };
      return { type: typeOfKinds(INT), run };
    },
  },
  double: {
    usage: 'double(value)',
    form: 'function',
    parts: [INT | DOUBLE | STRING],
    compile: ([part], _node, compilation) => {
      const wrong = wrongKind(compilation, part.node, 'a number or a string');
      const run: Evaluate = (input, scope) => {
        const value = part.run(input, scope);
        return typeof value === 'number' ? value : typeof value === 'string' ? toDouble(value) : wrong(value);
      };
      return { type: typeOfKinds(DOUBLE), run };
    },
  },
};

/** A fraction is cut off, as in CEL. A timestamp becomes whole seconds since 1970. */
function toInteger(value: Result): number | Failure | undefined {
  if (typeof value === 'number') return exact(Math.trunc(value));
  if (typeof value === 'string') return INTEGER.test(value) ? exact(Number(value)) : NO_INTEGER;
  return value instanceof Timestamp ? Math.floor(value.ms / 1000) : undefined;
}

function exact(value: number): number | Failure {
  return Number.isSafeInteger(value) ? value + 0 : NO_INTEGER;
}

function toDouble(text: string): number | Failure {
  const value = NUMBER_TEXT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : NO_NUMBER;
}
