import type { CharacterSet } from './character-set.ts';

/** A pattern as a tree. Assertions take no text. */
export type PatternNode =
  | { readonly type: 'assertion'; readonly isStart: boolean; readonly isEnd: boolean }
  | { readonly type: 'characters'; readonly set: CharacterSet }
  | { readonly type: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly item: PatternNode; readonly least: number; readonly most: number };

/** A text that this kind does not read as a pattern: what came, in words. */
export class PatternError extends Error {
  readonly isForeign: boolean;

  /** @param isForeign whether it is a construct that ECMAScript has, and this kind does not allow */
  constructor(got: string, isForeign: boolean) {
    super(got);
    this.name = 'PatternError';
    this.isForeign = isForeign;
  }
}
