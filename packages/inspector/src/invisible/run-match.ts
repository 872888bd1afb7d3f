import type { Match } from '../detector.ts';
import type { Severity } from '../finding.ts';
import { BIDI, FILLER, IGNORABLE, MARK, TAG, VARIATION, classOf, type CharacterClass } from './character-class.ts';

interface RunRule {
  readonly rule: string;
  readonly severity: Severity;
  readonly reason: string;
}

/** A run is named after what in it tells most. */
const RULES: readonly (readonly [CharacterClass, RunRule])[] = [
  [TAG, { rule: 'invisible.tags', severity: 'high', reason: 'tag characters, which spell ASCII that nobody sees' }],
  [
    VARIATION,
    {
      rule: 'invisible.variation-selectors',
      severity: 'medium',
      reason: 'variation selectors behind nothing that varies, by which bytes are smuggled',
    },
  ],
  [
    BIDI,
    {
      rule: 'invisible.bidi',
      severity: 'high',
      reason: 'controls of direction by which text reads otherwise than it is stored',
    },
  ],
  [FILLER, { rule: 'invisible.filler', severity: 'medium', reason: 'fillers that look like nothing' }],
  [MARK, { rule: 'invisible.mark', severity: 'medium', reason: 'marks of direction where no text changes it' }],
  [IGNORABLE, { rule: 'invisible.ignorable', severity: 'medium', reason: 'characters that show nothing' }],
];

const ZERO_WIDTH_RULE: RunRule = {
  rule: 'invisible.zero-width',
  severity: 'medium',
  reason: 'characters without width where no script has them',
};

/** So many of them hide something. */
const LONG_RUN = 8;

/** The match for a run that nobody writes. It goes whole. */
export function runMatch(points: readonly number[], start: number, end: number): Match {
  let classes = 0;
  for (const point of points) classes |= 1 << classOf(point);
  const own = RULES.find(([name]) => (classes & (1 << name)) !== 0)?.[1] ?? ZERO_WIDTH_RULE;
  const severity = points.length >= LONG_RUN ? 'high' : own.severity;
  return { ...own, severity, start, end, mask: '' };
}
