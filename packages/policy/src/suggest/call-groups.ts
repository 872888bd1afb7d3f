/** Groups that are told apart; calls of further ones are not counted. */
const MAX_GROUPS = 500;

/** Counts calls by what is said of them, in bounded memory. */
export class CallGroups<Group extends object> {
  readonly #groups = new Map<string, Group & { calls: number }>();

  add(group: Group): void {
    const key = JSON.stringify(group);
    const known = this.#groups.get(key);
    if (known !== undefined) known.calls += 1;
    else if (this.#groups.size < MAX_GROUPS) this.#groups.set(key, { ...group, calls: 1 });
  }

  /** The groups, the largest first. */
  all(): readonly (Group & { readonly calls: number })[] {
    return [...this.#groups.values()].toSorted((left, right) => right.calls - left.calls);
  }
}
