const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?<zone>Z|[+-]\d{2}:\d{2})?)?$/u;

/**
 * Milliseconds since the Unix epoch of `2026-11-20`, `2026-11-20T10:00`, `2026-11-20T10:00:00.5+01:00`: UTC unless it has an
 * offset; a date is its first moment. Undefined for anything else.
 */
export function parseTime(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const hasClock = text.length > 10;
  const zone = match.groups?.['zone'] === undefined && hasClock ? 'Z' : '';
  const time = Date.parse(`${text.replace(' ', 'T')}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}
