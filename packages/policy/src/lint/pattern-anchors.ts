import type { PatternNode, PatternSequence } from './pattern-syntax.ts';

/** Whether all, some or none of a pattern's alternatives are held to one end of the text. */
export type Anchoring = 'all' | 'some' | 'none';

/** How a pattern holds on to the beginning of the text. */
export function startAnchoring(alternatives: readonly PatternSequence[]): Anchoring {
  return combined(alternatives.map((sequence) => anchoringOf(sequence, 'start')));
}

/** How a pattern holds on to the end of the text. */
export function endAnchoring(alternatives: readonly PatternSequence[]): Anchoring {
  return combined(alternatives.map((sequence) => anchoringOf(sequence.toReversed(), 'end')));
}

/** Of a sequence that begins at the end in question: what stands first decides, groups by what is in them. */
function anchoringOf(sequence: PatternSequence, end: 'start' | 'end'): Anchoring {
  const first = sequence.find((node) => node.kind !== 'boundary');
  if (first === undefined) return 'none';
  if (first.kind === end) return 'all';
  if (first.kind !== 'group' || first.isRepeated) return 'none';
  return combined(first.alternatives.map((inner) => anchoringOf(end === 'start' ? inner : inner.toReversed(), end)));
}

function combined(parts: readonly Anchoring[]): Anchoring {
  if (parts.every((part) => part === 'all')) return 'all';
  return parts.every((part) => part === 'none') ? 'none' : 'some';
}

/** All nodes of a pattern, those inside groups included. */
export function* nodesOf(alternatives: readonly PatternSequence[]): Generator<PatternNode> {
  for (const sequence of alternatives) {
    for (const node of sequence) {
      yield node;
      if (node.kind === 'group') yield* nodesOf(node.alternatives);
    }
  }
}

/** All sequences of a pattern, those inside groups included. */
export function* sequencesOf(alternatives: readonly PatternSequence[]): Generator<PatternSequence> {
  for (const sequence of alternatives) {
    yield sequence;
    for (const node of sequence) if (node.kind === 'group') yield* sequencesOf(node.alternatives);
  }
}
