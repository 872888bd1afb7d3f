import { isDisguised, isOneEditAway, looseSkeletonOf, skeletonOf } from './skeleton.ts';

/** A tool of another server whose name could be taken for this one's. */
export interface NameClash {
  readonly rule: 'definition.same-name' | 'definition.lookalike-name' | 'definition.similar-name';
  /** `high` where the name is drawn like the other and is not it; `low` otherwise. */
  readonly severity: 'low' | 'high';
  readonly server: string;
  readonly name: string;
}

interface Known {
  readonly server: string;
  readonly name: string;
}

/** Names that are short, or have little before the difference, are similar by chance. */
const LONG_NAME = 12;
const SAME_PREFIX = 6;

/** Names of tools remembered in all and of one server, so that none crowds out the others. */
const MAX_NAMES = 20_000;
const MAX_OF_SERVER = 2_000;

/** Code units of the name of a tool, or of a server, beyond which it is not remembered. */
const LONGEST_REMEMBERED = 1_024;

/** Names with one skeleton, or one beginning, that are compared: in all, and of one server. */
const MAX_ALIKE = 64;
const MAX_ALIKE_OF_SERVER = 8;

/**
 * Remembers which server has which tools, and finds names that could be taken for those of another server. Bounded: beyond 20,000
 * names, and beyond 2,000 of one server, no more are remembered, and none of more than 1,024 code units.
 */
export class ToolNames {
  readonly #bySkeleton = new Map<string, Known[]>();
  readonly #byPrefix = new Map<string, Known[]>();
  readonly #byName = new Map<string, Set<string>>();
  readonly #counts = new Map<string, number>();
  #count = 0;

  /** Remembers that `server` has a tool `name`. */
  add(server: string, name: string): void {
    if (Math.max(server.length, name.length) > LONGEST_REMEMBERED) return;
    const servers = this.#byName.get(name);
    const own = this.#counts.get(server) ?? 0;
    if (servers?.has(server) === true || this.#count >= MAX_NAMES || own >= MAX_OF_SERVER) return;
    this.#count += 1;
    this.#counts.set(server, own + 1);
    if (servers === undefined) this.#byName.set(name, new Set([server]));
    else servers.add(server);
    const known = { server, name };
    remember(this.#bySkeleton, looseSkeletonOf(name), known);
    remember(this.#byPrefix, prefixOf(name), known);
  }

  /** Whether `server` has a tool of exactly this name. */
  has(server: string, name: string): boolean {
    return this.#byName.get(name)?.has(server) === true;
  }

  /** Another server than `server` that has a tool of exactly this name. */
  otherServerOf(server: string, name: string): string | undefined {
    for (const known of this.#byName.get(name) ?? []) if (known !== server) return known;
    return undefined;
  }

  /** The worst clash of a name with one of another server; undefined where there is none. */
  clashOf(server: string, name: string): NameClash | undefined {
    const alike = (this.#bySkeleton.get(looseSkeletonOf(name)) ?? []).filter((known) => known.server !== server);
    const disguised = alike.find(
      (known) => known.name !== name && isDisguised(name) && skeletonOf(known.name) === skeletonOf(name),
    );
    if (disguised !== undefined) return { rule: 'definition.lookalike-name', severity: 'high', ...disguised };
    const same = alike.find((known) => known.name === name);
    if (same !== undefined) return { rule: 'definition.same-name', severity: 'low', ...same };
    const [first] = alike;
    if (first !== undefined) return { rule: 'definition.lookalike-name', severity: 'low', ...first };
    const similar = (name.length < LONG_NAME ? undefined : this.#byPrefix.get(prefixOf(name)))?.find(
      (known) => known.server !== server && known.name.length >= LONG_NAME && isOneEditAway(known.name, name),
    );
    return similar === undefined ? undefined : { rule: 'definition.similar-name', severity: 'low', ...similar };
  }
}

function prefixOf(name: string): string {
  return name.slice(0, SAME_PREFIX);
}

function remember(map: Map<string, Known[]>, key: string, known: Known): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [known]);
  else if (
    list.length < MAX_ALIKE &&
    list.filter(({ server }) => server === known.server).length < MAX_ALIKE_OF_SERVER
  ) {
    list.push(known);
  }
}
