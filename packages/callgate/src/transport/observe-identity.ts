import { clonePlain } from '@callgate/canonical';
import type { ServerIdentity } from '@callgate/policy';

import type { OptionalMembers, TransportLike } from './transport-shape.ts';

/** Where a program is started: what decides which file a command is. */
export interface LaunchPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Who a transport talks to: the command and arguments of a stdio transport, or the URL of an HTTP one; what the host
 * declared where the transport shows neither (in-memory, custom ones).
 *
 * Looked at for every decision, because it can change under a connection: what policy judges is where the message goes.
 *
 * Both SDK majors keep these on `_serverParams` and `_url`; neither has a public accessor.
 */
export class ObservedIdentity {
  readonly #inner: TransportLike & OptionalMembers;
  readonly #declared: ServerIdentity | undefined;
  #last: ServerIdentity | undefined;

  /** @param declared counts only where the transport shows nothing when it is wrapped */
  constructor(inner: TransportLike, declared: ServerIdentity | undefined) {
    this.#inner = inner;
    this.#last = this.#shown();
    this.#declared =
      this.#last === undefined && declared !== undefined ? (clonePlain(declared) as ServerIdentity) : undefined;
  }

  /** Frozen, and the same object until it changes. */
  current(): ServerIdentity | undefined {
    if (this.#declared !== undefined) return this.#declared;
    this.#last = this.#shown();
    return this.#last;
  }

  /** Where the transport starts its program: SDKs start it in the folder, and with the environment, of the process unless told. */
  place(): LaunchPlace {
    const parameters = this.#inner._serverParams as { readonly cwd?: unknown; readonly env?: object } | undefined;
    const { cwd, env } = parameters ?? {};
    return { cwd: typeof cwd === 'string' ? cwd : process.cwd(), env: { ...process.env, ...env } };
  }

  #shown(): ServerIdentity | undefined {
    const { _serverParams: parameters, _url: url } = this.#inner;
    if (typeof parameters === 'object' && parameters !== null) {
      const { command, args } = parameters as { readonly command?: unknown; readonly args?: unknown };
      if (typeof command === 'string') return this.#command(command, Array.isArray(args) ? args : NO_ARGUMENTS);
    }
    return url instanceof URL || typeof url === 'string' ? this.#url(String(url)) : undefined;
  }

  #command(command: string, args: readonly unknown[]): ServerIdentity {
    const last = this.#last;
    const isSame =
      last !== undefined &&
      'command' in last &&
      last.command === command &&
      last.args.length === args.length &&
      last.args.every((argument, index) => argument === args[index]);
    return isSame ? last : Object.freeze({ command, args: Object.freeze(args.map(String)) });
  }

  #url(url: string): ServerIdentity {
    const last = this.#last;
    return last !== undefined && 'url' in last && last.url === url ? last : Object.freeze({ url });
  }
}

const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);

/**
 * Gives a transport a copy of its own of what it was made with. SDKs keep the caller's `URL` and parameter object, so that
 * whoever made those could point a wrapped transport elsewhere.
 */
export function detachAddress(inner: TransportLike): void {
  const { _url: url, _serverParams: parameters } = inner as OptionalMembers;
  if (url instanceof URL) replaceOwn(inner, '_url', new URL(url));
  if (typeof parameters === 'object' && parameters !== null) {
    replaceOwn(inner, '_serverParams', copyParameters(parameters));
  }
}

/** Nothing where the transport keeps it otherwise: it is looked at again for every decision. */
function replaceOwn(holder: object, name: string, value: unknown): void {
  if (Object.getOwnPropertyDescriptor(holder, name)?.writable === true) Object.assign(holder, { [name]: value });
}

/** A copy of a stdio transport's parameters that shares nothing with them but streams. */
export function copyParameters(parameters: object): object {
  const { args, env } = parameters as { readonly args?: unknown; readonly env?: unknown };
  return {
    ...parameters,
    ...(Array.isArray(args) ? { args: [...(args as unknown[])] } : {}),
    ...(typeof env === 'object' && env !== null ? { env: { ...env } } : {}),
  };
}
