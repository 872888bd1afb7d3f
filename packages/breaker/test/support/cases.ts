/** How many cases a property looks at: `CALLGATE_CASES`, for a long run, or the number that a short one can afford. */
export function casesOr(count: number): number {
  const asked = Number(process.env['CALLGATE_CASES']);
  return Number.isInteger(asked) && asked > 0 ? asked : count;
}
