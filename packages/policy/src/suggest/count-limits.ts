/** The next number above or at `count` of 1, 2, 5, 10, 20, 50, …: lengths of free text mean nothing to the last character. */
export function roundedUp(count: number): number {
  for (let unit = 1; ; unit *= 10) {
    const step = [1, 2, 5].find((factor) => factor * unit >= count);
    if (step !== undefined) return step * unit;
  }
}

/** How many Unicode code points a text has, as `minLength` and `maxLength` count. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
