import { isDisjoint, type CharacterSet } from './character-set.ts';
import type { ExpandedNode } from './expand-pattern.ts';

/** The characters of a pattern as states of an automaton (Glushkov's), and which may follow which. */
export interface Positions {
  readonly sets: readonly CharacterSet[];
  /** The outermost loop that a position is in; -1: none. */
  readonly loops: readonly number[];
  /** Positions that can come first. */
  readonly first: readonly number[];
  /** For each position those that can come next, once for each way to get there. */
  readonly follow: readonly (readonly number[])[];
  /** In how many ways, at most, parts outside of loops can match the empty text. */
  readonly emptyWays: number;
  /** Whether a part inside a loop can match the empty text in several ways. */
  readonly hasEmptyLoop: boolean;
}

interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** In how many ways it can match the empty text. */
  readonly empty: number;
}

const NOTHING: Part = { first: [], last: [], empty: 1 };

export function positionsOf(node: ExpandedNode): Positions {
  const builder = new Builder();
  const { first } = builder.build(node, -1);
  const { sets, loops, follow, emptyWays, hasEmptyLoop } = builder;
  return { sets, loops, first, follow, emptyWays, hasEmptyLoop };
}

class Builder {
  readonly sets: CharacterSet[] = [];
  readonly loops: number[] = [];
  readonly follow: number[][] = [];
  emptyWays = 1;
  hasEmptyLoop = false;
  #loopCount = 0;

  build(node: ExpandedNode, loop: number): Part {
    switch (node.type) {
      case 'assertion':
        return NOTHING;
      case 'characters': {
        const position = this.sets.push(node.set) - 1;
        this.loops.push(loop);
        this.follow.push([]);
        return { first: [position], last: [position], empty: 0 };
      }
      case 'sequence': {
        let whole = NOTHING;
        for (const item of node.items) whole = this.#join(whole, this.build(item, loop));
        return whole;
      }
      case 'choice': {
        const parts = node.options.map((option) => this.build(option, loop));
        return this.#counted(loop, {
          first: parts.flatMap(({ first }) => first),
          last: parts.flatMap(({ last }) => last),
          empty: parts.reduce((sum, { empty }) => sum + empty, 0),
        });
      }
      case 'loop': {
        const own = loop < 0 ? this.#loopCount : loop;
        if (loop < 0) this.#loopCount += 1;
        const part = this.build(node.item, own);
        this.#connect(part.last, part.first);
        return this.#counted(loop, { ...part, empty: part.empty + (node.isOptional ? 1 : 0) });
      }
    }
  }

  #counted(loop: number, part: Part): Part {
    if (part.empty > 1 && loop >= 0) this.hasEmptyLoop = true;
    else if (part.empty > 1) this.emptyWays *= part.empty;
    return part;
  }

  #join(left: Part, right: Part): Part {
    this.#connect(left.last, right.first);
    return {
      first: left.empty > 0 ? [...left.first, ...right.first] : left.first,
      last: right.empty > 0 ? [...left.last, ...right.last] : right.last,
      empty: left.empty * right.empty,
    };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) this.follow[position]?.push(...to);
  }
}

/** How many of some positions can take a character that another of them can take too. */
export function conflictsAmong(positions: readonly number[], sets: readonly CharacterSet[]): number {
  const ends = positions
    .flatMap((position) => {
      const set = sets[position] ?? [];
      return Array.from({ length: set.length / 2 }, (_, index) => ({
        from: set[index * 2] ?? 0,
        to: set[index * 2 + 1] ?? 0,
        position,
      }));
    })
    .toSorted((left, right) => left.from - right.from);
  let conflicts = 0;
  let reached = -1;
  for (const { from, to } of ends) {
    if (from <= reached) conflicts += 1;
    reached = Math.max(reached, to);
  }
  return conflicts === 0 ? 0 : conflicts + 1;
}

/** Whether every set of a list has something in common with `set`. */
export function allMeet(list: readonly CharacterSet[], set: CharacterSet): boolean {
  return list.every((one) => !isDisjoint(one, set));
}
