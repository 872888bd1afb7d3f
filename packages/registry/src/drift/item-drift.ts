import type { JsonValue } from '@callgate/canonical';

import type { ManifestItem } from '../manifest/manifest.ts';
import { asObjects, changedMembers } from './compare-members.ts';
import { makeDrift, type Drift } from './drift.ts';
import type { DriftClass } from './drift-class.ts';
import { promptDrifts } from './prompt-drift.ts';
import { toolDrifts } from './tool-drift.ts';

type Pinned = Pick<ManifestItem, 'kind' | 'name' | 'digest' | 'definition'>;

/** Members of a resource and of a template that a model or a person reads. */
const RESOURCE_WORDS: ReadonlySet<string> = new Set(['annotations', 'description', 'icons', 'name', 'title']);

/**
 * How an item differs from the pinned one of its kind and name. Nothing exactly where the digests are equal.
 *
 * Pure and linear in the two definitions. The order of keys never matters; that of lists does.
 */
export function classifyDrift(pinned: Pinned, seen: Pinned): readonly Drift[] {
  if (pinned.digest === seen.digest) return [];
  const drifts = driftsOf(pinned, seen.definition);
  return drifts.length > 0 ? drifts : [makeDrift('other', '', pinned.definition, seen.definition)];
}

function driftsOf({ kind, name, definition }: Pinned, seen: JsonValue): readonly Drift[] {
  switch (kind) {
    case 'tool':
      return toolDrifts(definition, seen);
    case 'prompt':
      return promptDrifts(definition, seen);
    case 'resource':
    case 'resource-template':
      return resourceDrifts(definition, seen);
    case 'handshake':
      return handshakeDrifts(name, definition, seen);
  }
}

function resourceDrifts(before: JsonValue, after: JsonValue): readonly Drift[] {
  const both = asObjects(before, after);
  if (both === undefined) return [makeDrift('other', '', before, after)];
  return changedMembers(...both, '').map((change) =>
    makeDrift(RESOURCE_WORDS.has(change.name) ? 'wording' : 'other', change.pointer, change.before, change.after),
  );
}

/** What a drift of a member of the handshake is, whether it changed, came or went. */
export function handshakeClass(name: string): DriftClass {
  switch (name) {
    case 'capabilities':
      return 'capabilities-changed';
    case 'instructions':
      return 'instructions-changed';
    case 'protocolVersion':
    case 'supportedVersions':
      return 'protocol-changed';
    case 'serverInfo':
      return 'server-info-changed';
  }
  return 'other';
}

function handshakeDrifts(name: string, before: JsonValue, after: JsonValue): readonly Drift[] {
  if (name !== 'serverInfo') return [makeDrift(handshakeClass(name), '', before, after)];
  const both = asObjects(before, after);
  if (both === undefined) return [makeDrift('identity-changed', '', before, after)];
  return changedMembers(...both, '').map((change) =>
    makeDrift(
      change.name === 'name' ? 'identity-changed' : 'server-info-changed',
      change.pointer,
      change.before,
      change.after,
    ),
  );
}
