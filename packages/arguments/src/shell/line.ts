/** How two commands of a line are joined, or how a command is sent off. */
export type Connector = 'and' | 'background' | 'or' | 'pipe' | 'sequence';

/** A redirection: `merge` is `2>&1`, `1>&2` or `>&2`. */
export interface Redirect {
  readonly kind: 'in' | 'merge' | 'out' | 'append';
  /** The descriptor in front of the operator, or the operator's own. */
  readonly descriptor: 0 | 1 | 2;
  /** The file, or the descriptor of a `merge`. */
  readonly target: string;
}

/** One command: the program and its arguments, as the program would get them. */
export interface Command {
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
}

/** A command line of the part of the shell language that this kind knows. */
export interface Line {
  /** At least one. */
  readonly commands: readonly Command[];
  /** After each command but the last, and after the last where it is sent off with `&`. */
  readonly connectors: readonly Connector[];
  /** Whether a `;` follows the last command: it joins nothing, but is the operator all the same. */
  readonly isTerminated: boolean;
}
