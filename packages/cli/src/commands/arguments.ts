import { standardKinds } from '@callgate/arguments';
import { excerpt, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { ArgumentKind } from '@callgate/policy';

import { didYouMean } from '../arguments/nearest-word.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { judgeLines, type LineAnswer } from '../input/judge-lines.ts';
import { parseJson } from '../input/parse-json.ts';
import { readText } from '../input/read-text.ts';
import { judgeValue, type ValueVerdict } from '../kinds/judge-value.ts';
import { listKinds } from '../kinds/kind-list.ts';
import { compileSpecification } from '../kinds/kind-specification.ts';
import { kindLines, problemText } from '../output/kind-text.ts';
import { printable, printableJson } from '../output/printable.ts';

const NAME = 'arguments';

type ArgumentsFormat = 'json' | 'pretty';

/** `callgate arguments` for these kinds. */
export function createArgumentsCommand(kinds: readonly ArgumentKind[]): CommandSpec<ArgumentsFormat> {
  return {
    name: NAME,
    summary: 'judge values by an argument kind, one JSON object a line',
    usage: '--kind <name> [--spec <JSON>] < values.jsonl, or --list',
    description: [
      'Each line is `{"id"?, "value"}`; other members are ignored. Each answer is one line, in the order of the input: `{"id", "verdict", "code"}`, where `verdict` is `pass`, `fail` (judged, and refused) or `error` (could not be judged, which refuses as well), and `code` that of the first problem, null for a value that passes.',
      'A value of a JSON type that the kind does not take fails with the code `type`. A line that is not such an object is answered in its place with the verdict `error`, the code `input.malformed`, its number and why; it does not stop the stream. Memory does not grow with the input.',
    ],
    options: {
      kind: { kind: 'text', short: 'k', placeholder: 'name', description: 'the kind to judge by; see `--list`' },
      spec: {
        kind: 'text',
        placeholder: 'JSON|@file',
        description: 'its keys, as an envelope gives them (default {}); may name the `kind`',
      },
      'spec-file': { kind: 'text', placeholder: 'file', description: 'the same from a file of JSON' },
      verbose: { kind: 'flag', short: 'v', description: 'add every problem with what was expected and what to do' },
      list: { kind: 'flag', description: 'show the kinds and their keys (with `--kind`: that one) and exit' },
    },
    positionals: [0, 0],
    examples: [
      { command: 'callgate arguments --list', says: 'what there is' },
      {
        command: 'callgate arguments --kind sql --spec \'{"dialect":"postgres"}\' < values.jsonl',
        says: 'a verdict a line',
      },
      {
        command:
          'callgate arguments -k path --spec-file path.json < values.jsonl | jq -c \'select(.verdict != "pass")\'',
        says: 'what does not pass',
      },
    ],
    formats: ['json', 'pretty'],
    exits: {
      0: 'every value passes',
      1: 'a value fails or cannot be judged, a line is malformed, or output ended early',
      2: 'the kind or its specification is wrong, input cannot be read, or usage',
    },
    // What was not judged did not pass.
    whenCutShort: EXIT.findings,
    run: (invocation, context) => runArguments(kinds, invocation, context),
  };
}

/** `callgate arguments`. */
export const argumentsCommand: CommandSpec<ArgumentsFormat> = createArgumentsCommand(standardKinds);

async function runArguments(
  kinds: readonly ArgumentKind[],
  invocation: Invocation,
  context: CommandContext<ArgumentsFormat>,
): Promise<ExitCode> {
  if (invocation.flag('list')) {
    const name = invocation.text('kind');
    print(name === undefined ? kinds : [findKind(kinds, name)], context);
    return EXIT.fine;
  }
  const specification = await readSpecification(invocation, context);
  const kind = findKind(kinds, kindName(invocation, specification));
  const compiled = await compileSpecification(kind, specification);
  const isVerbose = invocation.flag('verbose') || context.format === 'pretty';
  return judgeLines(context, {
    unit: 'values judged',
    parse: parseJson,
    read: readValue,
    judge: (value) => judgeValue(kind, compiled, value),
    isFine: ({ verdict }) => verdict === 'pass',
    show: (answer) =>
      context.format === 'json' ? answerJson(answer, isVerbose, context) : answerText(answer, context),
  });
}

function print(kinds: readonly ArgumentKind[], { out, style, format }: CommandContext<ArgumentsFormat>): void {
  for (const listed of listKinds(kinds)) {
    const lines =
      format === 'pretty' ? kindLines(listed, style) : [printableJson(JSON.stringify(listed), out.isTerminal)];
    for (const line of lines) out.printLine(line);
  }
}

async function readSpecification(invocation: Invocation, { io }: CommandContext): Promise<JsonObject> {
  const [spec, file] = [invocation.text('spec'), invocation.text('spec-file')];
  if (spec !== undefined && file !== undefined)
    throw new UsageError(NAME, 'expected `--spec` or `--spec-file`, not both');
  if (spec === '-') throw new UsageError(NAME, 'expected `--spec` as JSON or `@file`: standard input has the values');
  const given = file === undefined ? spec : `@${file}`;
  const value = given === undefined ? {} : parseJson(await readText(given, io));
  if (!isJsonObject(value)) throw new UsageError(NAME, 'expected the specification to be an object of keys');
  return value;
}

/** The kind's name, from `--kind` or the specification, which may not contradict each other. */
function kindName(invocation: Invocation, specification: JsonObject): string {
  const inside = own(specification, 'kind');
  const name = invocation.text('kind') ?? inside;
  if (typeof name !== 'string') throw new UsageError(NAME, 'expected `--kind <name>`; `--list` shows the kinds');
  if (inside !== undefined && inside !== name)
    throw new UsageError(NAME, `expected one kind, got \`${excerpt(name)}\` and another one in the specification`);
  return name;
}

function findKind(kinds: readonly ArgumentKind[], name: string): ArgumentKind {
  const kind = kinds.find((candidate) => candidate.name === name);
  if (kind !== undefined) return kind;
  const names = kinds.map((candidate) => candidate.name).toSorted();
  const guess = didYouMean(name, names) || `; expected one of ${names.map((one) => `\`${one}\``).join(', ')}`;
  throw new UsageError(NAME, `unknown kind \`${excerpt(name)}\`${guess}`);
}

