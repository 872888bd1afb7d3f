import { cidrKind, urlKind, type AddressReach, type UrlSpecification } from '@callgate/arguments';
import type { ArgumentKind, CompiledKind } from '@callgate/policy';

import { GateError } from '../errors.ts';

/** Resolves a host name to every address it has, IPv4 and IPv6. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** Which addresses may be dialled. */
export interface PinnedLookupOptions {
  /** As for the argument kind `url`; default `public`. */
  readonly addresses?: AddressReach;
  /** Networks in CIDR form that names may resolve to although `addresses` excludes them. Metadata services stay excluded. */
  readonly networks?: readonly string[];
  /** Default: the operating system's resolver. */
  readonly resolve?: ResolveHost;
}

/** Options of `createPinnedFetch`. */
export interface PinnedFetchOptions {
  /** What may be fetched: a specification of the argument kind `url`, with the schemes `https` and `http` only. */
  readonly urls: UrlSpecification;
  /** As in {@link PinnedLookupOptions}. */
  readonly networks?: readonly string[];
  /** As in {@link PinnedLookupOptions}. */
  readonly resolve?: ResolveHost;
  /** Redirects followed, default 5, at most 20. */
  readonly maxRedirects?: number;
  /** Milliseconds until the headers of the last response, redirects included; default 30,000, at most 600,000. */
  readonly timeoutMs?: number;
  /** Bytes of a response's body, as sent and once more after decompression; default 10 MiB. */
  readonly maxResponseBytes?: number;
}

const FETCH_OPTIONS: Readonly<Record<keyof PinnedFetchOptions, true>> = {
  urls: true,
  networks: true,
  resolve: true,
  maxRedirects: true,
  timeoutMs: true,
  maxResponseBytes: true,
};

const LOOKUP_OPTIONS: Readonly<Record<keyof PinnedLookupOptions, true>> = {
  addresses: true,
  networks: true,
  resolve: true,
};

/** @throws {GateError} `CALLGATE_GATE_OPTIONS` */
export function assertLookupOptions(options: PinnedLookupOptions): void {
  assertKeys(options, LOOKUP_OPTIONS);
  if (!['public', 'names', 'private'].includes(options.addresses ?? 'public')) {
    throw invalid('addresses', '`public`, `names` or `private`');
  }
  if (options.resolve !== undefined && typeof options.resolve !== 'function') throw invalid('resolve', 'a function');
}

/** @throws {GateError} `CALLGATE_GATE_OPTIONS` */
export function assertFetchOptions(options: PinnedFetchOptions): void {
  assertKeys(options, FETCH_OPTIONS);
  const { maxRedirects = 5, timeoutMs = 1, maxResponseBytes = 1, resolve } = options;
  if (!isWhole(maxRedirects, 0, 20)) throw invalid('maxRedirects', 'a whole number from 0 to 20');
  if (!isWhole(timeoutMs, 1, 600_000)) throw invalid('timeoutMs', 'a whole number from 1 to 600,000');
  if (!isWhole(maxResponseBytes, 0, Number.MAX_SAFE_INTEGER))
    throw invalid('maxResponseBytes', 'a whole number from 0');
  if (resolve !== undefined && typeof resolve !== 'function') throw invalid('resolve', 'a function');
}

/** @throws {GateError} `CALLGATE_GATE_OPTIONS` */
export function compileUrls(specification: UrlSpecification): CompiledKind {
  const compiled = compileOption('urls', urlKind, specification);
  const schemes = specification.schemes ?? ['https'];
  if (schemes.some((scheme) => scheme !== 'https' && scheme !== 'http'))
    throw invalid('urls.schemes', '`https` or `http`');
  return compiled;
}

/** @throws {GateError} `CALLGATE_GATE_OPTIONS` */
export function compileNetworks(networks: readonly string[] | undefined): CompiledKind | undefined {
  if (networks === undefined || networks.length === 0) return undefined;
  return compileOption('networks', cidrKind, { within: networks, form: 'address' });
}

function compileOption<Specification>(
  name: string,
  kind: ArgumentKind<Specification>,
  specification: Specification,
): CompiledKind {
  const parsed = kind.specification.safeParse(specification, { jitless: true });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = [name, ...(issue?.path ?? []).map(String)].join('.');
    throw invalid(place, issue?.code === 'unrecognized_keys' ? `keys out of ${issue.message}` : (issue?.message ?? ''));
  }
  const issues: string[] = [];
  const compiled = kind.compile(parsed.data, (pointer, expected) => {
    issues.push(`${name}${pointer.replaceAll('/', '.')}: expected ${expected}`);
  });
  if (issues[0] !== undefined) throw new GateError('CALLGATE_GATE_OPTIONS', issues[0]);
  return compiled;
}

function assertKeys(options: object, known: Readonly<Record<string, true>>): void {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object');
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(known, key));
  if (unknown !== undefined) throw invalid('options', `no keys but ${Object.keys(known).join(', ')}`);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function invalid(name: string, expected: string): GateError {
  return new GateError('CALLGATE_GATE_OPTIONS', `${name}: expected ${expected}`);
}
