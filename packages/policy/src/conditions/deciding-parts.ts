import { shapeOf } from '../envelope/shape.ts';
import type { ConditionTree } from './condition-tree.ts';
import type { Condition, ConditionError, ConditionInput } from './condition.ts';
import { describeTree } from './describe-condition.ts';
import { readPath } from './read-path.ts';

/** A part of a condition that made it come out as it did. */
export interface DecidingPart {
  /** An atom, its opposite, or what cannot be taken apart. */
  readonly tree: ConditionTree;
  /** What it says, in words. */
  readonly words: string;
  readonly outcome: boolean | ConditionError;
  /** The shape of the value it looked at, in words and never the value; absent where it looked at more than one. */
  readonly got?: string;
}

const MAX_PARTS = 16;

/**
 * The parts of a condition that made it true, false or an error for a call: of terms that must all hold those that do not, or
 * all where it is true; and the other way round for alternatives. At most 16.
 */
export function decidingParts({ tree }: Pick<Condition, 'tree'>, input: ConditionInput): readonly DecidingPart[] {
  return decidingTrees(tree, input)
    .slice(0, MAX_PARTS)
    .map((part) => partOf(part, input));
}

function partOf(tree: ConditionTree, input: ConditionInput): DecidingPart {
  const words = describeTree(tree);
  const outcome = tree.test(input);
  const atom = tree.kind === 'not' ? tree.term : tree;
  return atom.kind === 'atom' ? { tree, words, outcome, got: shapeAt(input, atom.path) } : { tree, words, outcome };
}

function shapeAt(input: ConditionInput, path: readonly string[]): string {
  if (path.length > 1 || path[0] !== 'now') return shapeOf(readPath(input, path));
  return input.now === undefined ? 'no time' : 'a time';
}

function decidingTrees(tree: ConditionTree, input: ConditionInput): readonly ConditionTree[] {
  if (tree.kind !== 'all' && tree.kind !== 'any') return [tree];
  const outcome = tree.test(input);
  const concerned = tree.terms.filter((term) => {
    const result = term.test(input);
    return typeof outcome === 'boolean' ? result === outcome : typeof result !== 'boolean';
  });
  return concerned.flatMap((term) => decidingTrees(term, input));
}
