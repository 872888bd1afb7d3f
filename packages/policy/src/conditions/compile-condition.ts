import { compileExpression } from './compile-expression.ts';
import { compileBoolean, treeOf } from './compile-logic.ts';
import type { Compilation, Variable } from './compilation.ts';
import { ConditionIssues, type ConditionIssue } from './condition-issue.ts';
import type { Condition, ConditionTypes } from './condition.ts';
import { createScope } from './fuel.ts';
import { parseCondition } from './parse-condition.ts';
import { PathSlots } from './path-slots.ts';
import { pathText } from './path-text.ts';
import { argumentsType } from './schema-type.ts';
import type { StaticType } from './static-type.ts';
import { Failure, type Evaluate, type Result, type Scope } from './value.ts';
import { VARIABLE_NAMES, variableNamed } from './variables.ts';

export type { ConditionIssue } from './condition-issue.ts';

/** A condition, or why there is none. */
export type CompiledCondition =
  | { readonly condition: Condition }
  | { readonly condition: undefined; readonly issues: readonly ConditionIssue[] };

/**
 * Compiles a condition in CEL (docs/reference/conditions.md) and checks it against what is known of the values it reads.
 *
 * At most 4,096 UTF-16 code units, 500 parts and 64 levels. Never throws.
 *
 * @param slots those of the policy, where it has several conditions
 */
export function compileCondition(
  source: string,
  types: ConditionTypes,
  slots: PathSlots = new PathSlots(),
): CompiledCondition {
  const issues = new ConditionIssues(source);
  const expression = parseCondition(source, issues);
  if (expression === undefined) return { condition: undefined, issues: issues.all };
  const draft = new CompilationDraft(source, issues, argumentsType(types.arguments, types.kinds), slots);
  const compiled = compileBoolean(expression, draft);
  if (!issues.isEmpty) return { condition: undefined, issues: issues.all };
  const { reads, maybeMissing } = draft;
  return {
    condition: Object.freeze({
      source,
      readsNow: reads.has('now'),
      readsTool: reads.has('tool'),
      readsArguments: reads.has('arguments'),
      maybeMissing,
      tree: treeOf(expression, compiled, draft),
      evaluate: evaluator(compiled.run, compiled.wrong, draft.needsScope),
      isFalse: compiled.run,
    }),
  };
}

// what uses nothing up needs no scope of its own, and cannot change this one
const NO_SCOPE: Scope = Object.freeze({ fuel: 0, locals: Object.freeze([]) as unknown as [], slots: undefined });

const DEFECT = new Failure('evaluation', 'the condition could not be evaluated');

function evaluator(run: Evaluate, wrong: (value: Result) => Failure, needsScope: boolean): Condition['evaluate'] {
  return (input) => {
    try {
      const result = run(input, needsScope ? createScope() : NO_SCOPE);
      return typeof result === 'boolean' ? result : wrong(result);
    } catch {
      // only an input that is no plain data, or a defect of ours
      return DEFECT;
    }
  };
}

class CompilationDraft implements Compilation {
  readonly source: string;
  readonly issues: ConditionIssues;
  readonly reads: Set<string> = new Set<string>();
  needsScope = false;
  readonly slots: PathSlots;
  readonly #argumentsType: StaticType;
  readonly #locals = new Map<string, Variable>();
  readonly #uncertain = new Set<string>();
  readonly #guarded = new Set<string>();

  constructor(source: string, issues: ConditionIssues, argumentTypes: StaticType, slots: PathSlots) {
    this.source = source;
    this.issues = issues;
    this.slots = slots;
    this.#argumentsType = argumentTypes;
  }

  /** Paths that may be missing and that the condition does not ask for. */
  get maybeMissing(): readonly string[] {
    return [...this.#uncertain].filter((path) => !this.#guarded.has(path)).toSorted();
  }

  readonly compile: Compilation['compile'] = (expression) => compileExpression(expression, this);

  readonly variable: Compilation['variable'] = (name) =>
    this.#locals.get(name) ?? variableNamed(name, this.#argumentsType, (read) => this.reads.add(read));

  readonly variableNames: Compilation['variableNames'] = () => [...VARIABLE_NAMES, ...this.#locals.keys()];

  readonly withLocal: Compilation['withLocal'] = (name, type, compile) => {
    const slot = this.#locals.size;
    this.#locals.set(name, { type, run: (_, scope) => scope.locals[slot] ?? null, isPath: false });
    try {
      return compile(slot);
    } finally {
      this.#locals.delete(name);
    }
  };

  readonly needScope: Compilation['needScope'] = () => {
    this.needsScope = true;
  };

  readonly noteUncertain: Compilation['noteUncertain'] = (path) => {
    this.#uncertain.add(pathText(path));
  };

  readonly noteGuard: Compilation['noteGuard'] = (path) => {
    this.#guarded.add(pathText(path));
  };
}
