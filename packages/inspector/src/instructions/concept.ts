/**
 * What words stand for. Single ones mean nothing; signals are made of several that stand close together.
 */
export type Concept =
  | 'override'
  | 'prior'
  | 'orders'
  | 'override-orders'
  | 'guard'
  | 'material'
  | 'override-all'
  | 'override-rules'
  | 'new-orders'
  | 'true-task'
  | 'orders-heading'
  | 'persona'
  | 'unbound'
  | 'lawless'
  | 'address'
  | 'address-order'
  | 'reader'
  | 'chat-token'
  | 'role-turn'
  | 'answer-turn'
  | 'order-tag'
  | 'directive'
  | 'conceal'
  | 'covert'
  | 'reveal'
  | 'show'
  | 'prompt'
  | 'send'
  | 'sensitive'
  | 'context'
  | 'foreign'
  | 'mail-to'
  | 'user-secret'
  | 'include'
  | 'path'
  | 'tool-order'
  | 'redirect'
  | 'hijack'
  | 'answer-form'
  | 'output'
  | 'urgency'
  | 'consequence'
  | 'memory'
  | 'authority'
  | 'link-slot'
  | 'link-order'
  | 'other-tools'
  | 'disparage'
  | 'monopoly'
  | 'tool-always'
  | 'tool-shout'
  | 'no-consent'
  | 'covert-act'
  | 'pass-prompt'
  | 'pass-secret'
  | 'drop-site'
  | 'change-target'
  | 'obedience'
  | 'destructive-order'
  | 'decode-order'
  | 'mention'
  | 'discourse'
  | 'comment'
  | 'concealed'
  | 'disguise';

/** One word or phrase, and what must stand around it. */
export interface Term {
  /** Lower case, at least 4 code units: it is looked for as a keyword. */
  readonly word: string;
  readonly concept: Concept;
  /** Matched from the start of the word on; sticky, and bounded. */
  readonly ahead?: RegExp;
  /** Matched against the code units before the word, {@link REACH_BACK} at most; it ends in `$`, and is bounded. */
  readonly behind?: RegExp;
  /** Whether it counts within a word too; default false. */
  readonly isAnywhere?: boolean;
}

/** Code units before a word that `behind` sees. */
export const REACH_BACK = 32;

/** A negation right before a word. */
export const NOT: RegExp =
  /(?:\bnot|n['’]?t|\bnever|\bwithout|\bavoid|\bno need to)(?:\s+(?:ever|even|explicitly|directly|to))?\s+$/iu;

/** Terms of one concept: bare words. */
export function terms(concept: Concept, ...words: readonly string[]): readonly Term[] {
  return words.map((word) => ({ word, concept }));
}

/** One word that counts where `ahead` matches from its start on. */
export function leading(concept: Concept, word: string, ahead: RegExp): Term {
  return { word, concept, ahead };
}

/** Every joint of a first part and a second: languages that do not part words. */
export function joints(
  concept: Concept,
  first: readonly string[],
  second: readonly string[],
  ahead?: RegExp,
): readonly Term[] {
  return first.flatMap((one) =>
    second.map((other) => ({ word: one + other, concept, ...(ahead === undefined ? {} : { ahead }) })),
  );
}
