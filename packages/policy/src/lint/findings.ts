import type { CompiledPolicy } from '../compiled-policy.ts';
import { LINTS, type LintId, type LintLevel } from './lints.ts';

/** One thing to look at in a policy that loads. */
export interface Finding {
  readonly id: LintId;
  readonly level: LintLevel;
  /** JSON pointer into the document. */
  readonly pointer: string;
  /** From 1; null where the document has no text. */
  readonly line: number | null;
  readonly column: number | null;
  /** One line: what is so, and what comes of it. Never the text of what looks like a secret. */
  readonly message: string;
  /** One line: what to do about it. */
  readonly remedy: string;
}

/** Collects findings, each with its place. */
export class Findings {
  readonly #policy: CompiledPolicy;
  readonly #found: Finding[] = [];

  constructor(policy: CompiledPolicy) {
    this.#policy = policy;
  }

  /** Adds a finding; `remedy` is an imperative about this place. */
  add(id: LintId, pointer: string, message: string, remedy: string): void {
    const place = this.#policy.locate(pointer);
    const position = { line: place?.line ?? null, column: place?.column ?? null };
    this.#found.push(Object.freeze({ id, level: LINTS[id].level, pointer, ...position, message, remedy }));
  }

  /** All findings in the order of the text, of their pointers where there is none, then of their ids. */
  sorted(): readonly Finding[] {
    return this.#found.toSorted(
      (left, right) =>
        (left.line ?? 0) - (right.line ?? 0) ||
        (left.column ?? 0) - (right.column ?? 0) ||
        compare(left.pointer, right.pointer) ||
        compare(left.id, right.id),
    );
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
