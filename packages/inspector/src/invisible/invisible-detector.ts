import type { Detector, InspectedText, Match } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { unitAt } from '../internal/unit-at.ts';
import { FEATURES, STYLED, WIDE_SPACE } from '../scan/features.ts';
import { BLANK_KEYWORDS, blankCodes } from './blank-codes.ts';
import { BLANK, CONTROL, PRIVATE, CLASSES, SURROGATE, VISIBLE, classOf } from './character-class.ts';
import { HiddenText } from './hidden-text.ts';
import { homoglyphWords } from './homoglyphs.ts';
import { DenseJoiners } from './dense-joiners.ts';
import { isGenuine, type InvisibleRun } from './genuine.ts';
import { MergedReport } from './merged-report.ts';
import { Paragraphs } from './paragraphs.ts';
import { runMatch } from './run-match.ts';
import { BRAILLE } from './scripts.ts';
import { spaceCodes } from './space-codes.ts';
import { styledWords } from './styled-words.ts';
import { TerminalText } from './terminal-text.ts';

const { control, invisible, loneSurrogate, mixedScript, compatibility } = FEATURES;

/** Finds characters that show nothing, reorder or steer a terminal, and what they spell. It leaves those that people write. */
export const INVISIBLE_DETECTOR: Detector = Object.freeze({
  kind: 'invisible',
  isRaw: true,
  keywords: BLANK_KEYWORDS,
  features: control | invisible | loneSurrogate | mixedScript | compatibility,
  find(inspected: InspectedText, report: (match: Match) => void, fuel: Fuel): void {
    const { text, features, hits } = inspected;
    if (hits.length > 0) for (const match of blankCodes(text, hits, fuel)) report(match);
    if ((features & (control | invisible | loneSurrogate)) !== 0) {
      fuel.spend(text.length);
      new InvisibleScan(text, report, fuel).run();
    }
    if ((features & mixedScript) !== 0) {
      fuel.spend(text.length);
      for (const match of homoglyphWords(text)) report(match);
    }
    if ((features & compatibility) !== 0) {
      fuel.spend(Math.ceil(text.length / 2));
      if ((features & WIDE_SPACE) !== 0) for (const match of spaceCodes(text, fuel)) report(match);
      if ((features & STYLED) !== 0) for (const match of styledWords(text)) report(match);
    }
  },
} satisfies Detector);

/** What decoding one character that shows nothing costs, in fuel. */
const POINT_COST = 48;

/** One pass over a text, run by run. */
class InvisibleScan {
  readonly #text: string;
  readonly #report: (match: Match) => void;
  readonly #merged: MergedReport;
  readonly #fuel: Fuel;
  readonly #paragraphs: Paragraphs;
  readonly #hidden = new HiddenText();
  readonly #dense = new DenseJoiners();
  readonly #runs: Match[] = [];
  readonly #terminal: TerminalText;

  constructor(text: string, report: (match: Match) => void, fuel: Fuel) {
    this.#text = text;
    this.#report = report;
    this.#fuel = fuel;
    this.#merged = new MergedReport(report);
    this.#paragraphs = new Paragraphs(text);
    this.#terminal = new TerminalText(text, this.#merged);
  }

  run(): void {
    const text = this.#text;
    for (let at = nextOdd(text, 0); at < text.length;) at = nextOdd(text, this.#read(at, text.codePointAt(at) ?? 0));
    this.#terminal.finish();
    this.#merged.flush();
    this.#reportRuns();
  }

  /** @returns where the next character begins */
  #read(at: number, point: number): number {
    const width = point > 0xffff ? 2 : 1;
    switch (classOf(point)) {
      case VISIBLE:
        return at + width;
      case CONTROL:
        return this.#terminal.read(at);
      case SURROGATE:
        this.#merged.add({ ...SURROGATE_MATCH, start: at, end: at + 1 });
        return at + 1;
      case PRIVATE:
        return this.#private(at);
      case BLANK:
        return this.#blank(at);
      default:
        return this.#run(at);
    }
  }

