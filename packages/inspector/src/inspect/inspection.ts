import type { JsonValue } from '@callgate/canonical';

import type { Finding, InspectionVerdict } from '../finding.ts';

/** What became of a message. */
export interface Inspection {
  readonly verdict: InspectionVerdict;
  /**
   * What may go on: the value itself on `pass`, a copy with what was found masked on `redact`, and undefined on `quarantine` and
   * `reject`, so that it cannot be passed on by mistake.
   */
  readonly value: JsonValue | undefined;
  /** In the order of the message; the first `maxFindings` of them. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly omitted: number;
  /** How many places were masked. */
  readonly redactions: number;
  /** Ids of the rules that made the verdict what it is, sorted; empty on `pass`. */
  readonly determining: readonly string[];
  /** Units of work: the same for the same message and rules, on every machine. */
  readonly fuel: number;
}
