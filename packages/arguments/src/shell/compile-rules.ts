import { appendPointer } from '@callgate/canonical';
import type { ReportKindIssue } from '@callgate/policy';

import { isSingleDashWord, parseFlag, type FlagRule } from './flag-rule.ts';
import { isRunning, launcherOf, programName, type Launcher } from './launchers.ts';
import { isPlainPath, parsePath, type LexicalPath } from './path.ts';
import { RESERVED } from './reserved.ts';
import type { CommandRule, ShellRules } from './rules.ts';
import type { ShellCommandSpecification, ShellSpecification } from './specification.ts';
import { parseValueRule, type ValueRule } from './value-rule.ts';

const MAX_LENGTH = 8192;
const MAX_COMMANDS = 8;

/** Programs with flags such as `-name`, whatever flags are listed. */
const SINGLE_DASH: ReadonlySet<string> = new Set(
  'find java javac openssl ffmpeg ffprobe gcc g++ clang ld go terraform convert magick qemu-img xrandr ip test dd'.split(
    ' ',
  ),
);

/** Where in the specification a rule is compiled, and with what. */
interface Place {
  readonly program: string;
  readonly launcher: Launcher | undefined;
  readonly subcommand: string;
  readonly pointer: string;
  readonly paths: readonly LexicalPath[];
  /** What the parent lets all its subcommands have. */
  readonly inherited: ShellCommandSpecification | undefined;
  readonly report: ReportKindIssue;
}

/** Compiles a specification; what is wrong with it goes to `report`. */
export function compileRules(written: ShellSpecification, report: ReportKindIssue): ShellRules {
  const paths = parseRoots(written.paths, '/paths', report);
  const programs = new Map<string, CommandRule>();
  for (const [program, specification] of Object.entries(written.programs)) {
    const pointer = appendPointer('/programs', program);
    checkProgram(program, pointer, report);
    const launcher = launcherOf(program);
    programs.set(
      program,
      compileCommand(specification, {
        program,
        launcher,
        subcommand: '',
        pointer,
        paths,
        inherited: undefined,
        report,
      }),
    );
  }
  if (programs.size === 0) report('/programs', 'at least one program', 'none');
  const operators = new Set(written.operators);
  const redirects = parseRoots(written.redirects, '/redirects', report);
  const needsTargets = operators.has('redirect-in') || operators.has('redirect-out') || operators.has('append');
  if (needsTargets && redirects.length === 0) {
    report('/redirects', 'the files and folders that redirections may name', 'none');
  }
  return {
    form: written.form ?? 'line',
    programs,
    operators,
    redirects,
    maxLength: written.maxLength ?? MAX_LENGTH,
    maxCommands: written.maxCommands ?? MAX_COMMANDS,
  };
}

function checkProgram(program: string, pointer: string, report: ReportKindIssue): void {
  if (RESERVED.has(program)) report(pointer, 'a program', 'a word of the shell language');
  else if (!/^[\w./@%:,][\w./@%:,+-]*$/u.test(program) || program.endsWith('/')) {
    report(pointer, 'a program as it is typed, of letters, digits and `_./@%:,+-`', 'another text');
  }
}

function compileCommand(written: 'any' | ShellCommandSpecification, place: Place): CommandRule {
  const specification: ShellCommandSpecification = written === 'any' ? { flags: 'any', operands: 'any' } : written;
  const { pointer, report } = place;
  const paths =
    specification.paths === undefined ? place.paths : parseRoots(specification.paths, `${pointer}/paths`, report);
  const own: Place = { ...place, paths };
  const flags = compileFlags(specification, own);
  const isNested = specification.subcommands !== undefined;
  const rule: CommandRule = {
    flags,
    globalFlags: parseFlags(specification.globalFlags, `${pointer}/globalFlags`, { ...own, subcommand: '' }),
    hasClusters: !hasSingleDash(place.program, flags),
    subcommands: isNested ? compileSubcommands(specification, own) : undefined,
    operands: isNested ? [] : compileOperands(specification, own),
    minOperands: specification.minOperands ?? 0,
    maxOperands: specification.maxOperands ?? Number.POSITIVE_INFINITY,
    commandAfter: specification.commandAfter,
  };
  if (written !== 'any') checkCommand(written, own);
  else if (place.launcher !== undefined) {
    report(
      pointer,
      `its flags and operands, because \`${programName(place.program)}\` can run other programs`,
      '`any`',
    );
  }
  return rule;
}

function compileFlags(specification: ShellCommandSpecification, place: Place): CommandRule['flags'] {
  const inherited = place.inherited?.flags;
  if (specification.flags === 'any' || inherited === 'any') return 'any';
  // those of the parent are reported at the parent
  const shared = parseFlags(inherited, place.pointer, { ...place, report: () => undefined });
  const own = parseFlags(specification.flags, `${place.pointer}/flags`, place);
  return new Map([...shared, ...own]);
}

function parseFlags(
  written: readonly string[] | undefined,
  pointer: string,
  place: Place,
): ReadonlyMap<string, FlagRule> {
  const rules = new Map<string, FlagRule>();
  for (const [index, text] of (written ?? []).entries()) {
    const parsed = parseFlag(text, place.paths);
    if ('expected' in parsed) place.report(`${pointer}/${index}`, parsed.expected, 'another text');
    else if (rules.has(parsed.rule.name))
      place.report(`${pointer}/${index}`, 'each flag once', 'one that is there already');
    else rules.set(parsed.rule.name, parsed.rule);
  }
  return rules;
}

