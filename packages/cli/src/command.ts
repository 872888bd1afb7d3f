import type { CommandIo } from './command-io.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Format } from './format.ts';
import type { Style } from './output/style.ts';
import type { Writer } from './output/writer.ts';

/** One option of a command, as it is parsed, completed in messages and shown in help. */
export interface OptionSpec {
  readonly kind: 'text' | 'flag';
  readonly short?: string;
  /** May be given more than once. Any other option given twice is an error. */
  readonly multiple?: boolean;
  /** The value's name in help; for `text` options. */
  readonly placeholder?: string;
  /** The only values accepted. */
  readonly choices?: readonly string[];
  readonly description: string;
}

/** Parsed and checked arguments of one run. */
export interface Invocation {
  readonly positionals: readonly string[];
  /** The last value of a `text` option. */
  text(name: string): string | undefined;
  /** All values of a repeatable option, in order. */
  texts(name: string): readonly string[];
  flag(name: string): boolean;
}

/** What a running command is given; `F` is the formats that it declares. */
export interface CommandContext<F extends Format = Format> {
  readonly io: CommandIo;
  readonly format: F;
  /** The command's own output. */
  readonly out: Writer;
  /** Diagnostics. */
  readonly err: Writer;
  /** Colours for `out`. */
  readonly style: Style;
}

/** One command: its help and its work; `F` is the formats that it declares. */
export interface CommandSpec<F extends Format = Format> {
  /** As typed: `check`, `ledger verify`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows the name in the usage line. */
  readonly usage: string;
  /** Paragraphs of help. */
  readonly description: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** How many positionals, `[least, most]`. */
  readonly positionals: readonly [number, number];
  readonly examples: readonly { readonly command: string; readonly says: string }[];
  /** What `--format` takes; the first is the default. */
  readonly formats: readonly [F, ...F[]];
  /** What each exit code means for this command. */
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>;
  /** The exit code when the reader of the output went away before the end; 0 unless the code is a verdict on all of the input. */
  readonly whenCutShort: ExitCode;
  run(invocation: Invocation, context: CommandContext<F>): Promise<ExitCode>;
}
