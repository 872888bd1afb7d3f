import type { JsonValue } from '@callgate/canonical';

import { shortDigest } from './call-facts.ts';

/**
 * Names the state of a control: its kind, its id, and a digest of what gives the state its meaning, undefined members left out. So a
 * policy that changes a maximum goes on with the count, and one that counts something else starts anew.
 */
export function spaceName(kind: string, id: string, meaning: Readonly<Record<string, unknown>>): string {
  return `${kind}:${id}:${shortDigest(JSON.parse(JSON.stringify(meaning)) as JsonValue)}`;
}

/** The kind that a space is named for: who restores it. */
export function kindOfSpace(name: string): string {
  return name.split(':', 1)[0] ?? '';
}

/** The id of the control, as far as the name has one. */
export function idOfSpace(name: string): string {
  const from = name.indexOf(':') + 1;
  const to = name.lastIndexOf(':');
  return to < from ? name.slice(from) : name.slice(from, to);
}