  /** A run of characters that show nothing: joiners, marks, tags, selectors and fillers. */
  #run(start: number): number {
    const text = this.#text;
    const points: number[] = [];
    let end = start;
    while (end < text.length) {
      const point = text.codePointAt(end) ?? 0;
      const own = classOf(point);
      if (own === VISIBLE || own >= CONTROL) break;
      points.push(point);
      end += point > 0xffff ? 2 : 1;
    }
    const run = {
      text,
      start,
      end,
      points,
      before: pointBefore(text, start),
      after: end < text.length ? text.codePointAt(end) : undefined,
      paragraphs: this.#paragraphs,
    };
    for (const hiding of isGenuine(run) ? this.#dense.add(run) : [run]) this.#note(hiding);
    return end;
  }

  #note({ points, start, end }: InvisibleRun): void {
    this.#fuel.spend(points.length * POINT_COST);
    this.#hidden.add(points);
    this.#runs.push(runMatch(points, start, end));
  }

  #private(start: number): number {
    const end = this.#endOf(PRIVATE, start);
    // One alone is an icon of a font.
    const severity = end - start >= 4 ? 'medium' : 'low';
    this.#report({ ...PRIVATE_MATCH, severity, start, end });
    return end;
  }

  /** Blank Braille patterns, with the space between them; among patterns with dots they belong to a picture. */
  #blank(start: number): number {
    const text = this.#text;
    BLANKS.lastIndex = start;
    const end = start + (BLANKS.exec(text)?.[0].length ?? 1);
    const isPicture = BRAILLE.has(text.codePointAt(end)) || BRAILLE.has(pointBefore(text, start));
    if (!isPicture) this.#report({ ...BLANK_MATCH, start, end });
    return end;
  }

  #endOf(wanted: number, start: number): number {
    let end = start;
    while (end < this.#text.length) {
      const point = this.#text.codePointAt(end) ?? 0;
      if (classOf(point) !== wanted) return end;
      end += point > 0xffff ? 2 : 1;
    }
    return end;
  }

  /** Reports the runs; what they spell together stands with the first of its sort. */
  #reportRuns(): void {
    const tags = this.#hidden.tags();
    const others = this.#hidden.others();
    let isTagged = tags === undefined;
    let isOther = others === undefined;
    for (const match of this.#runs) {
      const isTags = match.rule === 'invisible.tags';
      if (isTags && !isTagged) {
        isTagged = true;
        this.#report({ ...match, ...(tags === undefined ? {} : { conceals: tags }) });
      } else if (!isTags && !isOther) {
        isOther = true;
        this.#report({ ...match, ...(others === undefined ? {} : { conceals: others }) });
      } else this.#report(match);
    }
  }
}

const BLANKS = /\u2800(?:[\u2800 \n\t\r]*\u2800)?/uy;

const SURROGATE_MATCH = {
  rule: 'invisible.lone-surrogate',
  severity: 'medium',
  reason: 'half of a surrogate pair, which is no character',
  mask: '',
} as const;

const PRIVATE_MATCH = {
  rule: 'invisible.private-use',
  reason: 'characters that have no meaning but a private one',
  mask: '',
} as const;

const BLANK_MATCH = {
  rule: 'invisible.blank',
  severity: 'medium',
  reason: 'Braille patterns without dots, which look like space',
  mask: '',
} as const;

/** Where the next code unit is that does not show something by itself; the length of the text for none. */
function nextOdd(text: string, from: number): number {
  const { length } = text;
  const classes = CLASSES;
  let at = from;
  while (at < length && classes[unitAt(text, at)] === VISIBLE) at += 1;
  return at;
}

function pointBefore(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const unit = text.charCodeAt(at - 1);
  const isPaired = (unit & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800;
  return isPaired ? text.codePointAt(at - 2) : unit;
}
