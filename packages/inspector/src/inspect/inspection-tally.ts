import type { JsonValue } from '@callgate/canonical';

import { VERDICTS, type Finding, type InspectionVerdict, type Treatment } from '../finding.ts';
import type { Inspection } from './inspection.ts';

/** The verdict that a treatment leads to. */
const VERDICT_OF: Readonly<Record<Treatment, InspectionVerdict>> = {
  off: 'pass',
  flag: 'pass',
  redact: 'redact',
  quarantine: 'quarantine',
  reject: 'reject',
};

/** Adds up what an inspection finds. */
export class InspectionTally {
  redactions = 0;
  readonly #maxFindings: number;
  readonly #findings: Finding[] = [];
  readonly #determining = new Map<InspectionVerdict, Set<string>>();
  #omitted = 0;
  #verdict: InspectionVerdict = 'pass';

  constructor(maxFindings: number) {
    this.#maxFindings = maxFindings;
  }

  /** Whether no further finding is told of: what only tells of it is not needed. */
  get isFull(): boolean {
    return this.#findings.length >= this.#maxFindings;
  }

  /** Counts a finding, and what is done about it. */
  add(finding: Finding, treatment: Treatment): void {
    if (this.isFull) this.#omitted += 1;
    else this.#findings.push(finding);
    this.raise(VERDICT_OF[treatment], finding.rule);
  }

  /** Makes the verdict at least `verdict`, because of `rule`. */
  raise(verdict: InspectionVerdict, rule: string): void {
    if (verdict === 'pass') return;
    if (VERDICTS.indexOf(verdict) > VERDICTS.indexOf(this.#verdict)) this.#verdict = verdict;
    const rules = this.#determining.get(verdict);
    if (rules === undefined) this.#determining.set(verdict, new Set([rule]));
    else rules.add(rule);
  }

  /** @param value what may go on if the verdict lets it */
  inspection(value: JsonValue, fuel: number): Inspection {
    const verdict = this.#verdict;
    return Object.freeze({
      verdict,
      value: verdict === 'pass' || verdict === 'redact' ? value : undefined,
      findings: Object.freeze(this.#findings),
      omitted: this.#omitted,
      redactions: this.redactions,
      determining: Object.freeze([...(this.#determining.get(verdict) ?? [])].toSorted()),
      fuel,
    });
  }
}
