/** The rows of inspection, as policies and commands name them. */
export const FINDING_KINDS = [
  'shape',
  'size',
  'invisible',
  'secrets',
  'pii',
  'instructions',
  'links',
  'custom',
] as const;

/** One row of inspection. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** How bad a finding is. A `low` one is reported and never changes what is delivered. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** An encoding that was undone before something was found. */
export type Layer = 'base64' | 'hex' | 'percent' | 'escape' | 'entity' | 'hidden';

/** Something that inspection found, and where. It never holds what was found. */
export interface Finding {
  /** Stable id, `<kind>.<name>`. */
  readonly rule: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** JSON pointer (RFC 6901) of the string, or of the member whose name it is. */
  readonly pointer: string;
  /** Whether it sits in a value or in the name of a member. */
  readonly part: 'value' | 'name';
  /** UTF-16 code units into the string as it came; 0 and 0 for what concerns the whole value. */
  readonly start: number;
  readonly end: number;
  /** The encodings around it, outermost first; empty for plain text. */
  readonly layers: readonly Layer[];
  /** For people: what it is and why it counts. */
  readonly reason: string;
}

/** What is done about a finding, from nothing to everything. */
export const TREATMENTS = ['off', 'flag', 'redact', 'quarantine', 'reject'] as const;

/**
 * What is done about a finding: not looked for, reported, masked in place, the answer withheld and kept, or the answer refused
 * and not kept.
 */
export type Treatment = (typeof TREATMENTS)[number];

/** What becomes of a message, from best to worst. */
export const VERDICTS = ['pass', 'redact', 'quarantine', 'reject'] as const;

/** What becomes of a message. */
export type InspectionVerdict = (typeof VERDICTS)[number];