/** The value that a line brings. */
function readValue(line: JsonValue): JsonValue {
  if (!isJsonObject(line)) throw new InputError('expected an object with `value`');
  const value = own(line, 'value');
  if (value === undefined) throw new InputError('expected `value`, got nothing');
  return value;
}

function answerJson(answer: LineAnswer<ValueVerdict>, isVerbose: boolean, { out }: CommandContext): string {
  return printableJson(JSON.stringify(answerBody(answer, isVerbose)), out.isTerminal);
}

function answerBody(answer: LineAnswer<ValueVerdict>, isVerbose: boolean): object {
  if ('judged' in answer) {
    const { verdict, code, problems } = answer.judged;
    return { id: answer.id, verdict, code, ...(isVerbose ? { problems } : {}) };
  }
  const { id, line, problem: message } = answer;
  return { id, verdict: 'error', code: 'input.malformed', line, message, ...(isVerbose ? { problems: [] } : {}) };
}

function answerText(answer: LineAnswer<ValueVerdict>, { style }: CommandContext): string {
  const name = answer.id === null ? '' : ` ${printable(String(answer.id))}`;
  if (!('judged' in answer)) {
    return `${style.yellow('ERROR')}${name} line ${answer.line}: ${printable(answer.problem, 500)}`;
  }
  const { verdict, problems } = answer.judged;
  const word = { pass: style.green('PASS'), fail: style.red('FAIL'), error: style.yellow('ERROR') }[verdict];
  const [first, ...others] = problems.map((problem) => problemText(problem));
  return [`${word}${name}${first === undefined ? '' : `: ${first}`}`, ...others.map((text) => `      ${text}`)].join(
    '\n',
  );
}
