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

/** The longest window that a control can look back on: 366 days, in milliseconds. */
const MAX_WINDOW_MS: number = 366 * 24 * 3_600_000;
const WINDOW = /^([1-9][0-9]{0,10})(ms|s|m|h|d)$/u;

/** Milliseconds of what {@link parseDuration} reads, or of `7d`; undefined where it is none of these, zero, or over 366 days. */
export function parseWindow(text: string): number | undefined {
  const match = WINDOW.exec(text);
  if (match === null) return undefined;
  const unitMs = match[2] === 'd' ? 24 * 3_600_000 : (DURATION_UNIT_MS[match[2] ?? ''] ?? Number.NaN);
  const durationMs = Number(match[1]) * unitMs;
  return durationMs <= MAX_WINDOW_MS ? durationMs : undefined;
}

/** A share of `75%` or `99.5%`, from 0 to 1; undefined where it is no such text, zero, or over 100. */
export function parsePercent(text: string): number | undefined {
  const match = /^([0-9]{1,3}(?:\.[0-9]{1,3})?)%$/u.exec(text);
  const percent = match === null ? 0 : Number(match[1]);
  return percent > 0 && percent <= 100 ? percent / 100 : undefined;
}

/** A rate of `60/1m`; undefined where it is none, or over a million calls. */
export function parseRate(text: string): { readonly max: number; readonly withinMs: number } | undefined {
  const match = /^([1-9][0-9]{0,6})\/(.{1,16})$/u.exec(text);
  const withinMs = parseWindow(match?.[2] ?? '');
  const max = Number(match?.[1]);
  return withinMs === undefined || !(max <= 1_000_000) ? undefined : { max, withinMs };
}

/** `arguments.a.b`, by names of letters, digits, `_` and `-`; or `arguments` and a JSON pointer. */
export const ARGUMENT_PATH: RegExp = /^arguments(?:(?:\.[A-Za-z0-9_-]+)+|(?:\/(?:[^~/]|~[01])*)+)$/u;

/** The JSON pointer of a path: `/a/b` of `arguments.a.b` and of `arguments/a/b`. */
export function pointerOfPath(path: string): string {
  const rest = path.replace(/^[a-z]+/u, '');
  return rest.startsWith('.') ? rest.replaceAll('.', '/') : rest;
}

/** Bytes of `512`, `64KiB`, `1MiB` or the number 512; undefined where it is none of these, zero, or over 1 GiB. */
export function parseSize(size: string | number): number | undefined {
  const match = SIZE.exec(String(size));
  if (match === null) return undefined;
  const bytes = Number(match[1]) * (match[2] === undefined ? 1 : (SIZE_UNIT_BYTES[match[2]] ?? Number.NaN));
  return bytes <= MAX_SIZE_BYTES ? bytes : undefined;
}
