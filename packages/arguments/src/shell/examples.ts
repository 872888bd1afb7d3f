import { NUMBER_FLAG, type FlagRule } from './flag-rule.ts';
import { pathText } from './path.ts';
import type { CommandRule, ShellRules } from './rules.ts';
import type { ValueRule } from './value-rule.ts';

/** Arguments to try a rule with: those that pass first. */
export interface Examples {
  readonly pass: readonly (readonly string[])[];
  /** At and beyond the bounds; some pass. */
  readonly edge: readonly (readonly string[])[];
}

/** What stands in an example for a name that no policy lists. */
const UNLISTED = 'unlisted';
const MAX_OPERANDS_SHOWN = 64;
const MAX_DEPTH = 3;

/** Whole commands, program first. */
export function programExamples(rules: ShellRules): readonly Examples[] {
  return [...rules.programs].map(([program, rule]) => {
    const { pass, edge } = commandExamples(rule, rules, 0);
    const whole = (words: readonly string[]): readonly string[] => [program, ...words];
    return { pass: pass.map(whole), edge: edge.map(whole) };
  });
}

function commandExamples(rule: CommandRule, rules: ShellRules, depth: number): Examples {
  return rule.subcommands === undefined
    ? argumentExamples(rule, rules, depth)
    : subcommandExamples(rule, rule.subcommands, rules, depth);
}

function subcommandExamples(
  rule: CommandRule,
  subcommands: ReadonlyMap<string, CommandRule>,
  rules: ShellRules,
  depth: number,
): Examples {
  const pass: (readonly string[])[] = [];
  const edge: (readonly string[])[] = [[], [UNLISTED]];
  const nested = [...subcommands].map(([name, one]) => {
    const examples = commandExamples(one, rules, depth);
    return {
      pass: examples.pass.map((words) => [name].concat(words)),
      edge: examples.edge.map((words) => [name].concat(words)),
    };
  });
  pass.push(...interleave(nested.map((one) => one.pass)));
  const first = pass[0] ?? [];
  for (const flag of rule.globalFlags.values()) {
    for (const words of flagExamples(flag)) pass.push([...words, ...first]);
  }
  edge.push(['--unlisted', ...first], ...interleave(nested.map((one) => one.edge)));
  return { pass, edge };
}

function argumentExamples(rule: CommandRule, rules: ShellRules, depth: number): Examples {
  const command = rule.commandAfter === undefined ? [] : innerCommand(rules, depth);
  const operand = rule.operands === 'any' ? 'docs' : (rule.operands.flatMap(valueExamples)[0] ?? 'docs');
  const some = (count: number): readonly string[] =>
    Array.from({ length: Math.min(count, MAX_OPERANDS_SHOWN) }, () => operand);
  const least = some(rule.commandAfter ?? rule.minOperands);
  const base = [...least, ...command];
  const pass: (readonly string[])[] = [base];
  const edge: (readonly string[])[] = [
    ['--unlisted', ...base],
    ['-Z', ...base],
    ['--unlisted=docs', ...base],
  ];
  const operands = rule.operands === 'any' ? ['docs', 'a b'] : rule.operands.flatMap(valueExamples);
  for (const one of operands) pass.push([...least.slice(1), one, ...command]);
  if (rule.flags === 'any') pass.push(['-a', ...base], ['--all', ...base]);
  else {
    for (const flag of rule.flags.values()) {
      for (const words of flagExamples(flag)) pass.push([...words, ...base]);
      for (const words of flagEdges(flag)) edge.push([...words, ...base]);
    }
  }
  const most = rule.maxOperands === Number.POSITIVE_INFINITY ? 3 : rule.maxOperands;
  edge.push(some(most), some(most + 1), [...least, ...EDGE_VALUES.slice(0, 1), ...command]);
  for (const value of EDGE_VALUES) edge.push([value]);
  if (rule.minOperands > 0) edge.push(some(rule.minOperands - 1));
  if (rule.operands !== 'any') {
    for (const root of rule.operands.flatMap(rootsOf)) edge.push([`${root}/../..`], [`${root}-other`]);
  }
  if (command.length > 0) edge.push([...least, UNLISTED], least);
  return { pass, edge };
}

/** A command to run inside another: of a program that is not itself one that runs others, where there is one. */
function innerCommand(rules: ShellRules, depth: number): readonly string[] {
  if (depth >= MAX_DEPTH) return [];
  const entries = [...rules.programs];
  const [program, rule] = entries.find(([, one]) => one.commandAfter === undefined) ?? entries[0] ?? [];
  if (program === undefined || rule === undefined) return [];
  return [program, ...(commandExamples(rule, rules, depth + 1).pass[0] ?? [])];
}

/** Operands and values that narrow rules refuse. */
const EDGE_VALUES: readonly string[] = ['/etc/passwd', '../outside', 'a b', '7', '-', 'https://example.com/', ''];

function rootsOf(rule: ValueRule): readonly string[] {
  return rule.kind === 'path' ? rule.roots.map(pathText) : [];
}

function valueExamples(rule: ValueRule): readonly string[] {
  switch (rule.kind) {
    case 'text':
      return ['docs', 'a b', '/etc/passwd'];
    case 'number':
      return ['1', '20'];
    case 'word':
      return ['main', 'v1.2'];
    case 'path':
      return rootsOf(rule).flatMap((root) => [root, root === '/' ? '/file' : `${root}/file`]);
    case 'literal':
      return rule.options;
    case 'pattern':
      return ['main', 'a', '1', 'v1.2.3', 'docs/a', '2026-01-01', rule.source].filter((text) =>
        rule.pattern.matches(text),
      );
  }
}

function flagExamples(flag: FlagRule): readonly (readonly string[])[] {
  const { name, value, isBare, isSeparate } = flag;
  if (name === NUMBER_FLAG) return [['-1'], ['-20']];
  const bare: readonly (readonly string[])[] = isBare ? [[name]] : [];
  if (value === undefined) return bare;
  const texts = valueExamples(value);
  const attached = texts.map((text) => [attach(name, text)]);
  return [...bare, ...attached, ...(isSeparate ? texts.map((text) => [name, text]) : [])];
}

function flagEdges(flag: FlagRule): readonly (readonly string[])[] {
  const { name, value } = flag;
  if (name === NUMBER_FLAG) return [];
  if (value === undefined) return [[`${name}=docs`]];
  return [[name], ...EDGE_VALUES.map((text) => [attach(name, text)])];
}

/** One letter takes its value without `=`, and only then: words after one dash take it with `=`. */
function attach(name: string, value: string): string {
  return name.length === 2 && value !== '' ? `${name}${value}` : `${name}=${value}`;
}

/** The first of each list, then the second of each, and so on. */
export function interleave<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const items: Item[] = [];
  for (let index = 0; index < longest; index += 1) {
    for (const list of lists) {
      const item = list[index];
      if (item !== undefined) items.push(item);
    }
  }
  return items;
}
