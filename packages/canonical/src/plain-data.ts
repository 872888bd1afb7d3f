import { PlainDataError } from './errors.ts';
import { appendPointer } from './json-pointer.ts';
import type { JsonValue } from './json.ts';

/** Bounds of {@link clonePlain}. Reaching one throws `CALLGATE_CANONICAL_TOO_LARGE`. */
export interface PlainDataLimits {
  /** Levels of nesting, default 64. */
  readonly maxDepth: number;
  /** Values in all, containers included, default 100,000. */
  readonly maxNodes: number;
  /** Estimated size as JSON in UTF-16 code units (keys, strings, punctuation), default 16 Mi. */
  readonly maxBytes: number;
}

export const DEFAULT_PLAIN_DATA_LIMITS: PlainDataLimits = {
  maxDepth: 64,
  maxNodes: 100_000,
  maxBytes: 16 * 1024 * 1024,
};

/** How {@link clonePlain} leaves its copy. */
export interface PlainDataOptions {
  /** Freeze every object and array of the copy, default true. */
  readonly freeze?: boolean;
  /**
   * Leave out object properties whose value is undefined, as `JSON.stringify` does, default false (they are refused).
   * Array items and the root are refused either way.
   */
  readonly dropUndefined?: boolean;
}

interface Walk {
  readonly limits: PlainDataLimits;
  readonly freeze: boolean;
  readonly dropUndefined: boolean;
  readonly open: object[];
  nodes: number;
  bytes: number;
}

/**
 * An independent copy of `value` that is nothing but JSON data, deep-frozen unless told otherwise.
 *
 * Runs no accessor and no `toJSON`, and reads each property once: accessors, `toJSON` and other functions, exotic prototypes,
 * symbols, bigints, non-finite numbers, undefined, sparse arrays, cycles and lone surrogates are refused, so that
 * what policy sees is what any serialiser writes. An own `__proto__` key is kept as data. `-0` becomes `0`, as
 * RFC 8785 §3.2.2.3 writes it. Strings are shared, not copied.
 *
 * @throws {PlainDataError} at the first place that is not plain data or is beyond the bounds
 */
export function clonePlain(
  value: unknown,
  limits: Partial<PlainDataLimits> = DEFAULT_PLAIN_DATA_LIMITS,
  options: PlainDataOptions = {},
): JsonValue {
  const walk: Walk = {
    limits:
      limits === DEFAULT_PLAIN_DATA_LIMITS ? DEFAULT_PLAIN_DATA_LIMITS : { ...DEFAULT_PLAIN_DATA_LIMITS, ...limits },
    freeze: options.freeze ?? true,
    dropUndefined: options.dropUndefined ?? false,
    open: [],
    nodes: 0,
    bytes: 0,
  };
  return cloneValue(value, walk, []);
}

type Path = (string | number)[];

function cloneValue(value: unknown, walk: Walk, path: Path): JsonValue {
  walk.nodes += 1;
  if (walk.nodes > walk.limits.maxNodes) throw tooLarge(path, `at most ${walk.limits.maxNodes} values`, 'more');
  switch (typeof value) {
    case 'string':
      return cloneString(value, walk, path);
    case 'number':
      if (!Number.isFinite(value)) throw notPlain(path, 'a finite number', String(value));
      spend(walk, 8, path);
      return value === 0 ? 0 : value;
    case 'boolean':
      spend(walk, 5, path);
      return value;
    case 'object':
      if (value === null) {
        spend(walk, 4, path);
        return null;
      }
      return cloneContainer(value, walk, path);
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      throw notPlain(path, 'a JSON value', typeof value);
  }
}

function cloneString(value: string, walk: Walk, path: Path): string {
  spend(walk, value.length + 2, path);
  if (!value.isWellFormed()) throw notPlain(path, 'well-formed Unicode', 'a lone surrogate');
  return value;
}

function cloneContainer(value: object, walk: Walk, path: Path): JsonValue {
  if (path.length >= walk.limits.maxDepth) throw tooLarge(path, `at most ${walk.limits.maxDepth} levels`, 'more');
  if (walk.open.includes(value)) throw notPlain(path, 'a tree', 'a cycle');
  spend(walk, 2, path);
  walk.open.push(value);
  const copy = Array.isArray(value) ? cloneArray(value, walk, path) : cloneObject(value, walk, path);
  walk.open.pop();
  return walk.freeze ? Object.freeze(copy) : copy;
}

function cloneArray(value: readonly unknown[], walk: Walk, path: Path): JsonValue[] {
  if (Object.getPrototypeOf(value) !== Array.prototype) throw notPlain(path, 'a plain array', 'an exotic array');
  const { length } = value;
  if (length > walk.limits.maxNodes) throw tooLarge(path, `at most ${walk.limits.maxNodes} values`, 'more');
  if (Object.hasOwn(value, 'toJSON')) throw notPlain(path, 'plain data', 'a `toJSON` property');
  const copy: JsonValue[] = [];
  for (let index = 0; index < length; index += 1) {
    path.push(index);
    const item = Object.getOwnPropertyDescriptor(value, index);
    if (item === undefined) throw notPlain(path, 'a JSON value', 'a hole');
    copy.push(cloneValue(dataOf(item, path), walk, path));
    path.pop();
  }
  return copy;
}

function cloneObject(value: object, walk: Walk, path: Path): Record<string, JsonValue> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw notPlain(path, 'a plain object', 'an exotic prototype');
  const copy: Record<string, JsonValue> = {};
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'symbol') throw notPlain(path, 'string keys', 'a symbol key');
    path.push(key);
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined) throw notPlain(path, 'a stable object', 'a property that vanished');
    const item = dataOf(descriptor, path);
    if (item === undefined && walk.dropUndefined) {
      path.pop();
      continue;
    }
    cloneString(key, walk, path);
    const cloned = cloneValue(item, walk, path);
    path.pop();
    if (key === '__proto__') {
      Object.defineProperty(copy, key, { value: cloned, enumerable: true, configurable: true, writable: true });
    } else {
      copy[key] = cloned;
    }
  }
  return copy;
}

/** The value of a data property; accessors and hidden properties would show one thing here and another on the wire. */
function dataOf(descriptor: PropertyDescriptor, path: Path): unknown {
  if (!('value' in descriptor)) throw notPlain(path, 'a data property', 'an accessor');
  if (descriptor.enumerable !== true) throw notPlain(path, 'an enumerable property', 'a hidden one');
  return descriptor.value as unknown;
}

function spend(walk: Walk, bytes: number, path: Path): void {
  walk.bytes += bytes;
  if (walk.bytes > walk.limits.maxBytes) throw tooLarge(path, `at most ${walk.limits.maxBytes} bytes`, 'more');
}

function notPlain(path: Path, expected: string, got: string): PlainDataError {
  return new PlainDataError('CALLGATE_CANONICAL_NOT_PLAIN', { pointer: pointerOf(path), expected, got });
}

function tooLarge(path: Path, expected: string, got: string): PlainDataError {
  return new PlainDataError('CALLGATE_CANONICAL_TOO_LARGE', { pointer: pointerOf(path), expected, got });
}

function pointerOf(path: Path): string {
  return path.reduce<string>(appendPointer, '');
}
