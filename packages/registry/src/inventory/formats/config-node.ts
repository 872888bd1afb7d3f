/**
 * A value of a configuration file with the line it stands on, whatever the file's format. Keys keep their order and may
 * repeat, as they may in the file.
 */
export type ConfigNode =
  | { readonly kind: 'object'; readonly line: number; readonly entries: readonly ConfigEntry[] }
  | { readonly kind: 'array'; readonly line: number; readonly items: readonly ConfigNode[] }
  | { readonly kind: 'text'; readonly line: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly line: number; readonly value: boolean }
  /** A number, null, a date: nothing that the inventory reads. */
  | { readonly kind: 'other'; readonly line: number };

export interface ConfigEntry {
  readonly key: string;
  /** The line of the key, from 1. */
  readonly line: number;
  readonly value: ConfigNode;
}

/** What a configuration text holds. A text with mistakes gives what could be read of it. */
export interface ConfigDocument {
  readonly root: ConfigNode | null;
  /** The first mistake, null for none. Never holds text of the file. */
  readonly mistake: { readonly line: number | null; readonly message: string } | null;
}

/** The value under a key; of keys that repeat, the last, as hosts read it. */
export function valueAt(node: ConfigNode | undefined, ...path: readonly string[]): ConfigNode | undefined {
  let found = node;
  for (const key of path) {
    if (found?.kind !== 'object') return undefined;
    found = found.entries.findLast((entry) => entry.key === key)?.value;
  }
  return found;
}

/** The first of these keys that holds something. */
export function firstOf(node: ConfigNode, keys: readonly string[]): ConfigNode | undefined {
  for (const key of keys) {
    const found = valueAt(node, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
