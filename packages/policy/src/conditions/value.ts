import type { ConditionError, ConditionInput } from './condition.ts';

/** What is no JSON value and must not be taken for an object. */
abstract class NotJson {
  abstract readonly kind: string;
}

/** An evaluation that failed. Made without any value of the call. */
export class Failure extends NotJson implements ConditionError {
  readonly kind = 'error';
  readonly code: ConditionError['code'];
  readonly message: string;

  constructor(code: ConditionError['code'], message: string) {
    super();
    this.code = code;
    this.message = message;
  }
}

/** A point in time or a length of time, exact to the nanosecond: `ms` may be negative, `nanos` is 0 to 999,999. */
interface Ticks {
  readonly ms: number;
  readonly nanos: number;
}

export class Timestamp extends NotJson implements Ticks {
  readonly kind = 'timestamp';
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly ms: number;
  readonly nanos: number;

  constructor(ms: number, nanos: number) {
    super();
    this.ms = ms;
    this.nanos = nanos;
  }
}

export class Duration extends NotJson implements Ticks {
  readonly kind = 'duration';
  readonly ms: number;
  readonly nanos: number;

  constructor(ms: number, nanos: number) {
    super();
    this.ms = ms;
    this.nanos = nanos;
  }
}

/** What an expression can be: a JSON value, or a time. Integers are numbers that the checker knows to be whole. */
export type Value = null | boolean | number | string | List | Members | Timestamp | Duration;

export type List = readonly Value[];

export interface Members {
  readonly [key: string]: Value;
}

export type Result = Value | Failure;

/** What one evaluation may use up and the values of macro variables by their slot. */
export interface Scope {
  fuel: number;
  readonly locals: Value[];
  /** What was read of the call, by the numbers of the places; undefined where nothing is kept. */
  readonly slots: Result[] | undefined;
}

/** A compiled expression. Never throws. */
export type Evaluate = (input: ConditionInput, scope: Scope) => Result;

/** Whether the value is a map: an object of JSON or of the condition itself. */
export function isMap(value: Result | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NotJson);
}

/** Unlike `Array.isArray` it keeps the type of the items. */
export function isList(value: Result | undefined): value is List {
  return Array.isArray(value);
}

/** The member's value, or undefined. Only own properties count: `constructor` is absent unless it is one. */
export function memberOf(map: Members, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The kind of a value in words. */
export function kindWords(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'string') return 'a string';
  if (isList(value)) return 'a list';
  if (value instanceof Timestamp) return 'a timestamp';
  return value instanceof Duration ? 'a duration' : 'an object';
}
