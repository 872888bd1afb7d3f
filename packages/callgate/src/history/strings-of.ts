import type { JsonValue } from '@callgate/canonical';

/** All strings and numbers of a value, as texts, in order; names of members are not among them. Depth is bounded where values come in. */
export function stringsOf(value: JsonValue): readonly string[] {
  const texts: string[] = [];
  collect(value, texts);
  return texts;
}

function collect(value: JsonValue, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number') into.push(String(value));
  else if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) collect(item as JsonValue, into);
}
