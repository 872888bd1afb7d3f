import type { FindingKind } from '../finding.ts';

/** What stands in the place of what was masked, where a detector says nothing else. */
export function placeholderOf(rule: string): string {
  return `[redacted:${rule}]`;
}

const PLACEHOLDER = /^\[redacted:(?<kind>[a-z]+)\.[a-z0-9-]{1,48}\]$/u;
const KINDS: ReadonlySet<string> = new Set<FindingKind>([
  'secrets',
  'pii',
  'instructions',
  'links',
  'invisible',
  'custom',
]);

/** Whether `text` is a placeholder and nothing else: there is nothing left to find in it. */
export function isPlaceholder(text: string): boolean {
  const kind = text.length > 80 ? undefined : PLACEHOLDER.exec(text)?.groups?.['kind'];
  return kind !== undefined && KINDS.has(kind);
}
