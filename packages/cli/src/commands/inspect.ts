import { STANDARD_DETECTORS, type Detector, type Inspection } from '@callgate/inspector';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { judgeLines, type LineAnswer } from '../input/judge-lines.ts';
import { parseLeniently } from '../input/parse-leniently.ts';
import { readInspected } from '../inspect/inspected-line.ts';
import { SEARCHED_KINDS, inspectorOf, onlyOption, wantedKinds } from '../inspect/wanted-kinds.ts';
import { VERBOSE_FINDINGS, findingsJson, findingsText, malformedFindings } from '../output/findings.ts';

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
    options: { only: onlyOption('all'), verbose: VERBOSE_FINDINGS },
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
  const inspector = inspectorOf(detectors, wantedKinds(NAME, invocation.text('only'), SEARCHED_KINDS));
  const isVerbose = invocation.flag('verbose');
  return judgeLines(context, {
    unit: 'lines inspected',
    parse: parseLeniently,
    read: readInspected,
    judge: ({ value, surface }) => inspector.inspect(value, { surface }),
    isFine: ({ verdict }) => verdict === 'pass',
    show: (answer) => shown(answer, isVerbose, context),
  });
}

function shown(answer: LineAnswer<Inspection>, isVerbose: boolean, context: CommandContext): string {
  if (!('judged' in answer)) return malformedFindings(answer, context);
  const { id, judged } = answer;
  if (context.format === 'json') return findingsJson(id, judged, isVerbose, context);
  const { style } = context;
  const word = { pass: style.green, redact: style.yellow, quarantine: style.red, reject: style.red }[judged.verdict];
  return findingsText(id, word(judged.verdict.toUpperCase()), judged);
}
