import type { JsonValue } from '@callgate/canonical';

import type { CommandIdentity, ServerIdentity, UrlIdentity } from './identity.ts';

/** One way in which a server is not who it was. */
export interface IdentityChange {
  /** JSON pointer into the identity. */
  readonly pointer: string;
  readonly before: JsonValue;
  /** Null also where nobody looked: what is pinned and was not looked at has not been verified. */
  readonly after: JsonValue;
}

/**
 * How a server that was met differs from the one that is pinned; nothing where it is the same. What the pin leaves null is not
 * compared.
 */
export function identityChanges(pinned: ServerIdentity, seen: ServerIdentity): readonly IdentityChange[] {
  if (pinned.kind === 'url' && seen.kind === 'url') return urlChanges(pinned, seen);
  if (pinned.kind === 'command' && seen.kind === 'command') return commandChanges(pinned, seen);
  return [{ pointer: '/kind', before: pinned.kind, after: seen.kind }];
}

function urlChanges(pinned: UrlIdentity, seen: UrlIdentity): readonly IdentityChange[] {
  const changes: IdentityChange[] = [];
  if (pinned.origin !== seen.origin) changes.push({ pointer: '/origin', before: pinned.origin, after: seen.origin });
  const isKnown = seen.publicKeys.length > 0 && seen.publicKeys.every((key) => pinned.publicKeys.includes(key));
  if (pinned.publicKeys.length > 0 && !isKnown) {
    changes.push({ pointer: '/publicKeys', before: pinned.publicKeys, after: seen.publicKeys });
  }
  return changes;
}

function commandChanges(pinned: CommandIdentity, seen: CommandIdentity): readonly IdentityChange[] {
  const changes: IdentityChange[] = [];
  const compare = (pointer: string, before: JsonValue, after: JsonValue): void => {
    if (JSON.stringify(before) !== JSON.stringify(after)) changes.push({ pointer, before, after });
  };
  compare('/command', pinned.command, seen.command);
  compare('/args', pinned.args, seen.args);
  if (pinned.executable !== null) compare('/executable', pinned.executable, seen.executable);
  if (pinned.script !== null) compare('/script', pinned.script, seen.script);
  if (pinned.package === null) return changes;
  compare('/package/registry', pinned.package.registry, seen.package?.registry ?? null);
  compare('/package/name', pinned.package.name, seen.package?.name ?? null);
  for (const key of ['version', 'integrity'] as const) {
    const before = pinned.package[key];
    if (before !== null) compare(`/package/${key}`, before, seen.package?.[key] ?? null);
  }
  return changes;
}
