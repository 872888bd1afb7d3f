/** An escape of JSON, and of most programming languages. */
const ESCAPE = /\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|["'\\/bfnrt])/iuy;

/** The longest of them, in code units. */
const LONGEST = 6;

/**
 * A range to mask, without a part of an escape at either end: in a text within a text the rest of one would mean something else, or end
 * the text. An escape of one character before the range stays; one that is written in hex, and of which the range holds a part, goes with it.
 */
export function aroundEscapes(
  text: string,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  const first = escapeAround(text, start);
  const last = escapeAround(text, end);
  const from = first === undefined ? start : isShort(first) ? first.end : first.start;
  const to = last === undefined ? end : isShort(last) ? last.start : last.end;
  return from < to ? { start: from, end: to } : { start, end };
}

function isShort({ start, end }: { readonly start: number; readonly end: number }): boolean {
  return end - start === 2;
}

/** The escape that begins before `place` and ends behind it. */
function escapeAround(text: string, place: number): { readonly start: number; readonly end: number } | undefined {
  for (let start = place - 1; start >= 0 && place - start < LONGEST; start -= 1) {
    if (text.charAt(start) !== '\\') continue;
    // Of several backslashes each second is escaped itself.
    let before = start;
    while (before > 0 && text.charAt(before - 1) === '\\') before -= 1;
    if ((start - before) % 2 === 1) continue;
    ESCAPE.lastIndex = start;
    const end = ESCAPE.test(text) ? ESCAPE.lastIndex : start;
    return end > place ? { start, end } : undefined;
  }
  return undefined;
}
