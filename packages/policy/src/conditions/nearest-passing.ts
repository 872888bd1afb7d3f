import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { atomHolds } from './atom-holds.ts';
import type { ConditionAtom, ConditionTree } from './condition-tree.ts';
import type { Condition, ConditionInput } from './condition.ts';
import { readPath } from './read-path.ts';

/** A change to one value of the input. */
export interface ConditionChange {
  /** Begins with `arguments`, `principal`, `run` or `now`: the rest of a call is not the caller's to change. */
  readonly path: readonly string[];
  /** What to set it to; undefined: leave it out. */
  readonly value: JsonValue | undefined;
}

const MAX_WAYS = 16;
const QUARTER_HOUR_MS = 900_000;
/** How far ahead an open window is looked for: a week and a day, in quarter hours. */
const MAX_QUARTERS = 8 * 24 * 4;

type Way = readonly ConditionChange[];

/**
 * The smallest changes found that make a condition come out as wanted, fewest first; each is tried on the condition before it is
 * offered. Empty: none was found, which says nothing of whether there are any. The empty change: it does already. At most 16.
 */
export function nearestPassing(
  condition: Pick<Condition, 'tree' | 'evaluate'>,
  input: ConditionInput,
  wanted: boolean,
): readonly Way[] {
  return waysTo(condition.tree, input, wanted)
    .filter((way) => condition.evaluate(withChanges(input, way)) === wanted)
    .toSorted((left, right) => left.length - right.length)
    .slice(0, MAX_WAYS);
}

/** A copy of the input with the changes made. */
export function withChanges(input: ConditionInput, changes: readonly ConditionChange[]): ConditionInput {
  return changes.reduce(withChange, input);
}

function withChange(input: ConditionInput, { path: [variable, ...names], value }: ConditionChange): ConditionInput {
  switch (variable) {
    case 'arguments':
      return { ...input, arguments: withMember(input.arguments, names, value) };
    case 'principal':
      return { ...input, principal: withMember({ ...input.principal }, names, value) };
    case 'run':
      return { ...input, run: typeof value === 'string' ? value : undefined };
    case 'now':
      return { ...input, now: typeof value === 'number' ? value : undefined };
    default:
      return input;
  }
}

function withMember(object: JsonObject, [name, ...rest]: readonly string[], value: JsonValue | undefined): JsonObject {
  if (name === undefined) return object;
  const others = Object.entries(object).filter(([key]) => key !== name);
  const inner = own(object, name);
  const member = rest.length === 0 ? value : withMember(isJsonObject(inner) ? inner : {}, rest, value);
  return Object.fromEntries(member === undefined ? others : [...others, [name, member]]);
}

function waysTo(tree: ConditionTree, input: ConditionInput, wanted: boolean): readonly Way[] {
  if (tree.test(input) === wanted) return [[]];
  switch (tree.kind) {
    case 'not':
      return waysTo(tree.term, input, !wanted);
    case 'constant':
    case 'opaque':
      return [];
    case 'atom':
      return waysOfAtom(tree, input, wanted);
    case 'all':
    case 'any':
      return (tree.kind === 'all') === wanted
        ? waysToEach(tree.terms, input, wanted)
        : tree.terms.flatMap((term) => waysTo(term, input, wanted)).slice(0, MAX_WAYS);
  }
}

/** Ways that deal with all of the terms at once, one after the other: what changes for one may do for the next. */
function waysToEach(terms: readonly ConditionTree[], input: ConditionInput, wanted: boolean): readonly Way[] {
  let ways: readonly Way[] = [[]];
  for (const term of terms) {
    ways = ways
      .flatMap((way) => waysTo(term, withChanges(input, way), wanted).map((more) => merged(way, more)))
      .slice(0, MAX_WAYS);
  }
  return ways;
}

/** Later changes of a place replace earlier ones. */
function merged(way: Way, more: Way): Way {
  const changed = new Set(more.map(({ path }) => JSON.stringify(path)));
  return [...way.filter(({ path }) => !changed.has(JSON.stringify(path))), ...more];
}

function waysOfAtom(atom: ConditionAtom, input: ConditionInput, wanted: boolean): readonly Way[] {
  const { path, operator } = atom;
  if (operator === 'window') return windowWays(atom, input, wanted);
  if (operator === 'has') return wanted ? [] : [[{ path, value: undefined }]];
  const current = readPath(input, path);
  return candidates(atom, current, wanted)
    .filter((value) => isRightSide(atom, value, wanted))
    .map((value) => [{ path, value }]);
}

function isRightSide(atom: ConditionAtom, value: JsonValue, wanted: boolean): boolean {
  return atomHolds(atom, value) === wanted;
}

/** Values to try, nearest first. */
function candidates(atom: ConditionAtom, current: JsonValue | undefined, wanted: boolean): readonly JsonValue[] {
  const { operator, value, ofSize } = atom;
  if (ofSize) return typeof value === 'number' ? resized(current, value) : [];
  switch (operator) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (typeof value === 'number') return around(value);
      return typeof value === 'boolean' ? [value, !value] : [value];
    case 'in':
      return wanted && isJsonArray(value) ? value : [];
    case 'includes':
      return withItem(current, value, wanted);
    case 'startsWith':
      return wanted ? [`${value as string}${textOf(current)}`, value] : [];
    case 'endsWith':
      return wanted ? [`${textOf(current)}${value as string}`, value] : [];
    case 'contains':
      return wanted
        ? [`${textOf(current)}${value as string}`, value]
        : [textOf(current).replaceAll(value as string, '')];
    default:
      return [];
  }
}

/** The bound itself and what is next to it: whole numbers first, for places that take no others. */
function around(bound: number): readonly number[] {
  const below = Math.ceil(bound) - 1;
  const above = Math.floor(bound) + 1;
  return [bound, below, above].filter((value) => Number.isSafeInteger(value) || value === bound);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function withItem(current: JsonValue | undefined, item: JsonValue, wanted: boolean): readonly JsonValue[] {
  const list = isJsonArray(current) ? current : [];
  return wanted ? [[...list, item]] : [list.filter((other) => other !== item)];
}

/** Cut to a size at the bound or just below it. */
function resized(current: JsonValue | undefined, bound: number): readonly JsonValue[] {
  const sizes = [bound, bound - 1].filter((size) => Number.isInteger(size) && size >= 0);
  if (typeof current === 'string') {
    const characters = Array.from(current);
    return sizes.filter((size) => size <= characters.length).map((size) => characters.slice(0, size).join(''));
  }
  if (!isJsonArray(current)) return [];
  return sizes.filter((size) => size <= current.length).map((size) => current.slice(0, size));
}

/** The next quarter hour in which the window is open, or closed. */
function windowWays(atom: ConditionAtom, input: ConditionInput, wanted: boolean): readonly Way[] {
  if (input.now === undefined || atom.path.length > 1) return [];
  const first = Math.ceil(input.now / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  for (let quarter = 0; quarter < MAX_QUARTERS; quarter += 1) {
    const now = first + quarter * QUARTER_HOUR_MS;
    if (atom.test({ ...input, now }) === wanted) return [[{ path: atom.path, value: now }]];
  }
  return [];
}
