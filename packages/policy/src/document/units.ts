const DURATION = /^([1-9][0-9]{0,9})(ms|s|m|h)$/u;
const DURATION_UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SIZE = /^([1-9][0-9]{0,12})(KiB|MiB|GiB)?$/u;
const SIZE_UNIT_BYTES: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** The longest time limit a policy can set: 24 hours, in milliseconds. */
const MAX_DURATION_MS: number = 24 * 3_600_000;

/** The largest result limit a policy can set: 1 GiB, in bytes. */
const MAX_SIZE_BYTES: number = 1024 ** 3;

/** Milliseconds of `250ms`, `5s`, `15m` or `1h`; undefined where the text is none of these, zero, or over 24 hours. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const durationMs = Number(match[1]) * (DURATION_UNIT_MS[match[2] ?? ''] ?? Number.NaN);
  return durationMs <= MAX_DURATION_MS ? durationMs : undefined;
}

/** Bytes of `512`, `64KiB`, `1MiB` or the number 512; undefined where it is none of these, zero, or over 1 GiB. */
export function parseSize(size: string | number): number | undefined {
  const match = SIZE.exec(String(size));
  if (match === null) return undefined;
  const bytes = Number(match[1]) * (match[2] === undefined ? 1 : (SIZE_UNIT_BYTES[match[2]] ?? Number.NaN));
  return bytes <= MAX_SIZE_BYTES ? bytes : undefined;
}
