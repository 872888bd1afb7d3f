import type { QuarantineEntry } from 'callgate';

import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { formatTime, plural } from './words.ts';

/** One item of a quarantine on a line. */
export function quarantineLine(entry: QuarantineEntry, style: Style): string {
  const { id, state, storedAt, bytes, server, findings } = entry;
  const found = findings.map(({ rule }) => printable(rule, 60)).join(', ');
  const shownState = state === 'held' ? style.yellow('held    ') : style.green('released');
  return `${style.bold(printable(id))}  ${shownState}  ${formatTime(storedAt)}  ${plural(bytes, 'byte')}  ${printable(server, 60)}/${target(entry)}  ${found}`;
}

/** Everything that is said of an item in the clear. */
export function quarantineLines(entry: QuarantineEntry, style: Style): readonly string[] {
  const { id, state, server, method, type, request, run, principal, storedAt, expiresAt, bytes } = entry;
  const rows: readonly (readonly [string, string])[] = [
    ['from', `${printable(server)}/${target(entry)} (${printable(method)}, ${type})`],
    ['request', printable(request)],
    ['run', run === null ? 'none' : printable(run)],
    ['principal', printable(JSON.stringify(principal))],
    ['stored', formatTime(storedAt)],
    ['expires', formatTime(expiresAt)],
    ['content', `${plural(bytes, 'byte')}, ${entry.digest}`],
    ['labels', entry.labels.map((label) => printable(label)).join(', ') || 'none'],
    ['sealed with', `key ${printable(entry.key)}`],
    ...entry.findings.map(
      ({ rule, severity, count }) =>
        ['found', `${printable(rule)}, ${printable(severity)}, ${plural(count, 'time')}`] as const,
    ),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${style.bold(printable(id))}: ${state}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ];
}

function target({ tool, method }: QuarantineEntry): string {
  return printable(tool ?? method, 60);
}