function hasSingleDash(program: string, flags: CommandRule['flags']): boolean {
  return SINGLE_DASH.has(programName(program)) || (flags !== 'any' && [...flags.keys()].some(isSingleDashWord));
}

function compileSubcommands(specification: ShellCommandSpecification, place: Place): ReadonlyMap<string, CommandRule> {
  const { subcommands = [] } = specification;
  const isList = Array.isArray(subcommands);
  const entries: readonly (readonly [string, 'any' | ShellCommandSpecification])[] = isList
    ? (subcommands as readonly string[]).map((name) => [name, {}])
    : Object.entries(subcommands);
  const rules = new Map<string, CommandRule>();
  for (const [index, [name, own]] of entries.entries()) {
    const pointer = appendPointer(`${place.pointer}/subcommands`, isList ? index : name);
    if (!/^[\w:.@+][\w:.@+/-]*$/u.test(name)) place.report(pointer, 'the name of a subcommand', 'another text');
    if (place.launcher?.subcommands.has(name) === true && !mayRun(specification, own)) {
      place.report(pointer, '`runsPrograms: true` beside a subcommand that can run other programs', 'none');
    }
    const { operands, minOperands, maxOperands, flags, runsPrograms } = specification;
    const inherited = {
      ...(flags === undefined ? {} : { flags }),
      ...(runsPrograms === undefined ? {} : { runsPrograms }),
    };
    const merged: 'any' | ShellCommandSpecification =
      own === 'any'
        ? own
        : {
            ...(operands === undefined ? {} : { operands }),
            ...(minOperands === undefined ? {} : { minOperands }),
            ...(maxOperands === undefined ? {} : { maxOperands }),
            ...own,
          };
    rules.set(name, compileCommand(merged, { ...place, subcommand: name, pointer, inherited }));
  }
  if (rules.size === 0) place.report(`${place.pointer}/subcommands`, 'at least one subcommand', 'none');
  return rules;
}

function mayRun(parent: ShellCommandSpecification, own: 'any' | ShellCommandSpecification): boolean {
  return parent.runsPrograms === true || (own !== 'any' && own.runsPrograms === true);
}

function compileOperands(specification: ShellCommandSpecification, place: Place): CommandRule['operands'] {
  const { operands } = specification;
  if (operands === 'any' || operands === undefined) return operands ?? [];
  const rules: ValueRule[] = [];
  for (const [index, text] of operands.entries()) {
    const parsed = parseValueRule(text, place.paths);
    if ('expected' in parsed) place.report(`${place.pointer}/operands/${index}`, parsed.expected, 'another text');
    else rules.push(parsed.rule);
  }
  return rules;
}

/** What a specification must not say, or must say besides. */
function checkCommand(specification: ShellCommandSpecification, place: Place): void {
  const { pointer, report, launcher } = place;
  const {
    minOperands = 0,
    maxOperands = Number.POSITIVE_INFINITY,
    commandAfter,
    subcommands,
    globalFlags,
  } = specification;
  if (minOperands > maxOperands) report(`${pointer}/minOperands`, 'at most `maxOperands`', 'more');
  if (commandAfter !== undefined && subcommands !== undefined) {
    report(`${pointer}/commandAfter`, 'none beside `subcommands`', 'one');
  }
  if (commandAfter !== undefined && specification.flags === 'any') {
    report(`${pointer}/flags`, 'a list of flags beside `commandAfter`', '`any`');
  }
  if (globalFlags !== undefined && subcommands === undefined) {
    report(`${pointer}/globalFlags`, 'none without `subcommands`', 'a list');
  }
  if (launcher !== undefined) checkLauncher(launcher, specification, place);
}

function checkLauncher(launcher: Launcher, specification: ShellCommandSpecification, place: Place): void {
  const { pointer, report, program, subcommand } = place;
  const name = `\`${programName(program)}\``;
  if (specification.flags === 'any') {
    report(`${pointer}/flags`, `a list of flags, because ${name} can run other programs`, '`any`');
  }
  if (specification.runsPrograms === true || place.inherited?.runsPrograms === true) return;
  const places: readonly (readonly [string, readonly string[], string])[] = [
    ['flags', specification.flags === 'any' ? [] : (specification.flags ?? []), subcommand],
    ['globalFlags', specification.globalFlags ?? [], ''],
  ];
  for (const [key, flags, where] of places) {
    for (const [index, text] of flags.entries()) {
      const flagName = text.split(/[ =[]/u, 1)[0] ?? text;
      if (!isRunning(launcher, flagName, where)) continue;
      report(`${pointer}/${key}/${index}`, '`runsPrograms: true` beside a flag that can run other programs', 'none');
    }
  }
  const { operands, commandAfter } = specification;
  if (!launcher.hasOperands || operands === undefined || commandAfter !== undefined) return;
  if (operands === 'any' || operands.some((operand) => operand.startsWith('<'))) {
    report(
      `${pointer}/operands`,
      `the very operands, \`commandAfter\`, or \`runsPrograms: true\`, because ${name} can run what its operands say`,
      'operands of a type',
    );
  }
}

function parseRoots(
  written: readonly string[] | undefined,
  pointer: string,
  report: ReportKindIssue,
): readonly LexicalPath[] {
  const roots: LexicalPath[] = [];
  for (const [index, text] of (written ?? []).entries()) {
    const root = parsePath(text);
    const isSound = isPlainPath(text) && !text.split('/').includes('..');
    if (isSound) roots.push(root);
    else report(`${pointer}/${index}`, 'a path without `..`, `:` and `~`', 'another text');
  }
  return roots;
}
