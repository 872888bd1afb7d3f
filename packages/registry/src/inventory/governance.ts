import type { ConfiguredServer } from './configured-server.ts';

/** How a policy says that a server must be reached; its `ServerIdentity`. */
export type GovernedIdentity =
  | { readonly command: string; readonly args: readonly string[] }
  | { readonly url: string };

/** A server that a policy (or a lock) has. */
export interface GovernedServer {
  readonly name: string;
  /** Null: the name is all that is known of it. */
  readonly identity: GovernedIdentity | null;
}

/**
 * What policy says of a configured server: `governed` under the name `as`; `differs` where the policy has the name with another
 * identity; `shadow` where it has neither.
 */
export type Governance =
  | { readonly kind: 'governed'; readonly as: string }
  | { readonly kind: 'differs'; readonly as: string }
  | { readonly kind: 'shadow' };

/** Finds a configured server in a policy: by identity first, then by name. */
export function governanceOf(server: ConfiguredServer, governed: readonly GovernedServer[]): Governance {
  const same = governed.find(({ identity }) => identity !== null && isSame(server, identity));
  if (same !== undefined) return { kind: 'governed', as: same.name };
  const namesake = governed.find(({ name }) => name === server.name);
  if (namesake === undefined) return { kind: 'shadow' };
  return { kind: namesake.identity === null ? 'governed' : 'differs', as: namesake.name };
}

function isSame(server: ConfiguredServer, identity: GovernedIdentity): boolean {
  if ('url' in identity) return server.url !== null && normalUrl(server.url.reveal()) === normalUrl(identity.url);
  const words = server.command.map((text) => text.reveal());
  const wanted = [identity.command, ...identity.args];
  return words.length === wanted.length && words.every((word, index) => word === wanted[index]);
}

/** Origin and path, which is what an identity is. */
function normalUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname.replace(/\/$/u, '')}`;
}
