import { isShort, NUMBER_FLAG, type FlagRule } from './flag-rule.ts';
import { finding, type Finding } from './problem.ts';
import type { CommandRule, ShellRules } from './rules.ts';
import { acceptsValue, describeValue, type ValueRule } from './value-rule.ts';

/** Commands inside commands (`sudo env ls`) are followed so far. */
const MAX_NESTED = 4;

/** Problems told of one value. */
export const MAX_FOUND = 16;

/** What a command turned out to name, beside the problems it has. */
export interface Judged {
  /** Not all: reading stops after `MAX_FOUND`. */
  readonly found: Finding[];
  /** Programs as typed, the outer first. */
  readonly programs: string[];
  /** Operands and values of flags. */
  readonly values: string[];
}

/**
 * Judges one command, program first, by the rules of its program.
 *
 * Words that start with `-` are flags wherever they stand, as GNU programs read them, and also after `--`: not every program knows
 * `--`, so an operand may start with no dash at all.
 */
export function judgeCommand(words: readonly string[], rules: ShellRules): Judged {
  const judged: Judged = { found: [], programs: [], values: [] };
  judgeFrom(words, 0, rules, judged, 0);
  return judged;
}

function judgeFrom(words: readonly string[], start: number, rules: ShellRules, judged: Judged, depth: number): void {
  const program = words[start] ?? '';
  judged.programs.push(program);
  const rule = rules.programs.get(program);
  if (rule !== undefined && depth < MAX_NESTED) {
    new Reader(words, start + 1, rules, judged, depth).read(rule);
    return;
  }
  const got = depth < MAX_NESTED ? 'a program that is not listed' : 'commands nested too deep';
  judged.found.push(finding('shell.program', got, `run ${listed(rules.programs.keys())}`));
}

/** Reads the words after a program, once, from left to right. */
class Reader {
  readonly #words: readonly string[];
  readonly #rules: ShellRules;
  readonly #judged: Judged;
  readonly #depth: number;
  #next: number;
  #operands = 0;

  constructor(words: readonly string[], next: number, rules: ShellRules, judged: Judged, depth: number) {
    this.#words = words;
    this.#next = next;
    this.#rules = rules;
    this.#judged = judged;
    this.#depth = depth;
  }

  read(rule: CommandRule): void {
    if (rule.subcommands !== undefined) this.#readSubcommand(rule, rule.subcommands);
    else this.#readArguments(rule);
  }

  #readSubcommand(rule: CommandRule, subcommands: ReadonlyMap<string, CommandRule>): void {
    while (isDashed(this.#words[this.#next]) && this.#mayGoOn()) {
      this.#readFlag(this.#take(), { ...rule, flags: rule.globalFlags, hasClusters: false });
    }
    const hint = `start with ${listed(subcommands.keys())}`;
    if (this.#next >= this.#words.length) {
      this.#refuse(finding('shell.subcommand', 'no subcommand', hint));
      return;
    }
    const nested = subcommands.get(this.#take());
    if (nested !== undefined) {
      this.read(nested);
      return;
    }
    this.#refuse(finding('shell.subcommand', 'a subcommand that is not listed', hint));
  }

  #readArguments(rule: CommandRule): void {
    let hasEnded = false;
    while (this.#next < this.#words.length && this.#mayGoOn()) {
      if (this.#operands === rule.commandAfter && !isDashed(this.#words[this.#next])) {
        judgeFrom(this.#words, this.#next, this.#rules, this.#judged, this.#depth + 1);
        return;
      }
      const word = this.#take();
      if (!hasEnded && word === '--') hasEnded = true;
      else if (!isDashed(word)) this.#readOperand(word, rule);
      else if (!hasEnded) this.#readFlag(word, rule);
      else if (rule.flags === 'any') this.#readOperand(word, rule);
      else this.#refuse(DASHED);
    }
    if (rule.commandAfter !== undefined) this.#refuse(finding('shell.operand_count', 'no command to run'));
    if (this.#operands < rule.minOperands) {
      this.#refuse(finding('shell.operand_count', 'too few operands', `give at least ${count(rule.minOperands)}`));
    }
  }

  #readOperand(word: string, rule: CommandRule): void {
    this.#judged.values.push(word);
    this.#operands += 1;
    if (rule.operands !== 'any' && !rule.operands.some((one) => acceptsValue(one, word))) {
      this.#refuse(finding('shell.operand', 'an operand that is not allowed', operandHint(rule.operands)));
    } else if (this.#operands === rule.maxOperands + 1) {
      this.#refuse(finding('shell.operand_count', 'too many operands', `give at most ${count(rule.maxOperands)}`));
    }
  }

