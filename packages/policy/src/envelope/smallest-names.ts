/**
 * The `count` smallest of the names that `isWanted` selects, in order. So that which names a bounded report shows does not
 * depend on the order in which the caller wrote them; linear in the number of names for a fixed count.
 */
export function smallestNames(
  names: readonly string[],
  isWanted: (name: string) => boolean,
  count: number,
): readonly string[] {
  const smallest: string[] = [];
  for (const name of names) {
    if (!isWanted(name)) continue;
    const last = smallest.at(-1);
    if (smallest.length >= count && last !== undefined && name >= last) continue;
    let index = smallest.length;
    while (index > 0 && (smallest[index - 1] as string) > name) index -= 1;
    smallest.splice(index, 0, name);
    if (smallest.length > count) smallest.pop();
  }
  return smallest;
}
