import { excerpt } from '@callgate/canonical';

import { nearestName } from '../internal/nearest-name.ts';
import type { Span } from './expression.ts';

/** One reason why a condition does not load. */
export interface ConditionIssue {
  /** Where, in UTF-16 code units of the condition's source from 0, and for how long. */
  readonly offset: number;
  readonly length: number;
  /** The same place: line and column within the condition's source, from 1. */
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly got: string;
  /** The known name nearest to an unknown one. */
  readonly nearest?: string;
  /** One line, lower case, without the place. */
  readonly message: string;
}

/** More say nothing new. */
const MAX_ISSUES = 64;

/** Collects what is wrong with one condition; at most 64 issues. */
export class ConditionIssues {
  readonly #source: string;
  readonly #issues: ConditionIssue[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** The issues in the order of the source. */
  get all(): readonly ConditionIssue[] {
    return this.#issues.toSorted((left, right) => left.offset - right.offset);
  }

  get isEmpty(): boolean {
    return this.#issues.length === 0;
  }

  /** Adds an issue; the message is `expected …, got …`, with a question when something known is near. */
  add(span: Span, expected: string, got: string, nearest?: string): void {
    if (this.#issues.length >= MAX_ISSUES) return;
    const before = this.#source.slice(0, span.start).split('\n');
    const question = nearest === undefined ? '' : `; did you mean \`${excerpt(nearest)}\`?`;
    this.#issues.push({
      offset: span.start,
      length: Math.max(0, span.end - span.start),
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      expected,
      got,
      ...(nearest === undefined ? {} : { nearest }),
      message: `expected ${expected}, got ${got}${question}`,
    });
  }

  /** Adds an issue about a name that is not among the known ones. */
  addUnknown(span: Span, name: string, known: readonly string[], what: string): void {
    const sorted = known.toSorted();
    const expected = sorted.length === 0 ? `no ${what}` : oneOf(sorted);
    this.add(span, expected, `the unknown ${what} \`${excerpt(name)}\``, nearestName(name, sorted));
  }
}

const SHOWN_NAMES = 16;

/** ``one of `a`, `b` ``, cut after 16 names. */
function oneOf(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map((name) => `\`${excerpt(name)}\``);
  const rest = names.length - shown.length;
  return `one of ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
