import type { JsonValue } from '@callgate/canonical';

import { asObjects, changedMembers, type MemberChange } from './compare-members.ts';
import { compareSchemas } from './compare-schemas.ts';
import { makeDrift, type Drift } from './drift.ts';

/** Members that a model or a person reads. */
const WORDS: ReadonlySet<string> = new Set(['description', 'icons', 'title']);

/** What a client takes each hint to be where it is absent, and the value that looks safer (MCP 2025-11-25, ToolAnnotations). */
const HINTS: ReadonlyMap<string, { readonly absent: boolean; readonly safer: boolean }> = new Map([
  ['destructiveHint', { absent: true, safer: false }],
  ['idempotentHint', { absent: false, safer: true }],
  ['openWorldHint', { absent: true, safer: false }],
  ['readOnlyHint', { absent: false, safer: true }],
]);

/** How a tool's definition differs from the pinned one. */
export function toolDrifts(before: JsonValue, after: JsonValue): readonly Drift[] {
  const both = asObjects(before, after);
  if (both === undefined) return [makeDrift('other', '', before, after)];
  return changedMembers(...both, '').flatMap(memberDrifts);
}

function memberDrifts(change: MemberChange): readonly Drift[] {
  const { name, pointer, before, after } = change;
  if (WORDS.has(name)) return [makeDrift('wording', pointer, before, after)];
  switch (name) {
    case 'inputSchema':
      return compareSchemas(before, after, pointer);
    case 'outputSchema':
      return [makeDrift('output-changed', pointer, before, after)];
    case 'annotations':
      return annotationDrifts(change);
  }
  return [makeDrift('other', pointer, before, after)];
}

function annotationDrifts({ pointer, before, after }: MemberChange): readonly Drift[] {
  const both = asObjects(before, after);
  if (both === undefined) return [makeDrift('annotation-relaxed', pointer, before, after)];
  const changes = changedMembers(...both, pointer);
  // An empty object came or went.
  if (changes.length === 0) return [makeDrift('other', pointer, before, after)];
  return changes.map(annotationDrift);
}

function annotationDrift(change: MemberChange): Drift {
  const { name, pointer, before, after } = change;
  const hint = HINTS.get(name);
  if (hint === undefined) return makeDrift(name === 'title' ? 'wording' : 'other', pointer, before, after);
  const effective = before ?? hint.absent;
  const effectiveNow = after ?? hint.absent;
  // Clients differ in what they make of a hint that is no boolean.
  const isRelaxed = effectiveNow !== effective && effectiveNow !== !hint.safer;
  return makeDrift(isRelaxed ? 'annotation-relaxed' : 'annotation-flip', pointer, before, after);
}
