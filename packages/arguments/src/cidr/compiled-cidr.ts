import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind, Containment, KindProblem } from '@callgate/policy';

import { addressOf, parseAddress } from '../addresses/address.ts';
import {
  contains,
  hasHostBits,
  networkOf,
  networkText,
  overlaps,
  parseNetwork,
  withoutHostBits,
  type Network,
} from '../addresses/network.ts';
import { listed } from '../internal/listed.ts';
import { proveWithin } from '../internal/prove-within.ts';
import { isCidrWithin } from './is-cidr-within.ts';
import { cidrProblem } from './problems.ts';
import { probeCidrs, sampleCidrs } from './sample-cidrs.ts';
import type { CidrSpecification } from './specification.ts';

/** IPv6 networks whose addresses stand for IPv4 ones (RFC 4291 §2.5.5, RFC 6052, RFC 6145, RFC 8215, RFC 3056, RFC 4380). */
const TRANSLATED: readonly Network[] = [
  '::/96',
  '::ffff:0:0/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
].flatMap((text) => parseNetwork(text) ?? []);

/** `::` and `::1`, which are not among them. */
const UNTRANSLATED: ReadonlySet<string> = new Set(['::/128', '::1/128']);

/** The longest text there is: an IPv6 address in full, with its prefix length. */
const MAX_LENGTH = 43;

/** A `cidr` specification, ready to judge. */
export class CompiledCidr implements CompiledKind {
  readonly kind = 'cidr';
  readonly expected: string;
  readonly within: readonly Network[];
  readonly except: readonly Network[];
  readonly versions: readonly (4 | 6)[];
  readonly form: 'address' | 'network' | 'either';
  readonly minPrefix: Readonly<Record<4 | 6, number>>;
  #samples: readonly string[] | undefined;
  #probes: readonly string[] | undefined;

  constructor(specification: CidrSpecification) {
    const { within, except = [], versions = [4, 6], form = 'either', minPrefix4 = 8, minPrefix6 = 32 } = specification;
    this.within = (within ?? ['0.0.0.0/0', '::/0']).flatMap((text) => parseNetwork(text) ?? []);
    this.except = except.flatMap((text) => parseNetwork(text) ?? []);
    this.versions = ([4, 6] as const).filter((version) => versions.includes(version));
    this.form = form;
    this.minPrefix = { 4: minPrefix4, 6: minPrefix6 };
    const noun =
      form === 'either' ? 'an IP address or network' : form === 'address' ? 'an IP address' : 'an IP network';
    const version = this.versions.length === 1 ? noun.replace('IP', `IPv${this.versions[0]}`) : noun;
    this.expected = version + (within === undefined ? '' : ` within ${listed(within)}`);
  }

  check(value: JsonValue): readonly KindProblem[] {
    const network = typeof value === 'string' && value.length <= MAX_LENGTH ? read(value) : undefined;
    if (network === undefined) {
      return [
        cidrProblem(
          'cidr.syntax',
          this.expected,
          typeof value === 'string' ? 'text that is neither, in a plain spelling' : 'no text',
          'write IPv4 as four decimal numbers without leading zeros, IPv6 in hexadecimal groups without zone',
        ),
      ];
    }
    return [...this.#problems(network, (value as string).includes('/'))];
  }

  canonical(value: JsonValue): JsonValue | undefined {
    if (this.check(value).length > 0) return undefined;
    const network = read(value as string);
    return network === undefined ? undefined : this.textOf(network);
  }

  isWithin(other: CompiledKind): Containment {
    return proveWithin(this, other, other instanceof CompiledCidr && isCidrWithin(this, other));
  }

  samples(): readonly string[] {
    this.#samples ??= sampleCidrs(this)
      .filter((text) => this.check(text).length === 0)
      .slice(0, 64);
    return this.#samples;
  }

  probes(): readonly string[] {
    this.#probes ??= probeCidrs(this);
    return this.#probes;
  }

  repair(value: JsonValue | undefined): readonly string[] {
    const cut = typeof value === 'string' ? value.slice(0, 64).trim() : '';
    const network = read(cut);
    const near =
      network === undefined ? [] : [withoutHostBits(network), { ...network, prefix: network.bytes.length * 8 }];
    return [...new Set([cut, ...near.map((one) => this.textOf(one)), ...this.samples()])].slice(0, 16);
  }

  /** The text of a network: a plain address for a network of one, where `form` allows it. */
  textOf(network: Network): string {
    const isAddress = network.prefix === network.bytes.length * 8;
    return isAddress && this.form !== 'network' ? addressOf(network.bytes).text : networkText(network);
  }

  *#problems(network: Network, hasPrefix: boolean): Generator<KindProblem> {
    if (this.form !== 'either' && hasPrefix !== (this.form === 'network')) {
      yield hasPrefix
        ? cidrProblem('cidr.form', this.expected, 'a prefix length', 'remove the prefix length')
        : cidrProblem('cidr.form', this.expected, 'no prefix length', 'add a prefix length, such as `/32`');
    }
    if (!this.versions.includes(network.version)) {
      yield cidrProblem('cidr.version', this.expected, `one of IPv${network.version}`);
      return;
    }
    if (isTranslated(network)) {
      yield cidrProblem('cidr.translated', this.expected, 'IPv6 that stands for IPv4', 'write it as IPv4');
    }
    if (hasHostBits(network)) {
      const hint = 'clear the bits after the prefix';
      yield cidrProblem('cidr.host_bits', 'a network without host bits', 'one with host bits', hint);
    }
    const least = this.minPrefix[network.version];
    if (network.prefix < least) {
      const hint = `use a prefix length of at least ${least}`;
      yield cidrProblem('cidr.too_broad', `a prefix length of at least ${least}`, 'a broader network', hint);
    }
    if (!this.within.some((outer) => contains(outer, network))) {
      yield cidrProblem('cidr.outside', this.expected, 'one that does not lie in them', 'stay within them');
    }
    if (this.except.some((other) => overlaps(other, network))) {
      yield cidrProblem('cidr.excepted', `one outside ${listed(this.except.map(networkText))}`, 'one that overlaps');
    }
  }
}

function read(text: string): Network | undefined {
  if (text.includes('/')) return parseNetwork(text);
  const address = parseAddress(text);
  return address === undefined ? undefined : networkOf(address);
}

function isTranslated(network: Network): boolean {
  return TRANSLATED.some((outer) => contains(outer, network)) && !UNTRANSLATED.has(networkText(network));
}
