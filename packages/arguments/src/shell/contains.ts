import { isFlagWithin, type FlagRule } from './flag-rule.ts';
import { isUnder } from './path.ts';
import type { CommandRule, ShellRules } from './rules.ts';
import { isValueWithin } from './value-rule.ts';

/** Whether it is proved that all values that `inner` accepts are accepted by `outer`. False says nothing. */
export function isRulesWithin(inner: ShellRules, outer: ShellRules): boolean {
  return (
    (outer.form === 'either' || inner.form === outer.form) &&
    inner.maxLength <= outer.maxLength &&
    inner.maxCommands <= outer.maxCommands &&
    [...inner.operators].every((operator) => outer.operators.has(operator)) &&
    inner.redirects.every((root) => outer.redirects.some((wider) => isUnder(root, wider))) &&
    [...inner.programs].every(([program, rule]) => {
      const wider = outer.programs.get(program);
      return wider !== undefined && isCommandWithin(rule, wider);
    })
  );
}

function isCommandWithin(inner: CommandRule, outer: CommandRule): boolean {
  if (isOpen(outer)) return true;
  if (inner.subcommands === undefined || outer.subcommands === undefined) {
    return inner.subcommands === outer.subcommands && isArgumentsWithin(inner, outer);
  }
  const wider = outer.subcommands;
  return (
    isFlagsWithin(inner.globalFlags, outer.globalFlags) &&
    [...inner.subcommands].every(([name, rule]) => {
      const other = wider.get(name);
      return other !== undefined && isCommandWithin(rule, other);
    })
  );
}

/** Whether any words at all may follow. */
function isOpen(rule: CommandRule): boolean {
  return (
    rule.subcommands === undefined &&
    rule.flags === 'any' &&
    (rule.operands === 'any' || rule.operands.some(({ kind }) => kind === 'text')) &&
    rule.minOperands === 0 &&
    rule.maxOperands === Number.POSITIVE_INFINITY &&
    rule.commandAfter === undefined
  );
}

function isArgumentsWithin(inner: CommandRule, outer: CommandRule): boolean {
  return (
    inner.commandAfter === outer.commandAfter &&
    inner.minOperands >= outer.minOperands &&
    inner.maxOperands <= outer.maxOperands &&
    isSameReading(inner, outer) &&
    isOperandsWithin(inner, outer)
  );
}

/**
 * Whether the words that are flags and values to `inner` are those to `outer`. Where `outer` takes any flag it takes no values, so
 * those of `inner` are operands to it.
 */
function isSameReading(inner: CommandRule, outer: CommandRule): boolean {
  if (outer.flags === 'any') {
    return inner.flags === 'any' || ![...inner.flags.values()].some(({ isSeparate }) => isSeparate);
  }
  return inner.flags !== 'any' && inner.hasClusters === outer.hasClusters && isFlagsWithin(inner.flags, outer.flags);
}

function isFlagsWithin(inner: ReadonlyMap<string, FlagRule>, outer: ReadonlyMap<string, FlagRule>): boolean {
  return [...inner].every(([name, flag]) => {
    const wider = outer.get(name);
    return wider !== undefined && isFlagWithin(flag, wider);
  });
}

function isOperandsWithin(inner: CommandRule, outer: CommandRule): boolean {
  if (outer.operands === 'any') return true;
  const { operands } = outer;
  return inner.operands === 'any'
    ? operands.some(({ kind }) => kind === 'text')
    : inner.operands.every((rule) => isValueWithin(rule, operands));
}
