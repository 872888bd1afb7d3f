import * as z from 'zod';

import { flag, specification, texts, whole, word } from '../internal/specification.ts';

/** An operator that a command line may use. `background` is `&`, `merge` is `2>&1`. */
export type ShellOperator =
  | 'and'
  | 'append'
  | 'background'
  | 'merge'
  | 'or'
  | 'pipe'
  | 'redirect-in'
  | 'redirect-out'
  | 'sequence';

const SHELL_OPERATORS: readonly [ShellOperator, ...ShellOperator[]] = [
  'pipe',
  'and',
  'or',
  'sequence',
  'background',
  'redirect-in',
  'redirect-out',
  'append',
  'merge',
];

/** What may follow a program or a subcommand. What is not listed is refused. */
export interface ShellCommandSpecification {
  /** The flags allowed, or `any`. Default: none. */
  readonly flags?: 'any' | readonly string[];
  /** The flags allowed before a subcommand. Default: none. */
  readonly globalFlags?: readonly string[];
  /** What must come first: names that share `flags` and `operands`, or a name with what may follow it (`flags` besides). */
  readonly subcommands?: readonly string[] | Readonly<Record<string, 'any' | ShellCommandSpecification>>;
  /** What each operand may be, one of these; or `any`. Default: none. */
  readonly operands?: 'any' | readonly string[];
  /** Default 0. */
  readonly minOperands?: number;
  /** Default: no bound. */
  readonly maxOperands?: number;
  /** The operands after this many are a command of their own, judged by `programs` (`sudo`, `env`, `xargs`: 0; `timeout`: 1). */
  readonly commandAfter?: number;
  /** The roots of `<path>`. Default: those of the program, then those of the specification. */
  readonly paths?: readonly string[];
  /** Says that what is listed can run other programs and is meant to. Default false. */
  readonly runsPrograms?: boolean;
}

/** The keys of `{ kind: shell, … }`. */
export interface ShellSpecification {
  /** The programs that may run, as they are typed. `any` is every flag and operand. */
  readonly programs: Readonly<Record<string, 'any' | ShellCommandSpecification>>;
  /** Default `line`. */
  readonly form?: 'argv' | 'either' | 'line';
  /** Default: none. */
  readonly operators?: readonly ShellOperator[];
  /** The roots of `<path>` where a program has none of its own. */
  readonly paths?: readonly string[];
  /** The files and folders that redirections may name. */
  readonly redirects?: readonly string[];
  /** UTF-16 code units of the line, or of all arguments together. Default 8,192, at most 65,536. */
  readonly maxLength?: number;
  /** Commands in one line. Default 8, at most 256. */
  readonly maxCommands?: number;
}

const NOTATION =
  '`<text>`, `<number>`, `<word>` (letters, digits, `_`, `.`, `-`), `<path>` (under `paths`), `</pattern/>` (RE2, the whole text), or the text itself';

/** What may follow a program; subcommands may have subcommands `depth` times. */
function commandSchema(depth: number): z.ZodType<'any' | ShellCommandSpecification> {
  const any = z.literal('any', { error: '`any`' });
  const names = texts('the name of a subcommand');
  const subcommands =
    depth === 0
      ? names
      : z.union([names, z.record(z.string(), commandSchema(depth - 1), { error: 'a map of subcommands' })], {
          error: 'a list of subcommands, or a map from each to what may follow it',
        });
  const shape = {
    flags: z
      .union([any, texts('a flag')], { error: '`any`, or a list of flags' })
      .exactOptional()
      .describe(
        'Flags allowed: `--name`, `--name <type>`, `--name=<type>`, `--name[=<type>]`, `-n`, `-n <type>`, `-<number>`. Default: none.',
      ),
    globalFlags: texts('a flag').exactOptional().describe('Flags allowed before a subcommand. Default: none.'),
    subcommands: subcommands
      .exactOptional()
      .describe('Subcommands allowed; one must come first. A list, or a map to what may follow each.'),
    operands: z
      .union([any, texts('an operand')], { error: '`any`, or a list of what an operand may be' })
      .exactOptional()
      .describe(`What each operand may be: ${NOTATION}. Default: no operands.`),
    minOperands: whole(0, 4096).exactOptional().describe('Operands required. Default 0.'),
    maxOperands: whole(0, 4096).exactOptional().describe('Operands at most. Default: no bound.'),
    commandAfter: whole(0, 16)
      .exactOptional()
      .describe('The operands after this many are a command of their own, judged by `programs`.'),
    paths: texts('a path')
      .exactOptional()
      .describe('The roots of `<path>`. `.` is every relative path that does not climb.'),
    runsPrograms: flag()
      .exactOptional()
      .describe('Says that what is listed can run other programs, and is meant to. Default false.'),
  };
  return z.union([any, specification(shape)], { error: '`any`, or an object of keywords' }) as z.ZodType<
    'any' | ShellCommandSpecification
  >;
}

const SUBCOMMAND_DEPTH = 2;

export const shellSpecification: z.ZodObject & z.ZodType<ShellSpecification> = specification({
  programs: z
    .record(z.string(), commandSchema(SUBCOMMAND_DEPTH), { error: 'a map from each program to what may follow it' })
    .describe('The programs that may run, as they are typed, each with what may follow it, or `any`.'),
  form: word('line', 'argv', 'either')
    .exactOptional()
    .describe('`line`: a string for a shell; `argv`: an array of strings, no shell; or `either`. Default `line`.'),
  operators: z
    .array(word(...SHELL_OPERATORS), { error: 'a list of operators' })
    .exactOptional()
    .describe('Operators allowed in a line. Default: none.'),
  paths: texts('a path').exactOptional().describe('The roots of `<path>` where a program has none of its own.'),
  redirects: texts('a path')
    .exactOptional()
    .describe('Files and folders that redirections may name. Needed with `redirect-in`, `redirect-out` and `append`.'),
  maxLength: whole(1, 65_536).exactOptional().describe('UTF-16 code units in all. Default 8192, at most 65,536.'),
  maxCommands: whole(1, 256).exactOptional().describe('Commands in one line. Default 8.'),
}) as z.ZodObject & z.ZodType<ShellSpecification>;