  #readFlag(word: string, rule: CommandRule): void {
    if (rule.flags === 'any') {
      this.#judged.values.push(word);
      return;
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const known = name === NUMBER_FLAG ? undefined : rule.flags.get(name);
    if (known !== undefined && (equals < 0 || !rule.hasClusters || !isShort(name))) {
      this.#readKnown(known, equals < 0 ? undefined : word.slice(equals + 1), rule.flags);
    } else if (rule.flags.has(NUMBER_FLAG) && /^-\d+$/u.test(word)) {
      return;
    } else if (rule.hasClusters && !word.startsWith('--')) {
      this.#readCluster(word, rule.flags);
    } else {
      this.#refuseFlag(rule.flags);
    }
  }

  /** A flag that is listed, with the value that is attached to it. */
  #readKnown(flag: FlagRule, attached: string | undefined, flags: ReadonlyMap<string, FlagRule>): void {
    if (attached !== undefined) {
      if (flag.value === undefined) this.#refuseFlag(flags);
      else this.#readValue(flag.value, attached);
    } else if (!flag.isBare) {
      this.#readSeparate(flag);
    }
  }

  /** The value of a flag as a word of its own. One that starts with `-` could be a flag to a program that reads otherwise. */
  #readSeparate(flag: FlagRule): void {
    const next = this.#words[this.#next];
    if (flag.value === undefined || !flag.isSeparate || next === undefined || isDashed(next)) {
      this.#refuse(
        finding(
          'shell.flag_value',
          'a flag without its value',
          isShort(flag.name) ? `give \`${flag.name}\` its value` : `write \`${flag.name}=\` and its value as one word`,
        ),
      );
      return;
    }
    this.#next += 1;
    this.#readValue(flag.value, next);
  }

  /** `-la` is `-l -a`; `-n5` is `-n 5`; `-ln5` is both. */
  #readCluster(word: string, flags: ReadonlyMap<string, FlagRule>): void {
    for (let index = 1; index < word.length; index += 1) {
      const flag = flags.get(`-${word[index] ?? ''}`);
      if (flag === undefined) {
        this.#refuseFlag(flags);
        return;
      }
      if (flag.value === undefined) continue;
      const rest = word.slice(index + 1);
      this.#readKnown(flag, rest === '' ? undefined : rest, flags);
      return;
    }
  }

  #readValue(rule: ValueRule, value: string): void {
    this.#judged.values.push(value);
    if (acceptsValue(rule, value)) return;
    this.#refuse(
      finding('shell.flag_value', 'a value of a flag that is not allowed', `set it to ${describeValue(rule)}`),
    );
  }

  #refuseFlag(flags: ReadonlyMap<string, FlagRule>): void {
    const hint = flags.size === 0 ? 'leave flags out' : `use no flags but ${listed(flags.keys())}`;
    this.#refuse(finding('shell.flag', 'a flag that is not allowed', hint));
  }

  /** Enough is known once there are as many problems as are told. */
  #mayGoOn(): boolean {
    return this.#judged.found.length < MAX_FOUND;
  }

  #refuse(found: Finding): void {
    this.#judged.found.push(found);
  }

  #take(): string {
    const word = this.#words[this.#next] ?? '';
    this.#next += 1;
    return word;
  }
}

const DASHED = finding(
  'shell.operand',
  'an operand that starts with `-`',
  'write `./` in front of a name that starts with `-`',
);

function isDashed(word: string | undefined): boolean {
  return word !== undefined && word.length > 1 && word.startsWith('-');
}

function operandHint(rules: readonly ValueRule[]): string {
  if (rules.length === 0) return 'leave operands out';
  return `set each operand to ${rules.slice(0, MAX_LISTED).map(describeValue).join(', or ')}`;
}

function count(operands: number): string {
  return operands === 1 ? '1 operand' : `${operands} operands`;
}

const MAX_LISTED = 8;

/** Names of the policy, the first few of them: `` `git`, `ls` and 3 others ``. */
export function listed(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, MAX_LISTED).map((name) => `\`${name}\``);
  const more = all.length - shown.length;
  if (more > 0) return `${shown.join(', ')} or ${more === 1 ? '1 other' : `${more} others`}`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`;
}
