/** The first eight of some names of the policy, in words: `a`, `b` or `c`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `\`${name}\``);
  if (names.length > shown.length) return `${shown.join(', ')} or ${names.length - shown.length} others`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}
