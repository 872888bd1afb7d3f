import { intersectionOf, unionOf, type CharacterSet } from './character-set.ts';
import type { ExpandedNode } from './expand-pattern.ts';
import { allMeet, conflictsAmong, positionsOf } from './positions.ts';

/** Ways in which the parts outside of loops may match one text. */
const MAX_WAYS = 64;
const MAX_LOOPS = 32;
const TOO_MANY_WAYS = 'alternatives that can match one text in too many ways';

/**
 * Why a backtracking engine might take more than linear time on a pattern; undefined where it cannot.
 *
 * Superlinear time needs ambiguity of one of two forms (Weideman, van der Merwe, Berglund and Watson 2016): a loop that can run over
 * one text in two ways, or a text that two loops can run over and that also leads from one to the other. An engine that searches is a
 * loop over everything in front of the pattern. Both are excluded here by conditions that are easy to see, so some patterns are
 * refused that would run well:
 *
 * - in a loop, the next character always says where to go (one-unambiguity);
 * - of two loops in sequence, no text of the second is one of the first, or between them stands a character that one of them has not;
 * - outside of loops, there are few ways.
 *
 * @param isSearched whether the engine may start anywhere
 */
export function whyBacktracking(node: ExpandedNode, isSearched: boolean): string | undefined {
  const { sets, loops, first, follow, emptyWays, hasEmptyLoop } = positionsOf(node);
  if (Math.max(-1, ...loops) >= MAX_LOOPS) return 'too many repetitions without bound';
  if (hasEmptyLoop) return 'a repetition of what can be empty in several ways';
  let ways = emptyWays * Math.max(1, conflictsAmong(first, sets));
  if (ways > MAX_WAYS) return TOO_MANY_WAYS;
  for (const [position, next] of follow.entries()) {
    const loop = loops[position] ?? -1;
    if (loop < 0) {
      ways *= Math.max(1, conflictsAmong(next, sets));
    } else if (
      conflictsAmong(
        next.filter((other) => loops[other] === loop),
        sets,
      ) > 0
    ) {
      return 'a repetition that can match one text in several ways';
    }
    if (ways > MAX_WAYS) return TOO_MANY_WAYS;
  }
  const summary = summarise(node);
  if (summary.hasClash) return 'repetitions in sequence that can match the same text';
  const isSlow = summary.loops.some((loop) => isSearched && !loop.isFinal && allMeet(loop.before, loop.body));
  return isSlow ? 'a repetition without bound that a search would start again at each character' : undefined;
}

/** A loop that is in no other loop, as seen from the part of the pattern that holds it. */
interface Loop {
  /** What its text consists of. */
  readonly body: CharacterSet;
  /** Each text from the start of the part to the loop has a character of each of these. */
  readonly before: readonly CharacterSet[];
  /** Each text from the loop to the end of the part. */
  readonly after: readonly CharacterSet[];
  /** Whether the match succeeds wherever the loop stops. */
  readonly isFinal: boolean;
}

interface Summary {
  readonly loops: readonly Loop[];
  /** Each text of the part has a character of each of these. */
  readonly needed: readonly CharacterSet[];
  /** Whether the part always matches the empty text. */
  readonly isNullable: boolean;
  /** Whether two loops clash. */
  readonly hasClash: boolean;
}

const EMPTY: Summary = { loops: [], needed: [], isNullable: true, hasClash: false };

function summarise(node: ExpandedNode): Summary {
  switch (node.type) {
    case 'assertion':
      return { ...EMPTY, isNullable: false };
    case 'characters':
      return { loops: [], needed: [node.set], isNullable: false, hasClash: false };
    case 'sequence':
      return node.items.map(summarise).reduce(inSequence, EMPTY);
    case 'choice': {
      const options = node.options.map(summarise);
      const firsts = options.map(({ needed }) => needed[0]).filter((set) => set !== undefined);
      return {
        loops: options.flatMap(({ loops }) => loops),
        needed: firsts.length === options.length ? [unionOf(firsts)] : [],
        isNullable: options.some(({ isNullable }) => isNullable),
        hasClash: options.some(({ hasClash }) => hasClash),
      };
    }
    case 'loop': {
      const item = summarise(node.item);
      const loop: Loop = { body: charactersOf(node.item), before: [], after: [], isFinal: item.loops.length === 0 };
      return {
        loops: [loop],
        needed: node.isOptional ? [] : item.needed,
        isNullable: node.isOptional || item.isNullable,
        hasClash: false,
      };
    }
  }
}

function inSequence(left: Summary, right: Summary): Summary {
  const hasClash =
    left.hasClash || right.hasClash || left.loops.some((one) => right.loops.some((other) => isClash(one, other)));
  return {
    loops: [
      ...left.loops.map((loop) => ({
        ...loop,
        after: [...loop.after, ...right.needed],
        isFinal: loop.isFinal && right.isNullable,
      })),
      ...right.loops.map((loop) => ({ ...loop, before: [...left.needed, ...loop.before] })),
    ],
    needed: [...left.needed, ...right.needed],
    isNullable: left.isNullable && right.isNullable,
    hasClash,
  };
}

/** Whether a text may exist that both loops run over and that leads from one to the other. */
function isClash(one: Loop, other: Loop): boolean {
  const common = intersectionOf(one.body, other.body);
  return common.length > 0 && allMeet(one.after, common) && allMeet(other.before, common);
}

/** Every character that can stand in a text of the node. */
function charactersOf(node: ExpandedNode): CharacterSet {
  switch (node.type) {
    case 'assertion':
      return [];
    case 'characters':
      return node.set;
    case 'sequence':
      return unionOf(node.items.map(charactersOf));
    case 'choice':
      return unionOf(node.options.map(charactersOf));
    case 'loop':
      return charactersOf(node.item);
  }
}

/** Whether every match starts at an anchor: `isStart` of each first thing. */
export function startsAnchored(node: ExpandedNode): boolean {
  switch (node.type) {
    case 'assertion':
      return node.isStart;
    case 'sequence':
      return node.items[0] !== undefined && startsAnchored(node.items[0]);
    case 'choice':
      return node.options.length > 0 && node.options.every(startsAnchored);
    case 'characters':
    case 'loop':
      return false;
  }
}

/** Whether every match ends at an anchor. */
export function endsAnchored(node: ExpandedNode): boolean {
  switch (node.type) {
    case 'assertion':
      return node.isEnd;
    case 'sequence': {
      const last = node.items.at(-1);
      return last !== undefined && endsAnchored(last);
    }
    case 'choice':
      return node.options.length > 0 && node.options.every(endsAnchored);
    case 'characters':
    case 'loop':
      return false;
  }
}
