import type { Principal } from '../call.ts';
import type { WhoDocument } from '../document/types.ts';
import { isIdentified } from '../match/who.ts';
import { isListable } from './listable.ts';

const MAX_ROLES = 16;
const MAX_AGENTS = 8;

/** Who called a tool: roles and agents. Users are not listed: a policy is no list of people. */
export class WhoProfile {
  /** Calls by nobody in particular: no user, agent or workload. */
  unidentified = 0;
  #isFirst = true;
  /** The roles that all callers had. */
  #common: readonly string[] = [];
  #roles: Set<string> | undefined = new Set();
  #agents: Set<string> | undefined = new Set();

  see(principal: Principal): void {
    if (!isIdentified(principal)) this.unidentified += 1;
    const roles = (principal.roles ?? []).filter((role) => role !== '');
    this.#common = this.#isFirst ? roles : this.#common.filter((role) => roles.includes(role));
    this.#isFirst = false;
    this.#roles = roles.length === 0 ? undefined : withAll(this.#roles, roles, MAX_ROLES);
    const { agent = '' } = principal;
    this.#agents = agent === '' ? undefined : withAll(this.#agents, [agent], MAX_AGENTS);
  }

  /**
   * What every caller was; undefined where there is nothing to say.
   *
   * @param callsOf how many calls of all tools were made in a role: of several roles that every caller had, the rarest says most
   */
  learned(callsOf: (role: string) => number): { readonly who: WhoDocument; readonly why: string } | undefined {
    const common = this.#common
      .filter(isWord)
      .toSorted((left, right) => callsOf(left) - callsOf(right) || (left < right ? -1 : 1));
    const roles = common.length > 0 ? common.slice(0, 1) : listOf(this.#roles);
    const agents = listOf(this.#agents);
    if (roles === undefined && agents === undefined) return undefined;
    const parts = [
      ...(roles === undefined
        ? []
        : [common.length > 0 ? 'a role that every caller had' : 'each caller had one of these roles']),
      ...(agents === undefined ? [] : ['all agents that called it']),
    ];
    return {
      who: {
        ...(roles === undefined ? {} : { roles }),
        ...(agents === undefined ? {} : { agents }),
      },
      why: parts.join('; '),
    };
  }
}

function withAll(known: Set<string> | undefined, names: readonly string[], most: number): Set<string> | undefined {
  if (known === undefined) return undefined;
  for (const name of names) known.add(name);
  return known.size > most ? undefined : known;
}

function listOf(names: Set<string> | undefined): readonly string[] | undefined {
  const all = [...(names ?? [])];
  return all.length > 0 && all.every(isWord) ? all.toSorted() : undefined;
}

/** `*` in `who` stands for any run of characters. */
function isWord(name: string): boolean {
  return isListable(name) && !name.includes('*');
}
