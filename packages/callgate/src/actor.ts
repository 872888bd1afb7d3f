import { AsyncLocalStorage } from 'node:async_hooks';

import { canonicalize, clonePlain, deepFreeze, excerpt, type JsonObject } from '@callgate/canonical';
import type { Principal } from '@callgate/policy';

/** Who acts, in which run. */
export interface Actor {
  readonly principal: Principal;
  readonly run: string | undefined;
  /** The runs around it, innermost first. */
  readonly parents: readonly string[];
}

/** How many runs may be inside each other. */
export const MAX_NESTED_RUNS = 16;

/** The actor of calls that nobody claimed: no condition about a principal is satisfied. */
export const NOBODY: Actor = deepFreeze({ principal: {}, run: undefined, parents: [] });

/** The principal as text: what belongs to one principal's call (tasks, tokens, input) is nobody else's. */
export function ownerOf(actor: Actor): string {
  return canonicalize(actor.principal as JsonObject);
}

const MEMBERS = new Set(['user', 'agent', 'workload', 'team', 'tenant', 'roles']);

/**
 * A checked, frozen copy of what the host said about who acts.
 *
 * @param around whose run this one is part of
 * @throws {TypeError} when a member is unknown or has the wrong type: a misspelt member must not act as nobody
 */
export function createActor(principal: Principal, run: string | undefined, around: Actor = NOBODY): Actor {
  const copy = clonePlain(principal, { maxDepth: 2, maxNodes: 1_000, maxBytes: 64 * 1024 }, { dropUndefined: true });
  if (typeof copy !== 'object' || copy === null || Array.isArray(copy))
    throw new TypeError('principal: expected an object');
  for (const [member, value] of Object.entries(copy)) {
    if (!MEMBERS.has(member))
      throw new TypeError(
        `principal: unknown member \`${excerpt(member)}\`, expected one of ${[...MEMBERS].join(', ')}`,
      );
    const isValid =
      member === 'roles'
        ? Array.isArray(value) && value.every((role) => typeof role === 'string')
        : typeof value === 'string';
    if (!isValid) throw new TypeError(`principal.${member}: expected ${member === 'roles' ? 'strings' : 'a string'}`);
  }
  // A run that no record can hold would be one without evidence.
  if (run !== undefined && (typeof run !== 'string' || run === '' || run.length > 256 || !run.isWellFormed())) {
    throw new TypeError('run: expected a string of 1 to 256 characters, well-formed');
  }
  return Object.freeze({
    principal: copy as Principal,
    run,
    parents: run === undefined ? NONE : runsAround(run, around),
  });
}

/** What a run is part of. Runs that are left out would be budgets that are not charged, so there is a bound and no cut. */
function runsAround(run: string, around: Actor): readonly string[] {
  if (around.run === undefined) return NONE;
  const runs = [around.run, ...around.parents].filter((outer) => outer !== run);
  if (runs.length >= MAX_NESTED_RUNS)
    throw new TypeError(`run: expected at most ${MAX_NESTED_RUNS} runs inside each other`);
  return Object.freeze(runs);
}

const NONE: readonly string[] = Object.freeze([]);

/** The actor of the current async context. Each gate has its own, so that two gates never mix up their callers. */
export class ActorContext {
  readonly #storage = new AsyncLocalStorage<Actor>();

  current(): Actor | undefined {
    return this.#storage.getStore();
  }

  run<T>(actor: Actor, body: () => T): T {
    return this.#storage.run(actor, body);
  }
}
