import { own, type JsonObject, type JsonValue } from '@callgate/canonical';
import {
  readManifest,
  type ItemKind,
  type ManifestItem,
  type ManifestProblem,
  type Verdict,
} from '@callgate/registry/lock';

const MAX_ITEMS = 10_000;
const MAX_OPEN = 16;

/** A listing, as far as its pages are there. */
export interface Listing {
  readonly items: Map<string, ManifestItem>;
  /** Names that stand for nothing certain: given twice, differently, or to something that cannot be pinned. */
  readonly repeated: Set<string>;
  /** What the pages so far come to, before the rest of them is there. */
  readonly verdicts: Map<string, Verdict>;
  isComplete: boolean;
  /** A change was announced after it began. */
  isOutdated: boolean;
}

/** One page, taken into its listing. */
export interface TakenPage {
  readonly listing: Listing;
  readonly items: readonly ManifestItem[];
}

/** How the items of one kind were listed on a connection: the last complete listing, and those under way. */
export class ListState {
  readonly #kind: ItemKind;
  readonly #member: string;
  /** By the cursor that continues them. */
  readonly #open = new Map<string, Listing>();
  #latest: Listing | undefined;
  #complete: Listing | undefined;

  /** @param member the member of a listing's result that holds the items */
  constructor(kind: ItemKind, member: string) {
    this.#kind = kind;
    this.#member = member;
  }

  /** The last complete listing that is not outdated. */
  get current(): Listing | undefined {
    return this.#complete?.isOutdated === false ? this.#complete : undefined;
  }

  /** A listing that is under way, where it is the newest. */
  get underway(): Listing | undefined {
    return this.#latest?.isComplete === false && !this.#latest.isOutdated ? this.#latest : undefined;
  }

  /** A change was announced: nothing that was listed so far counts any more. */
  outdate(): void {
    for (const listing of [...this.#open.values(), this.#latest, this.#complete]) {
      if (listing !== undefined) listing.isOutdated = true;
    }
  }

  /** @param cursor the cursor the page was asked for with, undefined for the first page */
  take(cursor: JsonValue | undefined, result: JsonObject): TakenPage {
    const listing = (typeof cursor === 'string' ? this.#open.get(cursor) : undefined) ?? emptyListing();
    this.#latest = listing;
    const items = this.#add(listing, own(result, this.#member));
    const next = own(result, 'nextCursor');
    if (typeof next === 'string') {
      this.#keepOpen(next, listing);
    } else {
      listing.isComplete = true;
      this.#complete = listing;
    }
    return { listing, items };
  }

  /** What of `listing` cannot be pinned. */
  problemsOf(listing: Listing): readonly ManifestProblem[] {
    return Array.from(listing.repeated, (name) => ({ kind: this.#kind, name, code: 'duplicate', message: '' }));
  }

  /** The same definition once more is the same page asked for again; another one under the same name is not certain. */
  #add(listing: Listing, listed: JsonValue | undefined): readonly ManifestItem[] {
    const page = readManifest({ [this.#member]: Array.isArray(listed) ? listed : [] });
    const items = [...(page.items.get(this.#kind)?.values() ?? [])];
    for (const item of items) {
      const known = listing.items.get(item.name);
      if (known !== undefined && known.digest !== item.digest) listing.repeated.add(item.name);
      if (known === undefined && listing.items.size < MAX_ITEMS) listing.items.set(item.name, item);
    }
    for (const { name } of page.problems) if (name !== null) listing.repeated.add(name);
    for (const name of listing.repeated) listing.items.delete(name);
    if (listing.repeated.size > MAX_ITEMS) giveUp(listing);
    return items.filter(({ name }) => listing.items.has(name));
  }

  #keepOpen(cursor: string, listing: Listing): void {
    this.#open.delete(cursor);
    this.#open.set(cursor, listing);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }
}

/** Where more is uncertain than is remembered, all of it is: nothing of the listing counts as seen. */
function giveUp(listing: Listing): void {
  listing.isOutdated = true;
  listing.items.clear();
  listing.verdicts.clear();
  listing.repeated.clear();
}

function emptyListing(): Listing {
  return { items: new Map(), repeated: new Set(), verdicts: new Map(), isComplete: false, isOutdated: false };
}
