import { lookup } from 'node:dns/promises';

import { addressClass, mayReach, type AddressReach } from '@callgate/arguments';
import type { CompiledKind } from '@callgate/policy';

import { FetchRefusedError } from './fetch-refused-error.ts';
import type { ResolveHost } from './options.ts';

/** More addresses than this are no ordinary host. */
const MAX_ANSWERS = 64;

/** The addresses of a host that may be dialled, in the order the resolver gave. */
export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Resolves hosts to addresses that may be dialled, or refuses. */
export class AddressRules {
  readonly #reach: AddressReach;
  readonly #networks: CompiledKind | undefined;
  readonly #resolve: ResolveHost;

  constructor(reach: AddressReach, networks: CompiledKind | undefined, resolve: ResolveHost = systemResolve) {
    this.#reach = reach;
    this.#networks = networks;
    this.#resolve = resolve;
  }

  /**
   * The addresses of `host`, a name or an address (IPv6 with or without brackets). One that may not be reached refuses them all: a
   * name that is half internal is not public.
   *
   * @throws {FetchRefusedError} `address`
   */
  async addressesOf(host: string): Promise<readonly PinnedAddress[]> {
    const literal = host.replace(/^\[|\]$/gu, '');
    const answers = addressClass(literal) === undefined ? await this.#resolve(host) : [literal];
    if (answers.length === 0) throw new TypeError('the host has no address');
    if (answers.length > MAX_ANSWERS || !answers.every((address) => this.#mayDial(address))) {
      throw new FetchRefusedError('address', 'expected a host with public addresses only, got another address');
    }
    return answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  }

  #mayDial(address: unknown): boolean {
    const found = typeof address === 'string' ? addressClass(address) : undefined;
    if (found === undefined || found === 'metadata') return false;
    return mayReach(this.#reach, found) || this.#networks?.check(address as string).length === 0;
  }
}

async function systemResolve(host: string): Promise<readonly string[]> {
  const answers = await lookup(host, { all: true, verbatim: true });
  return answers.map(({ address }) => address);
}
