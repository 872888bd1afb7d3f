import { CallgateError, excerpt, InternalError } from '@callgate/canonical';

import { didYouMean } from './arguments/nearest-word.ts';
import { parseArguments } from './arguments/parse-arguments.ts';
import type { CommandIo } from './command-io.ts';
import { COMMANDS } from './command-table.ts';
import type { CommandSpec } from './command.ts';
import { OutputError, UsageError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { commandHelp, programHelp } from './output/help.ts';
import { printable } from './output/printable.ts';
import { createStyle, wantsColour, type Style } from './output/style.ts';
import { createWriter, type Writer } from './output/writer.ts';
import { packageVersion } from './version.ts';

/** What one run works with. */
interface Streams {
  readonly commands: readonly CommandSpec[];
  readonly io: CommandIo;
  readonly out: Writer;
  readonly err: Writer;
  readonly style: Style;
}

/**
 * Runs one command line and returns its exit code; see {@link EXIT}. Never throws: what goes wrong is said on standard
 * error and in the code.
 *
 * @param argv the arguments after the program's name
 */
export async function run(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  return runOneOf(COMMANDS, argv, io);
}

/** The same with other commands. */
export async function runOneOf(
  commands: readonly CommandSpec[],
  argv: readonly string[],
  io: CommandIo,
): Promise<ExitCode> {
  const out = createWriter(io.stdout);
  const err = createWriter(io.stderr);
  const streams: Streams = { commands, io, out, err, style: createStyle(wantsColour(out.isTerminal, io.env)) };
  const code = await dispatch(argv, streams).catch(async (error: unknown) => report(error, streams));
  await err.flush().catch(() => {
    // Nobody reads the diagnostics; the exit code still speaks.
  });
  return code;
}

async function dispatch(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  const [first] = argv;
  if (first === '--version' || first === '-V') return show(`${packageVersion()}\n`, streams);
  if (first === '--help' || first === '-h') return show(programHelp(streams.commands, streams.style), streams);
  if (first === 'help') return showHelp(argv.slice(1), streams);
  if (first === undefined) {
    streams.err.print(programHelp(streams.commands, createStyle(wantsColour(streams.err.isTerminal, streams.io.env))));
    return EXIT.usage;
  }
  const { group, command, rest } = findCommand(argv, streams.commands);
  if (command === undefined) {
    if (rest[0] === '--help' || rest[0] === '-h') return show(programHelp(group, streams.style), streams);
    throw new UsageError(null, unknownCommand(argv, group, streams.commands));
  }
  return runCommand(command, rest, streams);
}

async function runCommand(command: CommandSpec, args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { invocation, format, wantsHelp } = parseArguments(command, args);
  if (wantsHelp) return show(commandHelp(command, streams.style), streams);
  let code: ExitCode = command.whenCutShort;
  try {
    code = await command.run(invocation, { ...streams, format });
    await streams.out.flush();
  } catch (error) {
    if (error instanceof OutputError && error.isClosed) return code;
    // What was printed before the failure is still output.
    await streams.out.flush().catch(() => {});
    throw error;
  }
  return code;
}

/** The command named by the first one or two words; `group` holds the commands that begin with the first. */
function findCommand(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): {
  readonly command: CommandSpec | undefined;
  readonly group: readonly CommandSpec[];
  readonly rest: readonly string[];
} {
  const [first = '', second = ''] = argv;
  const group = commands.filter((command) => command.name.split(' ')[0] === first);
  const pair = group.find((command) => command.name === `${first} ${second}`);
  const command = pair ?? group.find(({ name }) => name === first);
  return { command, group, rest: argv.slice(pair === undefined ? 1 : 2) };
}

function unknownCommand(
  argv: readonly string[],
  group: readonly CommandSpec[],
  commands: readonly CommandSpec[],
): string {
  const [first = '', second] = argv;
  if (group.length === 0) {
    const words = [...new Set(commands.map((command) => command.name.split(' ')[0] ?? ''))];
    if (first.startsWith('-'))
      return `unknown option \`${excerpt(first)}\`${didYouMean(first, ['--help', '--version'])}`;
    return `unknown command \`${excerpt(first)}\`${didYouMean(first, words)}`;
  }
  const words = group.map((command) => command.name.split(' ')[1] ?? '');
  const choices = words.map((word) => `\`${first} ${word}\``).join(', ');
  if (second === undefined) return `expected one of ${choices}`;
  return `unknown command \`${first} ${excerpt(second)}\`${didYouMean(second, words, `${first} `) || `; expected one of ${choices}`}`;
}

async function showHelp(words: readonly string[], streams: Streams): Promise<ExitCode> {
  if (words.length === 0) return show(programHelp(streams.commands, streams.style), streams);
  const { command, group } = findCommand(words, streams.commands);
  if (command !== undefined) return show(commandHelp(command, streams.style), streams);
  if (group.length > 0 && words.length === 1) return show(programHelp(group, streams.style), streams);
  throw new UsageError(null, unknownCommand(words, group, streams.commands));
}

async function show(text: string, streams: Streams): Promise<ExitCode> {
  streams.out.print(text);
  await streams.out.flush().catch((error: unknown) => {
    if (!(error instanceof OutputError && error.isClosed)) throw error;
  });
  return EXIT.fine;
}

/** Says on standard error what ended the command. */
function report(error: unknown, { io, err }: Streams): ExitCode {
  const style = createStyle(wantsColour(err.isTerminal, io.env));
  const prefix = style.red('callgate:');
  if (!CallgateError.is(error) || error instanceof InternalError) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    err.printLine(
      `${prefix} internal error, please report it: ${text
        .split('\n')
        .map((line) => printable(line))
        .join('\n')}`,
    );
    return EXIT.internal;
  }
  for (const line of error.message.split('\n')) err.printLine(`${prefix} ${printable(line, 1_000)}`);
  if (error instanceof UsageError)
    err.printLine(`see \`callgate ${error.command === null ? '' : `${error.command} `}--help\``);
  return error instanceof OutputError ? EXIT.internal : EXIT.usage;
}
