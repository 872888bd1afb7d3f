import type { JsonValue } from '@callgate/canonical';

import type { KindSchema } from '../document/types.ts';
import type { ArgumentKind, CompiledKind } from '../kinds/kind.ts';
import { problemsOf } from '../kinds/problems-of.ts';

/** A specification of a kind while it is learned: its keys and values. */
export type Specification = Readonly<Record<string, JsonValue>>;

/** One key of a specification: how it widens, value by value. */
export interface Facet {
  readonly key: string;
  /** The value that refuses nothing, undefined where that is the key's absence. */
  readonly loosest: JsonValue | undefined;
  /**
   * Values to try for the key, narrowest first, each at least as wide as `current`; undefined is its absence. Where none of them
   * lets the value pass, `loosest` does.
   *
   * @param current what it is by now; undefined where no value came yet, or the key was given up
   * @param isFirst whether no value came yet
   * @param compiled the kind with everything at its loosest
   */
  ladder(
    value: JsonValue,
    current: JsonValue | undefined,
    isFirst: boolean,
    compiled: CompiledKind,
  ): Iterable<JsonValue | undefined>;
}

/** How specifications of one kind are learned. */
export interface KindPlan {
  readonly kind: string;
  /** Whether a value of an argument of this name is worth a try. Cheap. */
  fits(value: JsonValue, name: string): boolean;
  /** Keys that do not change. */
  readonly fixed?: Specification;
  readonly facets: readonly Facet[];
  /** What keys mean that are left out: they are not written where they say the same. */
  readonly defaults?: Specification;
  /** What a reviewer should know. */
  readonly remark?: string;
}

/**
 * Learns the narrowest specification of a kind that every value passes.
 *
 * INVARIANT: a specification only widens, so what passed once passes at the end (test/suggest.props.test.ts).
 */
export class KindLearner {
  readonly plan: KindPlan;
  readonly #kind: ArgumentKind;
  readonly #name: string;
  #current: { readonly specification: Specification; readonly compiled: CompiledKind } | undefined;

  /** @param name the argument's name */
  constructor(kind: ArgumentKind, plan: KindPlan, name: string) {
    this.#kind = kind;
    this.plan = plan;
    this.#name = name;
  }

  /** Takes a value in; false where no specification of the kind lets it pass, after which the learner is not to be used. */
  see(value: JsonValue): boolean {
    if (!this.plan.fits(value, this.#name)) return false;
    if (this.#current !== undefined && passes(this.#current.compiled, value)) return true;
    return this.#widen(value);
  }

  /** The schema that every value passes; undefined before the first. */
  schema(): KindSchema | undefined {
    if (this.#current === undefined) return undefined;
    const { defaults = {} } = this.plan;
    const said = Object.entries(this.#current.specification).filter(([key, value]) => defaults[key] !== value);
    return { kind: this.#kind.name, ...Object.fromEntries(said) };
  }

  #widen(value: JsonValue): boolean {
    const { facets, fixed = {} } = this.plan;
    const before = this.#current?.specification;
    let specification: Specification = facets.reduce((all, facet) => withKey(all, facet.key, facet.loosest), fixed);
    const loosest = compileSpecification(this.#kind, specification);
    if (loosest === undefined || !passes(loosest, value)) return false;
    let compiled = loosest;
    for (const facet of facets) {
      for (const rung of facet.ladder(value, before?.[facet.key], before === undefined, loosest)) {
        const candidate = withKey(specification, facet.key, rung);
        const tried = compileSpecification(this.#kind, candidate);
        if (tried === undefined || !passes(tried, value)) continue;
        specification = candidate;
        compiled = tried;
        break;
      }
    }
    this.#current = { specification, compiled };
    return true;
  }
}

function withKey(specification: Specification, key: string, value: JsonValue | undefined): Specification {
  const { [key]: _, ...rest } = specification;
  return value === undefined ? rest : { ...rest, [key]: value };
}

function passes(kind: CompiledKind, value: JsonValue): boolean {
  return problemsOf(kind, value).length === 0;
}

/** A kind with a specification; undefined where that is not one. */
function compileSpecification(kind: ArgumentKind, specification: Specification): CompiledKind | undefined {
  if (kind.isLoaded === false) return undefined;
  const parsed = kind.specification.safeParse(specification, { jitless: true });
  if (!parsed.success) return undefined;
  let isSound = true;
  const compiled = kind.compile(parsed.data, () => {
    isSound = false;
  });
  return isSound ? compiled : undefined;
}
