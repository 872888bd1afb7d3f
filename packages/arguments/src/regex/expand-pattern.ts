import type { PatternNode } from './pattern.ts';

/** A pattern whose counted repetition is written out: what is left is optional parts and loops without bound. */
export type ExpandedNode =
  | { readonly type: 'assertion'; readonly isStart: boolean; readonly isEnd: boolean }
  | { readonly type: 'characters'; readonly set: readonly number[] }
  | { readonly type: 'sequence'; readonly items: readonly ExpandedNode[] }
  | { readonly type: 'choice'; readonly options: readonly ExpandedNode[] }
  | { readonly type: 'loop'; readonly item: ExpandedNode; readonly isOptional: boolean };

const EMPTY: ExpandedNode = { type: 'sequence', items: [] };

/** How many characters and assertions the pattern has once it is written out. */
export function sizeOf(node: PatternNode): number {
  switch (node.type) {
    case 'assertion':
    case 'characters':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + sizeOf(item), 0);
    case 'choice':
      return node.options.reduce((sum, option) => sum + sizeOf(option), 0);
    case 'repeat':
      return Math.max(1, sizeOf(node.item)) * copiesOf(node);
  }
}

/** How often the item of a repetition is written out. */
function copiesOf({ least, most }: { readonly least: number; readonly most: number }): number {
  return most === Number.POSITIVE_INFINITY ? Math.max(1, least) : Math.max(1, most);
}

/** Writes counted repetition out. The size must have been found to be bounded. */
export function expand(node: PatternNode): ExpandedNode {
  switch (node.type) {
    case 'assertion':
    case 'characters':
      return node;
    case 'sequence':
      return { type: 'sequence', items: node.items.map(expand) };
    case 'choice':
      return { type: 'choice', options: node.options.map(expand) };
    case 'repeat':
      return expandRepeat(expand(node.item), node.least, node.most);
  }
}

function expandRepeat(item: ExpandedNode, least: number, most: number): ExpandedNode {
  if (most === Number.POSITIVE_INFINITY) {
    const before = Array.from({ length: Math.max(0, least - 1) }, () => item);
    return { type: 'sequence', items: [...before, { type: 'loop', item, isOptional: least === 0 }] };
  }
  // as engines run it: the next copy is tried only after the one before
  let rest = EMPTY;
  for (let copy = least; copy < most; copy += 1) {
    rest = { type: 'choice', options: [{ type: 'sequence', items: [item, rest] }, EMPTY] };
  }
  return { type: 'sequence', items: [...Array.from({ length: least }, () => item), rest] };
}
