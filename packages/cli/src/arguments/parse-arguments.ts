import { parseArgs, type ParseArgsConfig } from 'node:util';

import { excerpt } from '@callgate/canonical';

import type { CommandSpec, Invocation, OptionSpec } from '../command.ts';
import { UsageError } from '../errors.ts';
import { FORMATS, type Format } from '../format.ts';
import { didYouMean } from './nearest-word.ts';

const HELP: OptionSpec = { kind: 'flag', short: 'h', description: 'show this help' };

/** Every option of a command: its own, and the two that all have. */
export function optionsOf(spec: CommandSpec): Readonly<Record<string, OptionSpec>> {
  return { ...spec.options, format: formatOption(spec.formats), help: HELP };
}

function formatOption(formats: CommandSpec['formats']): OptionSpec {
  const uses = formats.map((format) => `${format} ${FORMATS[format]}`).join('; ');
  return {
    kind: 'text',
    placeholder: 'name',
    choices: formats,
    description: `how to print: ${uses} (default ${formats[0]})`,
  };
}

/** What the arguments of one command say. */
export interface ParsedArguments {
  readonly invocation: Invocation;
  readonly format: Format;
  readonly wantsHelp: boolean;
}

/**
 * Parses the arguments after the command's name.
 *
 * @throws {UsageError} for an unknown option (with the nearest known one), a missing or surplus value, a value that is
 *   not among the choices, an option given twice, too few or too many positionals
 */
export function parseArguments(spec: CommandSpec, args: readonly string[]): ParsedArguments {
  const options = optionsOf(spec);
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokenize(options, args)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') take(spec, options, values, token);
  }
  const wantsHelp = values.has('help');
  if (!wantsHelp) checkPositionals(spec, positionals);
  return {
    invocation: {
      positionals,
      text: (name) => values.get(name)?.at(-1),
      texts: (name) => values.get(name) ?? [],
      flag: (name) => values.has(name),
    },
    format: spec.formats.find((format) => format === values.get('format')?.at(-1)) ?? spec.formats[0],
    wantsHelp,
  };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/** Lenient tokens: what is wrong with them is said here, in our words. */
function tokenize(options: Readonly<Record<string, OptionSpec>>, args: readonly string[]): readonly Token[] {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, option] of Object.entries(options)) {
    config[name] = {
      type: option.kind === 'text' ? 'string' : 'boolean',
      ...(option.short === undefined ? {} : { short: option.short }),
    };
  }
  return parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function take(
  spec: CommandSpec,
  options: Readonly<Record<string, OptionSpec>>,
  values: Map<string, string[]>,
  token: OptionToken,
): void {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (option === undefined) {
    const guess = token.rawName.startsWith('--') ? didYouMean(token.name, Object.keys(options), '--') : '';
    throw new UsageError(spec.name, `unknown option \`${excerpt(token.rawName)}\`${guess}`);
  }
  const known = values.get(token.name);
  if (known !== undefined && option.multiple !== true && token.name !== 'help') {
    throw new UsageError(spec.name, `expected \`${token.rawName}\` once, got it twice`);
  }
  const value = option.kind === 'flag' ? flagValue(spec, token) : textValue(spec, option, token);
  values.set(token.name, [...(known ?? []), value]);
}

function flagValue(spec: CommandSpec, token: OptionToken): string {
  if (token.value !== undefined) throw new UsageError(spec.name, `expected no value for \`${token.rawName}\``);
  return '';
}

function textValue(spec: CommandSpec, option: OptionSpec, token: OptionToken): string {
  const { value } = token;
  const isNextOption = token.inlineValue === false && value !== undefined && value.length > 1 && value.startsWith('-');
  if (value === undefined || isNextOption) {
    const remedy = isNextOption ? `; write \`${token.rawName}=…\` for a value that begins with a dash` : '';
    throw new UsageError(spec.name, `expected a value for \`${token.rawName}\`${remedy}`);
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const choices = option.choices.map((choice) => `\`${choice}\``).join(', ');
    const guess = didYouMean(value, option.choices);
    throw new UsageError(
      spec.name,
      `expected \`${token.rawName}\` to be one of ${choices}, got \`${excerpt(value)}\`${guess}`,
    );
  }
  return value;
}

function checkPositionals(spec: CommandSpec, positionals: readonly string[]): void {
  const [least, most] = spec.positionals;
  if (positionals.length < least) throw new UsageError(spec.name, `expected ${spec.usage}`);
  const surplus = positionals[most];
  if (surplus !== undefined) throw new UsageError(spec.name, `unexpected argument \`${excerpt(surplus)}\``);
}
