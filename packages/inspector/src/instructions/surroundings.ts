import type { Concept } from './concept.ts';
import type { Mark } from './read-concepts.ts';

const COMMENT_REACH = 400;
const CONCEALED_REACH = 240;
const MENTION_REACH = 140;
const DISCOURSE_REACH = 280;
/** Words of those who write about attacks, of which so many stand around what they write about. */
const DISCOURSE = 3;

/** Opening quotes right before a passage, and closing ones soon after it. */
const OPENED = /["'`“‘«„「『][\s>*_]{0,2}$/u;
const CLOSED = /^[^\n"'`”’»“」』]{0,24}["'`”’»“」』]/u;

/** What stands around the passages of a text: whether they are hidden, or quoted. Each question costs a search in a sorted list. */
export class Surroundings {
  readonly #text: string;
  readonly #comments: readonly Mark[];
  readonly #concealed: readonly Mark[];
  readonly #mentions: readonly Mark[];
  readonly #discourse: readonly Mark[];

  /** @param marks by where they start */
  constructor(text: string, marks: readonly Mark[]) {
    const of = (wanted: Concept): readonly Mark[] => marks.filter(({ concept }) => concept === wanted);
    this.#text = text;
    this.#comments = of('comment');
    this.#concealed = of('concealed');
    this.#mentions = of('mention');
    this.#discourse = of('discourse');
  }

  /** Whether a comment of HTML or Markdown began before `start` and has not ended. */
  isInComment(start: number): boolean {
    const mark = this.#comments[lastBefore(this.#comments, start)];
    if (mark === undefined || start - mark.end > COMMENT_REACH) return false;
    return !this.#text.slice(mark.end, start).includes('-->');
  }

  /** Whether a style that hides stands shortly before `start`. */
  isConcealed(start: number): boolean {
    const mark = this.#concealed[lastBefore(this.#concealed, start)];
    return mark !== undefined && start - mark.end <= CONCEALED_REACH;
  }

  /** Whether the text around a passage is about attacks: several words of that stand near. */
  isDiscussed(start: number, end: number): boolean {
    const marks = this.#discourse;
    const index = lastBefore(marks, start);
    const before = marks
      .slice(Math.max(0, index + 1 - DISCOURSE), index + 1)
      .filter((mark) => start - mark.end <= DISCOURSE_REACH);
    const after = marks
      .slice(index + 1, index + 9)
      .filter((mark) => mark.start >= end && mark.start - end <= DISCOURSE_REACH);
    return before.length + after.length >= DISCOURSE;
  }

  /** Whether a passage is a quotation, and words around it say that it is an example. */
  isMentioned(start: number, end: number): boolean {
    const text = this.#text;
    if (!OPENED.test(text.slice(Math.max(0, start - 4), start)) || !CLOSED.test(text.slice(end, end + 26)))
      return false;
    const index = lastBefore(this.#mentions, start);
    const before = this.#mentions[index];
    if (before !== undefined && start - before.end <= MENTION_REACH) return true;
    const after = this.#mentions.slice(index + 1, index + 9).find((mark) => mark.start >= end);
    return after !== undefined && after.start - end <= MENTION_REACH;
  }
}

/** The index of the last mark that ends by `position`, -1 for none. */
function lastBefore(marks: readonly Mark[], position: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[middle]?.start ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
