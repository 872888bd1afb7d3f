import type { MergedReport } from './merged-report.ts';
import { isConcealing, terminalSequence, type TerminalSequence } from './terminal-sequence.ts';

/** Reads control characters and the sequences they begin, and what a terminal would not show. */
export class TerminalText {
  readonly #text: string;
  readonly #report: MergedReport;
  /** The sequence that conceals what comes after it, until another style is set. */
  #concealing: { readonly start: number; readonly end: number } | undefined;

  constructor(text: string, report: MergedReport) {
    this.#text = text;
    this.#report = report;
  }

  /** Reads the control at `at`. @returns where it, or its sequence, ends */
  read(at: number): number {
    const sequence = terminalSequence(this.#text, at);
    if (sequence === undefined) {
      this.#report.add({ ...CONTROL_MATCH, start: at, end: at + 1 });
      return at + 1;
    }
    this.#sequence(at, sequence);
    return sequence.end;
  }

  /** What is concealed to the end of the text is reported. */
  finish(): void {
    this.#reveal(this.#text.length);
  }

  #sequence(start: number, { end, kind, body, style }: TerminalSequence): void {
    if (style !== undefined) {
      this.#reveal(start);
      if (isConcealing(style)) {
        this.#concealing = { start, end };
        return;
      }
    }
    if (kind === 'control') this.#report.add({ ...SEQUENCE_MATCH, start, end });
    else this.#report.add({ ...STRING_MATCH, start, end, ...(body === undefined ? {} : { conceals: body }) });
  }

  #reveal(until: number): void {
    const opened = this.#concealing;
    if (opened === undefined) return;
    this.#concealing = undefined;
    const { start, end } = opened;
    this.#report.add({ ...CONCEALED_MATCH, start, end, ...(until > end ? { conceals: [end, until] as const } : {}) });
  }
}

const CONTROL_MATCH = {
  rule: 'invisible.control',
  severity: 'medium',
  reason: 'a control character',
  mask: '',
} as const;

const SEQUENCE_MATCH = {
  rule: 'invisible.terminal',
  severity: 'medium',
  reason: 'an escape sequence that steers a terminal',
  mask: '',
} as const;

const STRING_MATCH = {
  rule: 'invisible.terminal-string',
  severity: 'high',
  reason: 'an escape sequence that hands a terminal a link, a title or the clipboard',
  mask: '',
} as const;

const CONCEALED_MATCH = {
  rule: 'invisible.terminal-concealed',
  severity: 'high',
  reason: 'an escape sequence behind which a terminal shows no text',
  mask: '',
} as const;
