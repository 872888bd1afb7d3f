import type { JsonValue } from '@callgate/canonical';

import { printValue } from '../lock/print-lock.ts';
import type { Drift } from './drift.ts';

/** One line of a difference. */
export interface DiffLine {
  readonly mark: ' ' | '+' | '-';
  /** Foreign text: make it printable before a person sees it. */
  readonly text: string;
}

/** Of each side; what is beyond is one line that says so. */
const MAX_LINES = 2_000;
/** Pairs of lines that are compared, at most; beyond, all of one side goes and all of the other comes. */
const MAX_PAIRS = 1_000_000;
const CONTEXT = 2;

/**
 * A drift, line by line, as people read it: texts in their own lines, anything else as JSON with its keys in order. Lines that are the
 * same are shown only next to ones that are not.
 */
export function driftLines({ before, after }: Drift): readonly DiffLine[] {
  const [removed, added] = [linesOf(before), linesOf(after)];
  return withoutDistant(alignLines(removed, added));
}

function linesOf(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return [];
  const lines = (typeof value === 'string' ? value : printValue(value, '')).split('\n');
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more lines`];
}

function alignLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const same = (text: string): DiffLine => ({ mark: ' ', text });
  return [
    ...before.slice(0, start).map(same),
    ...alignMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

/** By the longest common subsequence. */
function alignMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  if (before.length * after.length > MAX_PAIRS) {
    return [
      ...before.map((text): DiffLine => ({ mark: '-', text })),
      ...after.map((text): DiffLine => ({ mark: '+', text })),
    ];
  }
  const width = after.length + 1;
  /** Length of the longest common subsequence of what follows each pair of places. */
  const lengths = new Uint16Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      lengths[at] =
        before[row] === after[column]
          ? (lengths[at + width + 1] ?? 0) + 1
          : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [text, textNow] = [before[row], after[column]];
    const at = row * width + column;
    if (text !== undefined && text === textNow) {
      lines.push({ mark: ' ', text });
      row += 1;
      column += 1;
    } else if (text !== undefined && (textNow === undefined || (lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0))) {
      lines.push({ mark: '-', text });
      row += 1;
    } else if (textNow !== undefined) {
      lines.push({ mark: '+', text: textNow });
      column += 1;
    }
  }
  return lines;
}

function withoutDistant(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  for (const [index, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    for (let at = index - CONTEXT; at <= index + CONTEXT; at += 1) near.add(at);
  }
  return lines.filter((_, index) => near.has(index));
}
