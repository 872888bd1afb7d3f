import type { ResourceTest } from '../resources/compile-resources.ts';
import type { WhoCheck } from '../match/who.ts';
import type { RuleTarget } from '../rules/rule.ts';
import type { Control } from './control.ts';

/** A control, with what tells which calls it concerns. */
export interface ControlRule {
  readonly control: Control;
  /** Whether calls of this target can be what it is about. */
  readonly fits: (target: RuleTarget) => boolean;
  /** Only calls to this sink; undefined: all. */
  readonly sink: string | undefined;
  /** Conditions on the principal; all must pass. */
  readonly who: readonly WhoCheck[];
  /** Undefined: whatever the arguments name. */
  readonly resources: ResourceTest | undefined;
  readonly owner: string | undefined;
}
