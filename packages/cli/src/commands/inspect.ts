import { excerpt, type JsonValue } from '@callgate/canonical';
import {
  FINDING_KINDS,
  STANDARD_DETECTORS,
  createInspector,
  type Detector,
  type Finding,
  type FindingKind,
  type Inspection,
  type Inspector,
} from '@callgate/inspector';
import { RESULT_CLASSES } from '@callgate/policy';

import { didYouMean } from '../arguments/nearest-word.ts';
import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answerLines, textOfLine } from '../input/answer-lines.ts';
import type { InputLine } from '../input/split-lines.ts';
import { inspectLine, lineId } from '../inspect/inspected-line.ts';
import { printable, printableJson } from '../output/printable.ts';

const NAME = 'inspect';

type InspectFormat = 'json' | 'pretty';

/** `callgate inspect` with these detectors. */
export function createInspectCommand(detectors: readonly Detector[]): CommandSpec<InspectFormat> {
  return {
    name: NAME,
    summary: 'inspect texts, results and messages, one JSON object a line',
    usage: '[--only <kinds>] < in.jsonl',
    description: [
      'Each line is `{"id"?, "text"}`, `{"id"?, "result"}` (of a tool) or `{"id"?, "message"}` (JSON-RPC). Each answer is one line, in the order of the input: `{"id", "verdict", "findings"}`, where `verdict` is `pass`, `redact`, `quarantine` or `reject`, and each finding has `rule`, `kind`, `severity`, `pointer`, `start` and `end`. What was found is never printed.',
      'Everything is treated as where a policy says nothing, and personal data is masked. A line that is not such an object is answered in its place with the verdict `error`, its number and why; it does not stop the stream. Memory does not grow with the input.',
    ],
    options: {
      only: {
        kind: 'text',
        placeholder: 'kinds',
        description: `what to look for, of ${searchedKinds().join(', ')}; several by commas (default all)`,
      },
      verbose: {
        kind: 'flag',
        short: 'v',
        description: 'add the encodings around each finding, its part and its reason',
      },
    },
    positionals: [0, 0],
    examples: [
      { command: 'callgate inspect < results.jsonl', says: 'a verdict a line' },
      { command: 'callgate inspect --only secrets < config.jsonl', says: 'only credentials' },
      {
        command: 'callgate inspect < results.jsonl | jq -c \'select(.verdict != "pass")\'',
        says: 'what would not pass as it is',
      },
    ],
    formats: ['json', 'pretty'],
    exits: {
      0: 'everything passes',
      1: 'something would be masked or withheld, a line is malformed, or output ended early',
      2: 'input cannot be read, or usage',
    },
    // What was not inspected did not pass.
    whenCutShort: EXIT.findings,
    run: (invocation, context) => runInspect(detectors, invocation, context),
  };
}

/** `callgate inspect`. */
export const inspectCommand: CommandSpec<InspectFormat> = createInspectCommand(STANDARD_DETECTORS);

async function runInspect(
  detectors: readonly Detector[],
  invocation: Invocation,
  context: CommandContext<InspectFormat>,
): Promise<ExitCode> {
  const kinds = wantedKinds(invocation.text('only'));
  const inspector = inspectorOf(detectors, kinds);
  const isVerbose = invocation.flag('verbose');
  let isAllPassed = true;
  await answerLines(context, 'lines inspected', (line) => {
    const answer = answerLine(line, inspector);
    if (answer === undefined) return undefined;
    if (!('inspection' in answer) || answer.inspection.verdict !== 'pass') isAllPassed = false;
    return context.format === 'json' ? answerJson(answer, isVerbose, context) : answerText(answer, context);
  });
  return isAllPassed ? EXIT.fine : EXIT.findings;
}

/** The kinds that texts are searched for: shape and size need rules, `custom` the host's detectors. */
function searchedKinds(): readonly FindingKind[] {
  return FINDING_KINDS.filter((kind) => kind !== 'shape' && kind !== 'size' && kind !== 'custom');
}

function wantedKinds(only: string | undefined): ReadonlySet<FindingKind> {
  const known = searchedKinds();
  if (only === undefined) return new Set(known);
  return new Set(
    only.split(',').map((word) => {
      const name = word.trim();
      const kind = known.find((candidate) => candidate === name);
      if (kind !== undefined) return kind;
      const guess = didYouMean(name, known) || `; expected one of ${known.map((one) => `\`${one}\``).join(', ')}`;
      throw new UsageError(NAME, `unknown kind \`${excerpt(name)}\`${guess}`);
    }),
  );
}

function inspectorOf(detectors: readonly Detector[], kinds: ReadonlySet<FindingKind>): Inspector {
  const wanted = detectors.filter(({ kind }) => kinds.has(kind) || kind === 'custom');
  const categories = kinds.has('pii')
    ? Object.fromEntries(RESULT_CLASSES.map((name) => [name, 'redact' as const]))
    : {};
  return createInspector({ detectors: wanted, treatments: { pii: kinds.has('pii') ? 'redact' : 'off' }, categories });
}

type Answer =
  | { readonly id: string | number | null; readonly inspection: Inspection }
  | { readonly id: string | number | null; readonly line: number; readonly message: string };

/** The answer to one line, undefined for a blank one. */
function answerLine(line: InputLine, inspector: Inspector): Answer | undefined {
  const read = textOfLine(line);
  if ('problem' in read) return { id: null, line: line.number, message: read.problem };
  if (read.text.trim() === '') return undefined;
  let id: string | number | null = null;
  try {
    const value = parseLine(read.text);
    id = lineId(value);
    return { id, inspection: inspectLine(value, inspector) };
  } catch (error) {
    if (error instanceof InputError) return { id, line: line.number, message: error.message };
    throw error;
  }
}

/** Corpora hold what strict readers refuse, lone surrogates among them: that is to be inspected, not refused. */
function parseLine(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new InputError('expected JSON');
  }
}

function answerJson(answer: Answer, isVerbose: boolean, context: CommandContext): string {
  if (!('inspection' in answer)) {
    const { id, line, message } = answer;
    return printableJson(JSON.stringify({ id, verdict: 'error', line, message }), context.out.isTerminal);
  }
  const { id, inspection } = answer;
  const { verdict, findings, omitted } = inspection;
  const body = {
    id,
    verdict,
    findings: findings.map((finding) => shownFinding(finding, isVerbose)),
    ...(omitted === 0 ? {} : { omitted }),
  };
  return printableJson(JSON.stringify(body), context.out.isTerminal);
}

function shownFinding(finding: Finding, isVerbose: boolean): Partial<Finding> {
  const { rule, kind, severity, pointer, start, end } = finding;
  return isVerbose ? finding : { rule, kind, severity, pointer, start, end };
}

function answerText(answer: Answer, { style }: CommandContext): string {
  const name = answer.id === null ? '' : ` ${printable(String(answer.id))}`;
  if (!('inspection' in answer))
    return `${style.yellow('ERROR')}${name} line ${answer.line}: ${printable(answer.message)}`;
  const { verdict, findings, omitted } = answer.inspection;
  const word = { pass: style.green, redact: style.yellow, quarantine: style.red, reject: style.red }[verdict](
    verdict.toUpperCase(),
  );
  const lines = findings.map(
    ({ rule, severity, pointer, start, end, reason }) =>
      `      ${rule} (${severity}) at ${printable(pointer === '' ? '/' : pointer, 200)} ${start}–${end}: ${printable(reason)}`,
  );
  return [`${word}${name}`, ...lines, ...(omitted === 0 ? [] : [`      and ${omitted} more`])].join('\n');
}
