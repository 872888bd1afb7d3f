import type { MacroName } from './expression.ts';
import type { Failure, Result, Value } from './value.ts';

/** What a macro makes of one item after the other. */
interface Fold {
  /** Takes what the body gave for an item; anything but undefined ends the macro with it. */
  readonly take: (item: Value, result: Result) => Result | undefined;
  readonly end: () => Result;
}

/**
 * A fresh fold.
 *
 * @param wrong the failure for a result that is no boolean
 * @param isValue whether a result is a value and not a failure
 */
export function createFold(
  name: Exclude<MacroName, 'all' | 'exists'>,
  wrong: (result: Result) => Failure,
  isValue: (result: Result) => result is Value,
): Fold {
  switch (name) {
    case 'exists_one':
      return counter(wrong);
    case 'filter':
      return filtering(wrong);
    case 'map':
      return mapping(isValue);
  }
}

function counter(wrong: (result: Result) => Failure): Fold {
  let count = 0;
  return {
    take: (_, result) => {
      if (result === true) count += 1;
      return typeof result === 'boolean' ? undefined : wrong(result);
    },
    end: () => count === 1,
  };
}

function filtering(wrong: (result: Result) => Failure): Fold {
  const kept: Value[] = [];
  return {
    take: (item, result) => {
      if (result === true) kept.push(item);
      return typeof result === 'boolean' ? undefined : wrong(result);
    },
    end: () => kept,
  };
}

function mapping(isValue: (result: Result) => result is Value): Fold {
  const mapped: Value[] = [];
  return {
    take: (_, result) => {
      if (!isValue(result)) return result;
      mapped.push(result);
      return undefined;
    },
    end: () => mapped,
  };
}
