import type { Instant, JsonObject, JsonValue } from '@callgate/canonical';

import type { Direction, Principal } from '../call.ts';
import type { Ring, ToolEffect } from '../decision.ts';
import type { ValueType } from '../document/types.ts';
import type { ConditionTree } from './condition-tree.ts';
import type { Scope } from './value.ts';

/** What a condition can read of one call. */
export interface ConditionInput {
  readonly server: { readonly name: string; readonly trust: 'internal' | 'external' };
  /** Absent for messages that are not tool calls: reading it is then an error. */
  readonly tool?:
    | {
        readonly name: string;
        readonly ring: Ring;
        readonly effect: ToolEffect;
        readonly labels: readonly string[];
      }
    | undefined;
  readonly method: string;
  readonly direction: Direction;
  /** The tool's or prompt's arguments; the params of other methods. */
  readonly arguments: JsonObject;
  readonly principal: Principal;
  readonly run: string | undefined;
  /** Absent: a condition that reads it errs. */
  readonly now: Instant | undefined;
}

/** A condition that could not be evaluated: neither true nor false. Its words hold no value of the call. */
export interface ConditionError {
  readonly kind: 'error';
  /** Stable: `missing` (a path is absent), `type` (an operator got a type it does not take), `fuel`, `now`, `evaluation`. */
  readonly code: 'missing' | 'type' | 'fuel' | 'now' | 'evaluation';
  /** In words: ``no `amount` in `arguments` ``. */
  readonly message: string;
}

/** A compiled condition. Pure and bounded in cost; never throws. */
export interface Condition {
  /** As the policy's author wrote it. */
  readonly source: string;
  /** Whether it reads `now`. */
  readonly readsNow: boolean;
  /** Whether it reads `tool`, and so is about tool calls. */
  readonly readsTool: boolean;
  /** Whether it reads `arguments`. */
  readonly readsArguments: boolean;
  /**
   * Paths that it reads without asking for them by `has(…)`, and that some schema of the arguments does not declare or lets be
   * absent, sorted: `arguments.note`. Where they are, it errs.
   */
  readonly maybeMissing: readonly string[];
  /** What it says, as far as that can be taken apart. */
  readonly tree: ConditionTree;
  evaluate(input: ConditionInput): boolean | ConditionError;
  /**
   * The same for callers that ask of many conditions whether all are false. Anything but `false` says only that this one is not,
   * and so does throwing. `scope` is fresh or was renewed.
   */
  readonly isFalse: (input: ConditionInput, scope: Scope) => unknown;
}

/** What is known of the values that a condition can read, for checking it at load. */
export interface ConditionTypes {
  /**
   * One schema for each shape the arguments can have: an object schema in JSON Schema vocabulary, or undefined for one that is
   * not known. Empty: nothing is known.
   */
  readonly arguments: readonly (JsonValue | undefined)[];
  /** The argument kinds that the schemas may name, with the types of their values. Default: none is known. */
  readonly kinds?: KindTypes;
}

/** Of which types the values of argument kinds are, by the kinds' names. */
export type KindTypes = ReadonlyMap<string, { readonly types: readonly ValueType[] }>;
