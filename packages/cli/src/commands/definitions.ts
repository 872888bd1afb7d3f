import {
  ToolNames,
  scanDefinition,
  type DefinitionScan,
  type DefinitionScanContext,
  type FindingKind,
} from '@callgate/inspector';
import { STANDARD_DETECTORS } from '@callgate/inspector';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { noteDefinition, readListedDefinition, type ListedDefinition } from '../definitions/listed-definition.ts';
import { noteKnown } from '../definitions/note-known.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { judgeLines, type LineAnswer } from '../input/judge-lines.ts';
import { parseLeniently } from '../input/parse-leniently.ts';
import { SEARCHED_KINDS, inspectorOf, onlyOption, wantedKinds } from '../inspect/wanted-kinds.ts';
import { VERBOSE_FINDINGS, findingsJson, findingsText, malformedFindings } from '../output/findings.ts';

const NAME = 'definitions';

type DefinitionsFormat = 'json' | 'pretty';

/** As a gate does where a policy says nothing: personal data in a definition is nobody's harm. */
const BY_DEFAULT: readonly FindingKind[] = SEARCHED_KINDS.filter((kind) => kind !== 'pii');

/** `callgate definitions`. */
export const definitionsCommand: CommandSpec<DefinitionsFormat> = {
  name: NAME,
  summary: 'scan definitions of tools for what is poisoned, one JSON object a line',
  usage: '[--only <kinds>] [--known <file>] < tools.jsonl',
  description: [
    'Each line is `{"id"?, "server"?, "tool"}`, where `tool` is a definition as a server lists it; other members are ignored. Each answer is one line, in the order of the input: `{"id", "verdict", "findings"}`, where `verdict` is `pass`, `flag` (shown to the model, and reported) or `withhold` (not shown, and refused when called), and each finding has `rule`, `kind`, `severity`, `pointer`, `start` and `end`. Nothing of a definition is printed.',
    'Texts are read as a gate reads them where a policy says nothing, and so are the forms: names that could be taken for those of other servers, orders about their tools, annotations that the name belies. Lines of one server that follow one another are one listing: up to 2,000 of them, or 4 Mi characters, are read before the first is answered. A name is compared with those that came before, and with those of `--known`, which may be the same file.',
    'A line that is not such an object is answered in its place with the verdict `error`, its number and why; it does not stop the stream. Memory does not grow with the input: of names, the first 20,000 are remembered, and 2,000 of one server.',
  ],
  options: {
    only: onlyOption('all but pii; the form is checked with instructions'),
    known: {
      kind: 'text',
      short: 'k',
      placeholder: 'file',
      description: 'lines of the same form whose names are known from the start',
    },
    verbose: VERBOSE_FINDINGS,
  },
  positionals: [0, 0],
  examples: [
    { command: 'callgate definitions < tools.jsonl', says: 'a verdict a line' },
    { command: 'callgate definitions --known tools.jsonl < tools.jsonl', says: 'whatever the order of servers' },
    {
      command: 'callgate definitions < tools.jsonl | jq -c \'select(.verdict == "withhold")\'',
      says: 'what a gate would not show to a model',
    },
  ],
  formats: ['json', 'pretty'],
  exits: {
    0: 'nothing would be withheld',
    1: 'a definition would be withheld, a line is malformed, or output ended early',
    2: 'input or a file cannot be read, or usage',
  },
  // What was not scanned was not found harmless.
  whenCutShort: EXIT.findings,
  run,
};

async function run(invocation: Invocation, context: CommandContext<DefinitionsFormat>): Promise<ExitCode> {
  const kinds = wantedKinds(NAME, invocation.text('only'), BY_DEFAULT);
  const names = new ToolNames();
  const known = invocation.text('known');
  if (known !== undefined) await noteKnown(known, names);
  const by = { inspector: inspectorOf(STANDARD_DETECTORS, kinds), names, isTextOnly: !kinds.has('instructions') };
  const isVerbose = invocation.flag('verbose');
  return judgeLines(context, {
    unit: 'definitions scanned',
    parse: parseLeniently,
    read: readListedDefinition,
    judge: (listed) => scan(listed, by),
    isFine: ({ verdict }) => verdict !== 'withhold',
    show: (answer) => shown(answer, isVerbose, context),
    group: {
      keyOf: ({ server }) => server,
      note: (listed) => {
        noteDefinition(names, listed);
      },
    },
  });
}

function scan({ server, tool }: ListedDefinition, by: DefinitionScanContext): DefinitionScan {
  return scanDefinition(tool, server === undefined ? by : { ...by, server });
}

function shown(answer: LineAnswer<DefinitionScan>, isVerbose: boolean, context: CommandContext): string {
  if (!('judged' in answer)) return malformedFindings(answer, context);
  const { id, judged } = answer;
  if (context.format === 'json') return findingsJson(id, judged, isVerbose, context);
  const { style } = context;
  const word = { pass: style.green, flag: style.yellow, withhold: style.red }[judged.verdict];
  return findingsText(id, word(judged.verdict.toUpperCase()), judged);
}
