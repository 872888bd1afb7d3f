import {
  appendPointer,
  excerpt,
  isJsonObject,
  parsePointer,
  resolvePointer,
  type JsonValue,
} from '@callgate/canonical';
import type * as z from 'zod';

import type { PolicyIssue } from '../errors.ts';
import { shapeOf } from '../envelope/shape.ts';
import { nearestName } from '../internal/nearest-name.ts';
import type { SourceMap } from './source-map.ts';

const MAX_ISSUES = 1000;
const LIKE_ANOTHER_TYPE = /^(?:true|false|null|[-+]?[0-9][0-9.e+-]{0,30})$/u;

/** Collects what is wrong with a document, each with its place; at most 1,000 issues, more say nothing new. */
export class IssueList {
  readonly #issues: PolicyIssue[] = [];
  readonly #counts = new Map<string, number>();
  readonly #exact = new Set<string>();
  readonly #sourceMap: SourceMap;

  constructor(sourceMap: SourceMap) {
    this.#sourceMap = sourceMap;
  }

  /** Adds an issue; `message` defaults to `expected …, got …`. */
  add(
    pointer: string,
    expected: string,
    got: string,
    extra: {
      readonly nearest?: string;
      readonly message?: string;
      /** The character that it is about, where what stands at the pointer is a text. */
      readonly within?: { readonly value: string; readonly offset: number };
    } = {},
  ): void {
    this.#count(pointer);
    if (this.#issues.length >= MAX_ISSUES) return;
    const { within } = extra;
    const position =
      within === undefined
        ? this.#sourceMap.position(pointer)
        : this.#sourceMap.positionIn(pointer, within.value, within.offset);
    this.#issues.push({
      file: this.#sourceMap.file,
      line: position?.line ?? null,
      column: position?.column ?? null,
      pointer,
      expected,
      got,
      ...(extra.nearest === undefined ? {} : { nearest: extra.nearest }),
      message: extra.message ?? `expected ${expected}, got ${got}`,
    });
  }

  /** Whether something at or below `pointer` is already known to be wrong. */
  has(pointer: string): boolean {
    return this.#counts.has(pointer);
  }

  /** Whether all that is known to be wrong at or below `pointer` is below its member `key`. */
  onlyBelow(pointer: string, key: string): boolean {
    const member = `${pointer}/${key}`;
    return !this.#exact.has(member) && this.#counts.get(member) === this.#counts.get(pointer);
  }

  /** Counts an issue for its place and all places around it. */
  #count(pointer: string): void {
    this.#exact.add(pointer);
    let place = pointer;
    for (;;) {
      this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1);
      if (place === '') return;
      place = place.slice(0, Math.max(0, place.lastIndexOf('/')));
    }
  }

  /** The issues in the order of the text, and of their pointers where there is none. */
  sorted(): readonly PolicyIssue[] {
    return this.#issues.toSorted(
      (left, right) =>
        (left.line ?? 0) - (right.line ?? 0) ||
        (left.column ?? 0) - (right.column ?? 0) ||
        (left.pointer < right.pointer ? -1 : left.pointer > right.pointer ? 1 : 0),
    );
  }
}

/**
 * Adds what the schema found. Messages of schema parts are what they expect; see document/schema-parts.ts.
 *
 * @param base where in `document` the issues' paths begin
 * @param root where in the policy `document` stands
 */
export function addSchemaIssues(
  list: IssueList,
  document: JsonValue,
  issues: readonly z.core.$ZodIssue[],
  base = '',
  root = '',
): void {
  for (const issue of issues) {
    const pointer = issue.path.reduce<string>((parent, key) => appendPointer(parent, String(key)), base);
    if (issue.code === 'unrecognized_keys') {
      addUnknownKeys(list, root + pointer, issue.keys, issue.message.split(' '));
    } else if (issue.code === 'invalid_union') {
      addUnionIssue(list, document, issue, pointer, root);
    } else {
      addMismatch(list, document, issue.message, pointer, root);
    }
  }
}

function addUnknownKeys(list: IssueList, pointer: string, keys: readonly string[], known: readonly string[]): void {
  for (const key of keys) {
    const nearest = nearestName(key, known);
    const question = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`;
    list.add(appendPointer(pointer, key), `one of ${known.map((name) => `\`${name}\``).join(', ')}`, 'an unknown key', {
      ...(nearest === undefined ? {} : { nearest }),
      message: `unknown key \`${excerpt(key)}\`${question}`,
    });
  }
}

/** Of a union, the branch that is meant: where an object came, the branches for objects; else what the union expects. */
function addUnionIssue(
  list: IssueList,
  document: JsonValue,
  issue: z.core.$ZodIssueInvalidUnion,
  pointer: string,
  root: string,
): void {
  const value = valueAt(document, pointer);
  if (isJsonObject(value) || Array.isArray(value)) {
    const meant = issue.errors
      .filter((branch) => !branch.some(isOtherKind))
      .filter(
        (branch) =>
          !branch.some(
            (found) => found.path.length === 0 && found.code !== 'unrecognized_keys' && found.code !== 'custom',
          ),
      )
      .toSorted((left, right) => left.length - right.length)[0];
    if (meant !== undefined) {
      addSchemaIssues(list, document, meant, pointer, root);
      return;
    }
  }
  addMismatch(list, document, issue.message, pointer, root);
}

/** Whether an issue says that a schema with a `kind` was read as one without, or the other way round. */
function isOtherKind(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'unrecognized_keys') return issue.keys.includes('kind');
  return issue.path.length === 1 && issue.path[0] === 'kind' && issue.code === 'invalid_type';
}

/** What came in place of what was expected. The place of a key that is missing is that of the object around it. */
function addMismatch(list: IssueList, document: JsonValue, expected: string, pointer: string, root: string): void {
  const value = valueAt(document, pointer);
  const key = parsePointer(pointer).at(-1);
  const isMissing = value === undefined && key !== undefined;
  const extra = isMissing ? { message: `missing key \`${excerpt(key)}\`: expected ${expected}` } : {};
  list.add(root + pointer, expected, typeof value === 'string' ? describeText(value) : shapeOf(value), extra);
}

/** A text, and that it is one where it reads like another type: "expected `1`, got `1`" helps nobody. */
function describeText(text: string): string {
  if (text === '') return shapeOf(text);
  return `${LIKE_ANOTHER_TYPE.test(text) ? 'the text ' : ''}\`${excerpt(text)}\``;
}

function valueAt(document: JsonValue, pointer: string): JsonValue | undefined {
  return resolvePointer(document, parsePointer(pointer));
}
