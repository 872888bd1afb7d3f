import type { Detector, Match, Surface } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { KeywordIndex } from '../scan/keyword-index.ts';
import { scanText } from '../scan/scan-text.ts';
import { DISGUISED, undisguised } from './disguise.ts';
import { passagesOf, isWithheld, type Passage } from './passages.ts';
import { Vocabulary } from './read-concepts.ts';
import { ENGLISH } from './vocabulary/english.ts';
import { EUROPEAN } from './vocabulary/european.ts';
import { MARKUP } from './vocabulary/markup.ts';
import { TOOLS } from './vocabulary/tools.ts';
import { WORLD } from './vocabulary/world.ts';

/** What is written for models to follow, in good faith: signals weigh less there. */
const ADDRESSED: ReadonlySet<Surface> = new Set<Surface>(['definition', 'instructions', 'prompt', 'input-request']);

const VOCABULARY = new Vocabulary([...MARKUP, ...ENGLISH, ...TOOLS, ...EUROPEAN, ...WORLD, ...DISGUISED]);

/**
 * Finds text that reads like instructions to a model. A tripwire, and no proof: what it knows are words and forms, several of which
 * must come together. A passage at or above the score of quarantine is `high`, one below it is `low` and only reported.
 */
export const INSTRUCTION_DETECTOR: Detector = Object.freeze({
  kind: 'instructions',
  keywords: VOCABULARY.keywords,
  find(inspected, report, fuel): void {
    const { text, layers, surface } = inspected;
    const marks = VOCABULARY.read(inspected, fuel);
    const setting = { layers, isDefinition: ADDRESSED.has(surface) };
    for (const passage of passagesOf({ ...setting, text, isDisguised: false }, marks)) {
      report(matchOf(passage, passage.start, passage.end));
    }
    for (const piece of undisguised(text, marks, fuel)) {
      for (const passage of passagesOf({ ...setting, text: piece.text, isDisguised: true }, piece.marks)) {
        report(matchOf(passage, ...piece.raw(passage.start, passage.end)));
      }
    }
  },
} satisfies Detector);

let index: KeywordIndex | undefined;

/** The instructions in one text, as it is, apart from any inspection. */
export function instructionsIn(text: string, surface: Surface, fuel: Fuel): readonly Match[] {
  index ??= new KeywordIndex([VOCABULARY.keywords]);
  const { features, longRuns, hits } = scanText(text, index, fuel);
  const matches: Match[] = [];
  INSTRUCTION_DETECTOR.find(
    {
      text,
      features,
      longRuns,
      surface,
      hits: hits[0] ?? [],
      field: undefined,
      part: 'value',
      isNumber: false,
      layers: [],
    },
    (match) => matches.push(match),
    fuel,
  );
  return matches;
}

function matchOf(passage: Passage, start: number, end: number): Match {
  const { signals, circumstances } = passage;
  return {
    rule: `instructions.${signals[0]?.id ?? 'text'}`,
    severity: isWithheld(passage) ? 'high' : 'low',
    start,
    end,
    reason: [...signals.map(({ reason }) => reason), ...circumstances].join('; '),
  };
}
