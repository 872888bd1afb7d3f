import type { FindingKind, Layer, Severity } from './finding.ts';
import type { Fuel } from './fuel.ts';

/** Where an inspected value comes from, or goes to. */
export const SURFACES = [
  'result',
  'error',
  'prompt',
  'resource',
  'instructions',
  'definition',
  'notification',
  'input-request',
  'arguments',
  'configuration',
] as const;

/** Where an inspected value comes from, or goes to. */
export type Surface = (typeof SURFACES)[number];

/** One place where a keyword of a detector stands. */
export interface KeywordHit {
  /** Which of the detector's keywords, by its index. */
  readonly keyword: number;
  /** UTF-16 code units into the text. */
  readonly start: number;
}

/** One text, as detectors see it: in its plain form, with one layer of encoding undone, or both. */
export interface InspectedText {
  readonly text: string;
  /** Bits of `FEATURES`. */
  readonly features: number;
  /** Where the detector's own keywords are. */
  readonly hits: readonly KeywordHit[];
  /** Where runs of at least 24 base64 characters start. */
  readonly longRuns: readonly number[];
  readonly surface: Surface;
  /**
   * The name of the member whose value or name it is; for the `value` of a pair such as `{name, value}`, what that says it is; undefined within an
   * array or at the top.
   */
  readonly field: string | undefined;
  readonly part: 'value' | 'name';
  /** Whether the value is a number, written out. */
  readonly isNumber: boolean;
  /** The encodings around it, outermost first. */
  readonly layers: readonly Layer[];
}

/** What a detector found in a text. */
export interface Match {
  readonly rule: string;
  readonly severity: Severity;
  /** UTF-16 code units into `text`. */
  readonly start: number;
  readonly end: number;
  readonly reason: string;
  /** What stands in its place when it is masked, default `[redacted:<rule>]`. It must hold nothing of what was found. */
  readonly mask?: string;
  /** A class within the kind, by which rules may treat it on its own (`pii.card` → `card`). */
  readonly category?: string;
  /** Whether it stays where rules would mask it: what people see anyway, or what cannot be cut without harm. Default false. */
  readonly isKept?: boolean;
  /**
   * What it conceals from people and not from models, or from the other way of reading a text: it is inspected too, as layer `hidden`. A
   * text that was decoded, or the range of `text` in which it stands.
   */
  readonly conceals?: string | readonly [start: number, end: number];
}

/** Looks for one family of things in texts. It is pure: the same text, the same matches. */
export interface Detector {
  readonly kind: FindingKind;
  /**
   * Lower-case words of at least 4 code units, one of which is in every text that holds what is looked for. With `features` undefined
   * and no keyword in a text, `find` is not called.
   */
  readonly keywords?: readonly string[];
  /** Bits of `FEATURES`, one of which makes `find` be called, keyword or not. With neither it is called for every text. */
  readonly features?: number;
  /** Whether the value of a member with this name makes `find` be called, whatever it holds. It answers fast: every name is asked. */
  readonly isAskedForField?: (name: string) => boolean;
  /** Whether it reads texts as they came, invisible characters included, and not in their plain form; default false. */
  readonly isRaw?: boolean;
  /**
   * Reports each match to `report`. It spends fuel for what it reads beyond the text's length, so that no text makes it work longer than
   * in proportion.
   */
  find(text: InspectedText, report: (match: Match) => void, fuel: Fuel): void;
}
