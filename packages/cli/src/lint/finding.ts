/**
 * What `callgate check` finds in a policy that loads. Stable ids, documented in docs/reference/cli.md.
 *
 * A warning is a certain defect: something in the policy can never do what it seems to say. A note is a loosening or an
 * omission that may be meant.
 */
export const FINDING_LEVELS = {
  'no-servers': 'warning',
  'server-permits-nothing': 'warning',
  'envelope-missing': 'warning',
  'ring-below-effect': 'warning',
  'identity-missing': 'note',
  'not-enforced': 'note',
  'arguments-any': 'note',
  'approvers-missing': 'note',
} as const;

export type FindingId = keyof typeof FINDING_LEVELS;

/** One thing to look at in a policy. */
export interface Finding {
  readonly id: FindingId;
  readonly level: (typeof FINDING_LEVELS)[FindingId];
  /** JSON pointer into the document. */
  readonly pointer: string;
  /** From 1; null where the policy does not say where that is. */
  readonly line: number | null;
  readonly column: number | null;
  /** One line: what is so, and what comes of it. */
  readonly message: string;
  /** One line: what to do about it. */
  readonly remedy: string;
}
