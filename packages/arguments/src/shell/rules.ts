import type { FlagRule } from './flag-rule.ts';
import type { LexicalPath } from './path.ts';
import type { ShellOperator } from './specification.ts';
import type { ValueRule } from './value-rule.ts';

/** What may follow a program or a subcommand, ready to judge with. */
export interface CommandRule {
  readonly flags: 'any' | ReadonlyMap<string, FlagRule>;
  readonly globalFlags: ReadonlyMap<string, FlagRule>;
  /** Whether `-la` is `-l -a`. Not where a flag such as `-name` is known, or the program is known to have such flags. */
  readonly hasClusters: boolean;
  readonly subcommands: ReadonlyMap<string, CommandRule> | undefined;
  readonly operands: 'any' | readonly ValueRule[];
  readonly minOperands: number;
  readonly maxOperands: number;
  readonly commandAfter: number | undefined;
}

/** A specification of the kind `shell`, ready to judge with. */
export interface ShellRules {
  readonly form: 'argv' | 'either' | 'line';
  readonly programs: ReadonlyMap<string, CommandRule>;
  readonly operators: ReadonlySet<ShellOperator>;
  readonly redirects: readonly LexicalPath[];
  readonly maxLength: number;
  readonly maxCommands: number;
}
