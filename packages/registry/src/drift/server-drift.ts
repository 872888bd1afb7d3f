import type { Digest, JsonValue } from '@callgate/canonical';

import type { ServerIdentity } from '../identity/identity.ts';
import { identityChanges } from '../identity/identity-changes.ts';
import type { LockedServer } from '../lock/lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { makeDrift, type Drift } from './drift.ts';

/** How the server itself differs from the one that is pinned: its identity, and whether it or its whole manifest is revoked. */
export function serverDrifts(
  locked: LockedServer | undefined,
  identity: ServerIdentity | null,
  manifest: Manifest,
  revoked: ReadonlySet<Digest>,
): readonly Drift[] {
  const drifts: Drift[] = [];
  const digests = identity?.kind === 'command' ? [identity.executable, identity.script] : (identity?.publicKeys ?? []);
  for (const digest of [manifest.digest, ...digests]) {
    if (digest !== null && revoked.has(digest)) drifts.push(makeDrift('revoked', '', undefined, digest));
  }
  if (locked === undefined) return drifts;
  const pinned = locked.identity?.pinned;
  if (pinned === undefined || identity === null) {
    drifts.push(makeDrift('identity-changed', '', asJson(pinned), asJson(identity ?? undefined)));
  } else {
    drifts.push(
      ...identityChanges(pinned, identity).map(({ pointer, before, after }) =>
        makeDrift('identity-changed', pointer, before, after),
      ),
    );
  }
  return drifts;
}

function asJson(identity: ServerIdentity | undefined): JsonValue | undefined {
  return identity as unknown as JsonValue | undefined;
}
