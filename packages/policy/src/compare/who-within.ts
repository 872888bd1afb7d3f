import type { Principal } from '../call.ts';
import type { WhoDocument } from '../document/types.ts';
import { areNamesWithin, freshText, instanceOf } from './name-patterns.ts';

const DIMENSIONS = ['agents', 'roles', 'teams', 'tenants', 'users', 'workloads'] as const;
type Dimension = (typeof DIMENSIONS)[number];

const FIELDS = { agents: 'agent', teams: 'team', tenants: 'tenant', users: 'user', workloads: 'workload' } as const;

/** Whether every principal that `inner` admits is one that `outer` admits. Exact. */
export function isWhoWithin(inner: WhoDocument | undefined, outer: WhoDocument | undefined): boolean {
  return DIMENSIONS.every((dimension) => {
    const wanted = outer?.[dimension];
    const given = inner?.[dimension];
    return wanted === undefined || (given !== undefined && areNamesWithin(given, wanted));
  });
}

/** Whether whoever it admits is identified: has a user, an agent or a workload. */
export function identifies(who: WhoDocument | undefined): boolean {
  return who?.users !== undefined || who?.agents !== undefined || who?.workloads !== undefined;
}

/**
 * Principals to try: members of each `who` (the first of all of them together first), each with one dimension in each of its ways, or
 * without it; somebody that none of them names; nobody. At most `limit`.
 */
export function principalsFor(whos: readonly (WhoDocument | undefined)[], limit: number): readonly Principal[] {
  const given = whos.filter((who) => who !== undefined);
  const fresh = freshText(given.flatMap((who) => DIMENSIONS.flatMap((dimension) => who[dimension] ?? [])));
  const stranger: Principal = { user: `${fresh}${fresh}` };
  const bases = [memberOf(given, fresh), ...given.map((who) => memberOf([who], fresh))];
  const principals = bases.flatMap((base) => [base, identified(base, stranger), unidentified(base)]);
  for (const who of given) {
    const base = identified(memberOf([who], fresh), stranger);
    for (const dimension of DIMENSIONS) {
      for (const pattern of who[dimension] ?? [])
        principals.push(withName(base, dimension, instanceOf(pattern, fresh)));
    }
    for (const dimension of DIMENSIONS) principals.push(without(base, dimension));
  }
  principals.push(stranger, {});
  const distinct = new Map(principals.map((principal) => [JSON.stringify(principal), principal]));
  return [...distinct.values()].slice(0, limit);
}

/** Somebody whom all of them admit, where one name of each dimension does. */
function memberOf(whos: readonly WhoDocument[], fresh: string): Principal {
  let principal: Principal = {};
  const roles: string[] = [];
  for (const dimension of DIMENSIONS) {
    const lists = whos.flatMap((who) => (who[dimension] === undefined ? [] : [who[dimension]]));
    const [first] = lists;
    if (first === undefined) continue;
    if (dimension === 'roles') {
      roles.push(...new Set(lists.flatMap((list) => list.slice(0, 1).map((name) => instanceOf(name, fresh)))));
      continue;
    }
    const names = lists.flat().map((pattern) => instanceOf(pattern, fresh));
    const common = names.find((name) => lists.every((list) => areNamesWithin([name], list)));
    principal = withName(principal, dimension, common ?? instanceOf(first[0] ?? '*', fresh));
  }
  return roles.length === 0 ? principal : { ...principal, roles };
}

function withName(principal: Principal, dimension: Dimension, name: string): Principal {
  return dimension === 'roles' ? { ...principal, roles: [name] } : { ...principal, [FIELDS[dimension]]: name };
}

function without(principal: Principal, dimension: Dimension): Principal {
  const field = dimension === 'roles' ? 'roles' : FIELDS[dimension];
  return Object.fromEntries(Object.entries(principal).filter(([key]) => key !== field));
}

function identified(principal: Principal, stranger: Principal): Principal {
  const { user, agent, workload } = principal;
  return user === undefined && agent === undefined && workload === undefined
    ? { ...stranger, ...principal }
    : principal;
}

function unidentified(principal: Principal): Principal {
  return without(without(without(principal, 'users'), 'agents'), 'workloads');
}
