import type { JsonValue } from '@callgate/canonical';
import type * as z from 'zod';

import type { ValueType } from '../document/types.ts';

/**
 * An argument kind: what values of one sort mean (SQL, paths, URLs, …), which keywords of JSON Schema cannot say.
 *
 * An envelope uses it as `{ kind: sql, … }`. Kinds are given to `parsePolicy` and `compilePolicy`; `@callgate/arguments` has the
 * standard ones.
 */
export interface ArgumentKind<Specification = unknown> {
  /** As written after `kind:`. */
  readonly name: string;
  /** One line for the reference: what a value of this kind is. */
  readonly summary: string;
  /** The JSON types of the values it can judge; a value of another type fails with the code `type`. */
  readonly types: readonly ValueType[];
  /**
   * The closed schema of the keys beside `kind`, `optional` and `message`. The message of each of its errors says what was
   * expected there, and each key has a description.
   */
  readonly specification: z.ZodObject & z.ZodType<Specification>;
  /** Loads what compiling needs, for instance a parser in WebAssembly. Needed before `compile`; safe to call twice. */
  load?(): Promise<void>;
  /** Whether `load` is done. Absent: nothing has to be loaded. */
  readonly isLoaded?: boolean;
  /** Compiles a specification that its schema accepts. What else is wrong with it goes to `report`; the result is then not used. */
  compile(specification: Specification, report: ReportKindIssue): CompiledKind;
}

/** Says what is wrong with a specification: the place in it as a JSON pointer, what was expected there, and what came. */
export type ReportKindIssue = (pointer: string, expected: string, got: string) => void;

/** A kind with its specification, ready to judge values. Pure: equal values give equal answers. */
export interface CompiledKind {
  /** The name of the kind. */
  readonly kind: string;
  /** What passes, in words that fit behind "set `x` to": `one read-only PostgreSQL statement on \`monsters\``. */
  readonly expected: string;
  /**
   * What is wrong with a value of one of the kind's types; empty when it passes. At most 16 problems.
   *
   * Never throws. Takes time linear in the size of the value, whatever it is.
   */
  check(value: JsonValue): readonly KindProblem[];
  /** The one form of all values that mean the same; undefined for a value that does not pass. Idempotent. */
  canonical(value: JsonValue): JsonValue | undefined;
  /**
   * Whether every value that passes here passes `other` too. `yes` is proved; `no` is shown by one of `samples` or `probes`;
   * everything else is `unknown`. `other` may be of another kind.
   */
  isWithin(other: CompiledKind): Containment;
  /** Values that pass, plain ones first, those at bounds among them; at most 64. Empty only where nothing passes or none was found. */
  samples(): readonly JsonValue[];
  /** Values at and just beyond each bound, whether they pass or not; at most 128. For finding witnesses and writing tests. */
  probes(): readonly JsonValue[];
  /** Values near a value that fails (undefined: a missing one), nearest first; at most 16. They need not all pass. */
  repair(value: JsonValue | undefined): readonly JsonValue[];
  /** What a value that passes names in the world, for rules about a resource whichever tool names it. Absent: nothing. */
  resources?(value: JsonValue): readonly NamedResource[];
}

/** Whether one set of values lies inside another. */
export type Containment = 'yes' | 'no' | 'unknown';

/** One way in which a value is not of a kind. Shapes and the policy's own words only: never the value that came. */
export interface KindProblem {
  /** Stable: the kind, then what it found: `sql.statement`, `path.outside`. */
  readonly code: string;
  /** `fail`: judged, and refused. `error`: could not be judged (does not parse, out of bounds), which refuses as well. */
  readonly verdict: 'fail' | 'error';
  /** JSON pointer below the value: `""`, or for a list of addresses `/2`. */
  readonly pointer: string;
  /** What would pass, in words. */
  readonly expected: string;
  /** The shape of what came, in words. */
  readonly got: string;
  /** What to do, as an imperative without the place: `add a LIMIT of at most 100`. Default: set it to what is expected. */
  readonly hint?: string;
}

/** A thing outside that arguments name. Names are in canonical form, so that every spelling of one thing is equal. */
export interface NamedResource {
  /**
   * `path`: normalised, with `/` between segments; `host`: lower case, ASCII; `table`: lower case, with its schema where one is
   * given; `program`: the name without folder; `address`: an e-mail address in lower case.
   */
  readonly type: ResourceType;
  readonly name: string;
}

export type ResourceType = 'path' | 'host' | 'table' | 'program' | 'address';
