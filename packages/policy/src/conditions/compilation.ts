import { excerpt, type JsonValue } from '@callgate/canonical';

import type { ConditionIssues } from './condition-issue.ts';
import type { ConditionTree } from './condition-tree.ts';
import type { Expression, Span } from './expression.ts';
import type { PathSlots } from './path-slots.ts';
import { UNKNOWN, kindsWords, type StaticType } from './static-type.ts';
import { Failure, kindWords, type Duration, type Evaluate, type Result, type Timestamp } from './value.ts';

/** A part of a condition, checked and compiled. */
export interface Compiled {
  readonly type: StaticType;
  readonly run: Evaluate;
  /** Present where the value is the same for every call. */
  readonly constant?: Constant;
  /** Present where the value is read from one place of the input: the variable, then names. */
  readonly path?: readonly string[];
  /** Present where what is read of a call is kept for other conditions on it: the number it is kept under. */
  readonly slot?: number;
  /** Present where the value is the size of what is at one place of the input. */
  readonly sizeOf?: readonly string[];
  /** For a boolean: what can be said of it. Absent: it is opaque. */
  readonly tree?: ConditionTree;
}

export type Constant = null | boolean | number | string | Timestamp | Duration;

/** The state of compiling one condition. */
export interface Compilation {
  readonly source: string;
  readonly issues: ConditionIssues;
  readonly slots: PathSlots;
  /** Compiles a part in the scope of the macro variables around it. */
  readonly compile: (expression: Expression) => Compiled;
  /** A variable of the input; undefined where there is none of that name. */
  readonly variable: (name: string) => Variable | undefined;
  readonly variableNames: () => readonly string[];
  /** Compiles with one more macro variable; `slot` is where its value stands in the scope. */
  readonly withLocal: <T>(name: string, type: StaticType, compile: (slot: number) => T) => T;
  /** Says that the condition uses up fuel or keeps values of macro variables. */
  readonly needScope: () => void;
  /** Says that the path is read although it may be missing. */
  readonly noteUncertain: (path: readonly string[]) => void;
  /** Says that the condition asks whether the path is there. */
  readonly noteGuard: (path: readonly string[]) => void;
}

/** A variable of the input, or of a macro around the place. */
export interface Variable {
  readonly type: StaticType;
  /** Reads the whole of it; undefined where only members may be read. */
  readonly run: Evaluate | undefined;
  /** Reads one member of a variable of which only members may be read. */
  readonly member?: (field: string) => MemberReader;
  /** It stands for one place of the input. */
  readonly isPath: boolean;
}

export interface MemberReader {
  readonly read: Evaluate;
  /** Whether it is there. */
  readonly has: Evaluate;
}

const BAD: Failure = new Failure('evaluation', 'the condition has not been compiled');

/** Stands for a part with an issue: it is never run, and fits everywhere, so that one mistake is one issue. */
export function unusable(): Compiled {
  return { type: UNKNOWN, run: () => BAD };
}

export function constantOf(type: StaticType, constant: Constant): Compiled {
  return { type, run: () => constant, constant };
}

/** Adds an issue unless the part can be of one of the kinds; whether it can. */
export function expectKinds(
  compilation: Compilation,
  expression: Expression,
  compiled: Compiled,
  kinds: number,
  expected: string = kindsWords(kinds),
): boolean {
  if ((compiled.type.kinds & kinds) !== 0) return true;
  compilation.issues.add(expression, expected, gotWords(compilation, expression, compiled));
  return false;
}

/** What a part is, for an issue: ``a string at `arguments.amount` ``. */
export function gotWords(compilation: Compilation, expression: Expression, compiled: Compiled): string {
  const words = kindsWords(compiled.type.kinds);
  return expression.kind === 'literal' || expression.kind === 'number'
    ? words
    : `${words} at \`${sourceOf(compilation, expression)}\``;
}

/** The failure of an operator that got what it does not take, or what failed before it. */
export function wrongKind(
  compilation: Compilation,
  expression: Expression,
  expected: string,
): (value: Result) => Failure {
  const place = sourceOf(compilation, expression);
  return (value) =>
    value instanceof Failure
      ? value
      : new Failure('type', `expected ${expected} at \`${place}\`, got ${kindWords(value)}`);
}

/** A part as the policy's author wrote it, cut for a message. */
export function sourceOf(compilation: Compilation, span: Span): string {
  return excerpt(compilation.source.slice(span.start, span.end).replaceAll(/\s+/gu, ' '));
}

/** A constant as JSON, or undefined where it is none: times are not. */
export function jsonOf(constant: Constant | undefined): JsonValue | undefined {
  return typeof constant === 'object' && constant !== null ? undefined : constant;
}
