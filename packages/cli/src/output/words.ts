/** `1 tool`, `3 tools`, `1,234 records`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** With thousands separators, the same everywhere. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A cost, to six decimals; what is smaller than they show is not shown as nothing. */
export function formatCost(cost: number): string {
  if (cost !== 0 && Math.abs(cost) < 0.000_001) return cost.toExponential(2);
  return cost.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** `2026-11-20 10:11:12.345Z`; times beyond what a date can hold stay numbers. */
export function formatTime(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().replace('T', ' ');
}
