import type { KindProblem } from '@callgate/policy';

import { parseAddress } from '../addresses/address.ts';
import { classOfAddress, mayReach, type AddressReach } from '../addresses/address-class.ts';
import { HostList } from '../addresses/host-list.ts';
import { internalName, isHostName, isInternational } from '../addresses/host-name.ts';
import { urlProblem } from './problems.ts';
import type { UrlSpecification } from './specification.ts';

/** Which hosts a URL may have. */
export class HostRules {
  readonly list: HostList | undefined;
  readonly addresses: AddressReach;
  readonly #expected: string;

  constructor({ hosts, addresses = 'public' }: UrlSpecification, expected: string) {
    this.list = hosts === undefined ? undefined : new HostList(hosts);
    this.addresses = addresses;
    this.#expected = expected;
  }

  /** What is wrong with a host as it is written, without port. */
  problem(written: string): KindProblem | undefined {
    const host = canonicalHost(written);
    const problem = host.startsWith('[') ? this.#literalProblem(host.slice(1, -1), host) : this.#nameProblem(host);
    if (problem !== undefined) return problem;
    if (this.list === undefined || this.list.has(host)) return undefined;
    return urlProblem('url.host', this.#expected, 'another host', 'use a host that is allowed');
  }

  #nameProblem(host: string): KindProblem | undefined {
    if (/[^\0-\x7f]/u.test(host)) {
      return urlProblem(
        'url.host_international',
        'an ASCII host',
        'a host with other characters',
        'write the host in ASCII',
      );
    }
    const address = parseAddress(host);
    if (address?.version === 4) return this.#literalProblem(host, host);
    if (!isHostName(host)) return spellingProblem(host);
    if (isInternational(host) && this.list?.hasExact(host) !== true) {
      return urlProblem('url.host_international', 'no international host', 'an international host (`xn--`)');
    }
    const internal = internalName(host);
    if (internal === 'metadata') return metadataProblem('a name');
    if (internal === undefined || this.addresses === 'private') return undefined;
    return internal === 'internal'
      ? urlProblem('url.host_internal', 'a public host', 'a name of one machine or a private network')
      : urlProblem('url.host_rebinding', 'a public host', 'a name that stands for the internal address it spells');
  }

  #literalProblem(text: string, host: string): KindProblem | undefined {
    const address = parseAddress(text);
    if (address === undefined) {
      return urlProblem('url.host_spelling', 'an IPv6 address in hexadecimal groups, without zone', 'another spelling');
    }
    const found = classOfAddress(address);
    if (found === 'metadata') return metadataProblem('an address');
    if (this.addresses === 'names' && this.list?.hasExact(host) !== true) {
      return urlProblem('url.address', 'a host name', 'an IP address', 'use the name of the host');
    }
    if (mayReach(this.addresses, found)) return undefined;
    return urlProblem('url.address', 'a public address', `an address that is ${found}`);
  }
}

/** Lower case; an IPv6 address in brackets as RFC 5952 has it, where it is one. */
export function canonicalHost(written: string): string {
  const host = written.toLowerCase();
  const address = host.startsWith('[') ? parseAddress(host.slice(1, -1)) : undefined;
  return address === undefined ? host : `[${address.text}]`;
}

function metadataProblem(what: string): KindProblem {
  return urlProblem('url.host_metadata', 'a host other than a metadata service', `${what} of a metadata service`);
}

function spellingProblem(host: string): KindProblem {
  if (host.endsWith('.')) return urlProblem('url.host_spelling', 'a host without a dot at its end', 'one with it');
  if (/(?:^|\.)(?:0x[0-9a-f]*|\d+)$/u.test(host)) {
    return urlProblem(
      'url.host_spelling',
      'an IPv4 address of four decimal numbers without leading zeros',
      'another spelling of an address',
    );
  }
  return urlProblem(
    'url.host_syntax',
    'a host of letters, digits, hyphens and dots',
    host === '' ? 'no host' : 'another host syntax',
  );
}
