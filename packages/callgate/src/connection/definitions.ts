import { digestJson, isJsonObject, own, type Digest, type JsonObject, type JsonValue } from '@callgate/canonical';

const MAX_TOOLS = 10_000;

/** What one page of a listing showed. */
export interface PageObservation {
  /** The tools of the page that may be passed on: first definitions, without redefinitions. */
  readonly tools: readonly JsonObject[];
  /** Names that the page defined differently than an earlier page (or item) of the same listing. */
  readonly redefined: readonly string[];
  /** Present on the last page: the complete listing. */
  readonly complete?: {
    readonly event: 'listed' | 'changed';
    readonly manifest: Digest;
    readonly tools: readonly { readonly name: string; readonly digest: Digest }[];
  };
}

interface Listing {
  readonly tools: Map<string, { readonly digest: Digest; readonly definition: JsonObject }>;
  readonly redefined: Set<string>;
}

/**
 * The tool definitions one connection's server has listed, page by page. A name that is defined twice, differently, in one
 * listing is ambiguous: what policy was written for may not be what the model was shown. It is withheld, and calls to it
 * are refused until a listing defines it once.
 */
export class Definitions {
  /** The last complete listing; before there is one, the first that began. */
  #current: Listing | undefined;
  /** The listing that the last page was of. */
  #latest: Listing | undefined;
  #manifest: Digest | null = null;
  /** Listings under way, by the cursor that continues them. */
  readonly #open = new Map<string, Listing>();

  readonly #withheld = new Set<string>();
  #isFull = false;

  /** Digest of the complete list as last seen, null before. */
  get manifest(): Digest | null {
    return this.#manifest;
  }

  /** Withholds a tool: it is not listed, and calls to it are refused, until a listing shows another definition that passes. */
  withhold(tool: string): void {
    if (this.#withheld.size < MAX_TOOLS) this.#withheld.add(tool);
    else this.#isFull = true;
  }

  restore(tool: string): void {
    this.#withheld.delete(tool);
  }

  /** Where more were withheld than are remembered, all are. */
  isWithheld(tool: string): boolean {
    return this.#isFull || this.#withheld.has(tool);
  }

  digestOf(tool: string): Digest | null {
    return this.#find(tool)?.digest ?? null;
  }

  definitionOf(tool: string): JsonObject | undefined {
    return this.#find(tool)?.definition;
  }

  isAmbiguous(tool: string): boolean {
    return this.#current?.redefined.has(tool) === true || this.#latest?.redefined.has(tool) === true;
  }

  /** As it was shown last: a listing that never ends counts too. */
  #find(tool: string): { readonly digest: Digest; readonly definition: JsonObject } | undefined {
    return this.#latest?.tools.get(tool) ?? this.#current?.tools.get(tool);
  }

  /**
   * Takes one page.
   *
   * @param cursor the cursor the page was asked for with, undefined for the first page
   */
  observe(cursor: JsonValue | undefined, result: JsonObject): PageObservation {
    const listing = this.#listingAt(cursor);
    this.#latest = listing;
    const listed = own(result, 'tools');
    const tools: JsonObject[] = [];
    const redefined: string[] = [];
    const items: readonly JsonValue[] = Array.isArray(listed) ? listed : [];
    for (const tool of items) {
      if (!isJsonObject(tool)) continue;
      const name = own(tool, 'name');
      if (typeof name !== 'string') continue;
      if (!this.#add(listing, name, tool)) redefined.push(name);
      else tools.push(tool);
    }
    const next = own(result, 'nextCursor');
    if (typeof next === 'string') {
      this.#keepOpen(next, listing);
      // A tool on an early page may be called before the last page was asked for.
      this.#current ??= listing;
      return { tools, redefined };
    }
    return { tools, redefined, complete: this.#complete(listing) };
  }

  #listingAt(cursor: JsonValue | undefined): Listing {
    const open = typeof cursor === 'string' ? this.#open.get(cursor) : undefined;
    if (open !== undefined) return open;
    return { tools: new Map(), redefined: new Set() };
  }

  #keepOpen(cursor: string, listing: Listing): void {
    if (this.#open.size >= 16) this.#open.clear();
    this.#open.set(cursor, listing);
  }

  /** False where the name is already defined otherwise in this listing. */
  #add(listing: Listing, name: string, definition: JsonObject): boolean {
    const digest = digestJson(definition);
    const known = listing.tools.get(name);
    if (known === undefined && listing.tools.size < MAX_TOOLS) {
      listing.tools.set(name, { digest, definition });
      return true;
    }
    if (known?.digest === digest) return true;
    listing.redefined.add(name);
    return false;
  }

  #complete(listing: Listing): NonNullable<PageObservation['complete']> {
    const tools = [...listing.tools].map(([name, { digest }]) => ({ name, digest }));
    const sorted = tools.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const manifest = digestJson(sorted.map(({ name, digest }) => ({ name, digest })));
    const event = this.#manifest === null || this.#manifest === manifest ? 'listed' : 'changed';
    this.#current = listing;
    this.#manifest = manifest;
    this.#open.clear();
    return { event, manifest, tools: sorted };
  }
}
