import type { RuleReference } from '../decision.ts';
import type { CompileContext } from '../envelope/compile-value.ts';

/** The rule at `pointer` as decisions refer to it. Frozen. */
export function referenceTo(pointer: string, context: CompileContext): RuleReference {
  const location = context.location(pointer);
  return Object.freeze({ rule: pointer, ...(location === undefined ? {} : { location }) });
}
