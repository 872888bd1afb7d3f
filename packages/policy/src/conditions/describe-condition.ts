import { excerpt, isJsonArray, type JsonValue } from '@callgate/canonical';

import type { ConditionAtom, ConditionTree } from './condition-tree.ts';
import type { Condition } from './condition.ts';
import { pathText } from './path-text.ts';
import { isoText } from './time-text.ts';

const SHOWN_VALUES = 8;

/**
 * What a condition says, in words for people: `` `arguments.amount` above 50 and `principal.tenant` is `acme` ``. Values are the
 * policy's own. What cannot be taken apart stands as its author wrote it.
 */
export function describeCondition({ tree }: Pick<Condition, 'tree'>): string {
  return describeTree(tree);
}

/** What one part of a condition says. */
export function describeTree(tree: ConditionTree): string {
  switch (tree.kind) {
    case 'atom':
      return describeAtom(tree);
    case 'all':
      return tree.terms
        .map((term) => (term.kind === 'any' ? `(${describeTree(term)})` : describeTree(term)))
        .join(' and ');
    case 'any':
      return tree.terms
        .map((term) => (term.kind === 'all' ? `(${describeTree(term)})` : describeTree(term)))
        .join(' or ');
    case 'not':
      return tree.term.kind === 'atom' ? describeAtom(tree.term, false) : `not ${describeTree(tree.term)}`;
    case 'constant':
      return tree.value ? 'always' : 'never';
    case 'opaque':
      return `\`${tree.text}\``;
  }
}

function describeAtom({ path, operator, value, ofSize, zone }: ConditionAtom, holds = true): string {
  const place = `\`${excerpt(pathText(path))}\``;
  const subject = ofSize ? `the size of ${place}` : path.length === 1 && path[0] === 'now' ? 'the time' : place;
  const words = literal(path, value);
  const not = holds ? '' : 'not ';
  switch (operator) {
    case '==':
      return `${subject} is ${words}`;
    case '!=':
      return `${subject} is not ${words}`;
    case '<':
      return `${subject} ${isTime(path) ? 'before' : 'below'} ${words}`;
    case '<=':
      return `${subject} at most ${words}`;
    case '>':
      return `${subject} ${isTime(path) ? 'after' : 'above'} ${words}`;
    case '>=':
      return `${subject} at least ${words}`;
    case 'in':
      return `${subject} ${not}one of ${listWords(value)}`;
    case 'includes':
      return `${subject} ${holds ? 'with' : 'without'} ${words}`;
    case 'has':
      return `${subject} ${holds ? 'given' : 'absent'}`;
    case 'startsWith':
      return `${subject} ${holds ? 'beginning' : 'not beginning'} with ${words}`;
    case 'endsWith':
      return `${subject} ${holds ? 'ending' : 'not ending'} with ${words}`;
    case 'contains':
      return `${subject} ${holds ? 'with' : 'without'} ${words} in it`;
    case 'matches':
      return `${subject} ${holds ? 'matching' : 'not matching'} ${words}`;
    case 'window':
      return `${subject} ${holds ? 'within' : 'outside'} ${words} (${zone ?? 'UTC'})`;
  }
}

function isTime(path: readonly string[]): boolean {
  return path.length === 1 && path[0] === 'now';
}

function literal(path: readonly string[], value: JsonValue): string {
  if (isTime(path) && typeof value === 'number') return `\`${isoText(value)}\``;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return `\`${excerpt(typeof value === 'string' ? value : JSON.stringify(value), 60)}\``;
}

function listWords(value: JsonValue): string {
  const items = isJsonArray(value) ? value : [value];
  const shown = items.slice(0, SHOWN_VALUES).map((item) => literal([], item));
  const rest = items.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
