/** One range of a string to mask. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly mask: string;
}

/** `text` with the ranges masked. Where some overlap, all of what they cover goes, under the mask of the longest. */
export function maskText(text: string, edits: readonly Edit[]): string {
  let masked = '';
  let kept = 0;
  for (const { start, end, mask } of disjoint(edits)) {
    masked += text.slice(kept, start) + mask;
    kept = end;
  }
  return masked + text.slice(kept);
}

function disjoint(edits: readonly Edit[]): readonly Edit[] {
  const merged: Edit[] = [];
  let longest = 0;
  for (const edit of edits.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const last = merged.at(-1);
    const length = edit.end - edit.start;
    if (last === undefined || edit.start >= last.end) {
      merged.push(edit);
      longest = length;
      continue;
    }
    // A removal beside a mask: what is masked there has to show.
    const isStronger = length > longest || last.mask === '';
    if (isStronger) longest = length;
    const mask = isStronger ? edit.mask : last.mask;
    merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, edit.end), mask };
  }
  return merged;
}
