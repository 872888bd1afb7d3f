import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, CompiledKind, KindProblem } from '@callgate/policy';

import { compileRules } from './compile-rules.ts';
import { isRulesWithin } from './contains.ts';
import { listed, MAX_FOUND } from './judge-command.ts';
import { judgeLine } from './judge-line.ts';
import { problemOf } from './problem.ts';
import { printLine } from './quote.ts';
import { readValue } from './read-value.ts';
import { repairValue } from './repair-value.ts';
import { resourcesOf } from './resources.ts';
import type { ShellRules } from './rules.ts';
import { sampleValues } from './sample-values.ts';
import { shellSpecification, type ShellSpecification } from './specification.ts';

const MAX_SAMPLES = 64;
const MAX_PROBES = 128;
const MAX_REPAIRS = 16;

/**
 * Command lines for a shell, and argument arrays for no shell: the programs, subcommands, flags, operands and operators that a
 * policy lists, and nothing else.
 *
 * A line is read as bash, dash, BusyBox ash, ksh, mksh and zsh read it alike; not as `cmd.exe`, PowerShell or fish would.
 */
export const shellKind: ArgumentKind<ShellSpecification> = {
  name: 'shell',
  summary: 'a command line or an argument array of listed programs, subcommands, flags and operands',
  types: ['string', 'array'],
  specification: shellSpecification,
  compile: (specification, report) => compiledShell(compileRules(specification, report)),
};

/** The rules behind each compiled kind, for comparison. */
const rulesOf = new WeakMap<CompiledKind, ShellRules>();

function compiledShell(rules: ShellRules): CompiledKind {
  const expected = describe(rules);
  const check = (value: JsonValue): readonly KindProblem[] => {
    const read = readValue(value, rules);
    if ('found' in read) return [problemOf(read.found, expected, read.pointer)];
    return judgeLine(read.line, rules)
      .found.slice(0, MAX_FOUND)
      .map((found) => problemOf(found, expected));
  };
  const samples = (): readonly JsonValue[] =>
    unique(sampleValues(rules).samples.filter((value) => check(value).length === 0)).slice(0, MAX_SAMPLES);
  const probes = (): readonly JsonValue[] => unique(sampleValues(rules).probes).slice(0, MAX_PROBES);
  const compiled: CompiledKind = {
    kind: 'shell',
    expected,
    check,
    canonical: (value) => {
      if (check(value).length > 0) return undefined;
      const read = readValue(value, rules);
      if (typeof value !== 'string' || 'found' in read) return value;
      const printed = printLine(read.line);
      // quoting anew can lengthen a line that is near the bound; it then stays as it is
      return printed.length > rules.maxLength ? value : printed;
    },
    isWithin: (other) => {
      const outer = rulesOf.get(other);
      if (outer !== undefined && isRulesWithin(rules, outer)) return 'yes';
      const isShown = [...samples(), ...probes()].some(
        (value) => check(value).length === 0 && other.check(value).length > 0,
      );
      return isShown ? 'no' : 'unknown';
    },
    samples,
    probes,
    repair: (value) => {
      const near = repairValue(value, rules);
      const passing = near.filter((candidate) => check(candidate).length === 0);
      return unique([...passing, ...samples()]).slice(0, MAX_REPAIRS);
    },
    resources: (value) => {
      const read = readValue(value, rules);
      return 'line' in read ? resourcesOf(judgeLine(read.line, rules)) : [];
    },
  };
  rulesOf.set(compiled, rules);
  return compiled;
}

function unique(values: readonly JsonValue[]): readonly JsonValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

const FORMS: Readonly<Record<ShellRules['form'], string>> = {
  argv: 'an array of a program and its arguments',
  either: 'a command line, or an array of a program and its arguments,',
  line: 'a command line',
};

function describe({ form, programs, operators }: ShellRules): string {
  const joined =
    form === 'argv'
      ? ''
      : operators.size === 0
        ? ', without operators'
        : `, with no operators but ${listed(operators)}`;
  return `${FORMS[form]} that runs ${listed(programs.keys())}${joined}`;
}
