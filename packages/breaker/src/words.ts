const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A duration in words, rounded up to whole seconds from one second on: `250 ms`, `42 s`, `1 min 30 s`, `2 h`, `1 d`. */
export function durationWords(durationMs: number): string {
  if (durationMs < 1000) return `${Math.ceil(durationMs)} ms`;
  let rest = Math.ceil(durationMs / 1000) * 1000;
  const words: string[] = [];
  for (const [ms, name] of UNITS) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) words.push(`${count} ${name}`);
  }
  // The two largest say enough; a wait may be told a little too short, and is in full in `retryAfterMs`.
  return words.slice(0, 2).join(' ');
}
