import { parseAddress } from './address.ts';
import { isHostName, isInternational } from './host-name.ts';

/** A list of hosts: exact names, and suffixes that begin with a dot and cover every name below, not the name itself. */
export class HostList {
  readonly entries: readonly string[];
  readonly #exact: ReadonlySet<string>;
  readonly #suffixes: ReadonlySet<string>;

  /** `entries` must each be as {@link hostEntryProblem} wants them. */
  constructor(entries: readonly string[]) {
    this.entries = entries.map((entry) => entry.toLowerCase());
    this.#exact = new Set(this.entries.filter((entry) => !entry.startsWith('.')));
    this.#suffixes = new Set(this.entries.filter((entry) => entry.startsWith('.')));
  }

  /** Whether `host` itself is listed: lower case, an IPv6 address in brackets. */
  hasExact(host: string): boolean {
    return this.#exact.has(host);
  }

  /** Whether `host` is listed or below a listed suffix. International names are never below one. */
  has(host: string): boolean {
    if (this.#exact.has(host)) return true;
    return !isInternational(host) && this.#isBelow(host);
  }

  /** Whether everything that entry covers is covered here: a suffix by an equal or shorter one. */
  covers(entry: string): boolean {
    return entry.startsWith('.') ? this.#suffixes.has(entry) || this.#isBelow(entry) : this.has(entry);
  }

  #isBelow(host: string): boolean {
    if (this.#suffixes.size === 0) return false;
    for (let dot = host.indexOf('.', 1); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      if (this.#suffixes.has(host.slice(dot))) return true;
    }
    return false;
  }
}

/** What is wrong with an entry of a list of hosts, in words; undefined when nothing is. */
export function hostEntryProblem(entry: string, accepts: 'names' | 'names-and-addresses'): string | undefined {
  const lower = entry.toLowerCase();
  if (accepts === 'names-and-addresses') {
    if (lower.startsWith('[') && lower.endsWith(']')) {
      const address = parseAddress(lower.slice(1, -1));
      return address?.version === 6 && address.text === lower.slice(1, -1)
        ? undefined
        : 'an IPv6 address that is not canonical';
    }
    if (parseAddress(lower)?.version === 4) return undefined;
  }
  const name = lower.startsWith('.') ? lower.slice(1) : lower;
  if (!isHostName(name)) return 'no host name (ASCII only; an international one in its `xn--` form)';
  if (lower.startsWith('.') && isInternational(name)) return 'an international suffix; list its hosts exactly';
  return undefined;
}
