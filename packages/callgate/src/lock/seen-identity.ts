import type { ServerIdentity as SeenByTransport } from '@callgate/policy';
import {
  peerKeyDigest,
  resolveCommandIdentity,
  urlIdentity,
  type CommandIdentity,
  type Lock,
  type LockedServer,
  type ServerIdentity,
} from '@callgate/registry/lock';

import type { LaunchPlace } from '../transport/observe-identity.ts';

/** How long looking at a server's files, or at its key, may take. What takes longer is not verified. */
const LOOK_MS = 10_000;

/** What the lock wants to know of a server, as it is before the first message. Nothing is started. */
export async function seenIdentity(
  lock: Lock,
  locked: LockedServer | undefined,
  shown: SeenByTransport | undefined,
  place: LaunchPlace,
): Promise<ServerIdentity | null> {
  if (shown === undefined) return null;
  const pinned = locked?.identity?.pinned;
  try {
    if ('url' in shown) {
      const isPinned = pinned?.kind === 'url' && pinned.publicKeys.length > 0;
      return urlIdentity(shown.url, isPinned ? [await withinTime(peerKeyDigest(shown.url))] : []);
    }
    const command = pinned?.kind === 'command' ? pinned : undefined;
    if (!looksAtFiles(command) && lock.revoked.length === 0) return bareCommand(shown);
    const pinsInterpreter = command !== undefined && command.executable !== null;
    return await withinTime(resolveCommandIdentity(shown.command, shown.args, { ...place, pinsInterpreter }));
  } catch {
    // what could not be looked at is not verified: where it is pinned, it counts as another one
    return 'url' in shown ? unverifiedUrl(shown.url) : bareCommand(shown);
  }
}

function looksAtFiles(pinned: CommandIdentity | undefined): boolean {
  return pinned !== undefined && [pinned.executable, pinned.script, pinned.package].some((one) => one !== null);
}

function bareCommand({
  command,
  args,
}: {
  readonly command: string;
  readonly args: readonly string[];
}): ServerIdentity {
  return { kind: 'command', command, args, executable: null, script: null, package: null };
}

function unverifiedUrl(url: string): ServerIdentity | null {
  return /^https?:/iu.test(url) && URL.canParse(url) ? urlIdentity(url) : null;
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`expected an answer within ${LOOK_MS} ms`)), LOOK_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
