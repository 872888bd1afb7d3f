import { optionsOf } from '../arguments/parse-arguments.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';
import type { Style } from './style.ts';

const WIDTH = 100;

/** The program's help: every command in a line. */
export function programHelp(commands: readonly CommandSpec[], style: Style): string {
  const rows = commands.map((command): Row => [command.name, command.summary]);
  return [
    'The checkpoint between an agent and its MCP servers, from the command line.',
    '',
    `${style.bold('Usage')}  callgate <command> [options]`,
    '',
    style.bold('Commands'),
    ...table(rows, style),
    '',
    style.bold('Options'),
    ...table(
      [
        ['-h, --help', 'show this help, or a command’s'],
        ['-V, --version', 'show the version'],
      ],
      style,
    ),
    '',
    style.bold('Exit codes'),
    ...table(
      [
        ['0', 'fine'],
        ['1', 'something was found, denied or held'],
        ['2', 'the command line, a file it names or the policy is wrong'],
        ['3', 'a defect of callgate, or output that could not be written'],
        ['4', 'of what was found: a call goes ahead that did not before'],
      ],
      style,
    ),
    '',
    '`callgate <command> --help` shows the options of a command and examples.',
    '',
  ].join('\n');
}

/** One command's help. */
export function commandHelp(command: CommandSpec, style: Style): string {
  const optionRows = Object.entries(optionsOf(command)).map(([name, option]): Row => [
    optionTitle(name, option),
    optionText(option),
  ]);
  const exitRows = Object.entries(command.exits).map(([code, meaning]): Row => [code, meaning]);
  return [
    `${capitalize(command.summary)}.`,
    '',
    `${style.bold('Usage')}  callgate ${command.name} ${command.usage}`,
    ...command.description.flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]),
    '',
    style.bold('Options'),
    ...table(optionRows, style),
    '',
    style.bold('Exit codes'),
    ...table(exitRows, style),
    '',
    style.bold('Examples'),
    ...command.examples.flatMap((example) => [`  ${style.dim(`# ${example.says}`)}`, `  ${example.command}`]),
    '',
  ].join('\n');
}

type Row = readonly [title: string, text: string];

function optionTitle(name: string, option: OptionSpec): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${name}${option.kind === 'text' ? ` <${option.placeholder ?? 'value'}>` : ''}`;
}

function optionText(option: OptionSpec): string {
  return `${option.description}${option.multiple === true ? ' (repeatable)' : ''}`;
}

function table(rows: readonly Row[], style: Style): string[] {
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows.flatMap(([title, text]) => {
    const [first = '', ...rest] = wrap(text, WIDTH - width - 4);
    return [`  ${style.cyan(title.padEnd(width))}  ${first}`, ...rest.map((line) => `${' '.repeat(width + 4)}${line}`)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
