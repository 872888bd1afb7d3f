import type { Match } from '../detector.ts';

/** Reports matches, one for those that follow upon each other under one rule. */
export class MergedReport {
  readonly #report: (match: Match) => void;
  #held: Match | undefined;

  constructor(report: (match: Match) => void) {
    this.#report = report;
  }

  add(match: Match): void {
    const held = this.#held;
    const isContinued =
      held !== undefined &&
      held.rule === match.rule &&
      held.end === match.start &&
      held.conceals === undefined &&
      match.conceals === undefined;
    if (!isContinued) this.flush();
    this.#held = isContinued ? { ...held, end: match.end } : match;
  }

  flush(): void {
    if (this.#held !== undefined) this.#report(this.#held);
    this.#held = undefined;
  }
}
