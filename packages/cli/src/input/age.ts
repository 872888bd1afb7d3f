const AGE = /^(?<count>[1-9][0-9]{0,5})(?<unit>[mhd])$/u;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `30m`, `12h` or `7d`; undefined where the text is none of these. */
export function parseAge(text: string): number | undefined {
  const { count, unit } = AGE.exec(text)?.groups ?? {};
  return count === undefined || unit === undefined ? undefined : Number(count) * (UNIT_MS[unit] ?? Number.NaN);
}
