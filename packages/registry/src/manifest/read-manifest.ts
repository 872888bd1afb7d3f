import { clonePlain, digestJson, excerpt, isJsonObject, PlainDataError, type JsonValue } from '@callgate/canonical';

import {
  itemsOf,
  manifestDigest,
  type ItemKind,
  type Manifest,
  type ManifestItem,
  type ManifestProblem,
} from './manifest.ts';

/** What a server answered, as it came. A list holds the items of all pages; a list that was not asked for is absent. */
export interface Advertised {
  /** The result of `initialize` or `server/discover`. */
  readonly handshake?: unknown;
  readonly tools?: readonly unknown[];
  readonly prompts?: readonly unknown[];
  readonly resources?: readonly unknown[];
  readonly resourceTemplates?: readonly unknown[];
}

/** Items of one kind that are read; what is beyond is a problem, `too-many`. */
const MAX_ITEMS = 10_000;
/** Members of an answer that are about the answer, not about the server. */
const ENVELOPE: ReadonlySet<string> = new Set(['_meta', 'resultType', 'ttlMs', 'cacheScope']);

const LISTS = [
  ['tool', 'tools', 'name'],
  ['prompt', 'prompts', 'name'],
  ['resource', 'resources', 'uri'],
  ['resource-template', 'resourceTemplates', 'uriTemplate'],
] as const;

/**
 * The manifest of what a server advertised. Never throws for anything a server can answer: what cannot be pinned (a name
 * twice, no name, beyond the bounds of plain data) is no item, and a problem.
 */
export function readManifest(advertised: Advertised): Manifest {
  const items = new Map<ItemKind, ReadonlyMap<string, ManifestItem>>();
  const problems: ManifestProblem[] = [];
  if (advertised.handshake !== undefined) items.set('handshake', readHandshake(advertised.handshake, problems));
  for (const [kind, list, key] of LISTS) {
    const listed = advertised[list];
    if (listed !== undefined) items.set(kind, readList(kind, key, listed, problems));
  }
  const manifest = { items, problems };
  return { ...manifest, digest: manifestDigest(itemsOf({ ...manifest, digest: 'sha256:' })) };
}

function readHandshake(answer: unknown, problems: ManifestProblem[]): ReadonlyMap<string, ManifestItem> {
  const found = new Map<string, ManifestItem>();
  const value = plain('handshake', null, answer, problems);
  if (value === undefined) return found;
  if (!isJsonObject(value)) {
    problems.push({ kind: 'handshake', name: null, code: 'malformed', message: 'expected an object' });
    return found;
  }
  for (const [name, definition] of Object.entries(value)) {
    if (!ENVELOPE.has(name)) found.set(name, makeItem('handshake', name, definition));
  }
  return found;
}

function readList(
  kind: ItemKind,
  key: string,
  listed: readonly unknown[],
  problems: ManifestProblem[],
): ReadonlyMap<string, ManifestItem> {
  const found = new Map<string, ManifestItem>();
  const repeated = new Set<string>();
  for (const one of listed.slice(0, MAX_ITEMS)) {
    const name = nameOf(one, key);
    const definition = plain(kind, name, one, problems);
    if (name !== null && (found.has(name) || repeated.has(name))) {
      repeated.add(name);
      found.delete(name);
    } else if (definition !== undefined && name === null) {
      problems.push({ kind, name, code: 'unnamed', message: `expected an object with a text as \`${key}\`` });
    } else if (definition !== undefined && name !== null) {
      found.set(name, makeItem(kind, name, definition));
    } else if (name !== null) {
      // Whatever else has this name, it is not all that has it.
      repeated.add(name);
    }
  }
  for (const name of repeated) {
    const message = `expected \`${excerpt(name)}\` once and well-formed`;
    problems.push({ kind, name, code: 'duplicate', message });
  }
  if (listed.length > MAX_ITEMS) {
    problems.push({
      kind,
      name: null,
      code: 'too-many',
      message: `expected at most ${MAX_ITEMS}, got ${listed.length}`,
    });
  }
  return found;
}

function makeItem(kind: ItemKind, name: string, definition: JsonValue): ManifestItem {
  return { kind, name, definition, digest: digestJson(definition) };
}

function nameOf(value: unknown, key: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const descriptor = Object.getOwnPropertyDescriptor(value, key);
  const name: unknown = descriptor === undefined || !('value' in descriptor) ? undefined : descriptor.value;
  return typeof name === 'string' && name.isWellFormed() ? name : null;
}

function plain(
  kind: ItemKind,
  name: string | null,
  value: unknown,
  problems: ManifestProblem[],
): JsonValue | undefined {
  try {
    return clonePlain(value, undefined, { dropUndefined: true, dropHidden: true });
  } catch (error) {
    if (!(error instanceof PlainDataError)) throw error;
    problems.push({ kind, name, code: 'malformed', message: error.message });
    return undefined;
  }
}
