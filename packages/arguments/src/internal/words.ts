/** `a`, `a` or `b`, `a`, `b` or `c`: names in backticks; beyond `most` only how many more there are. */
export function anyOf(names: readonly string[], most = 6): string {
  const quoted = names.slice(0, most).map((name) => `\`${name}\``);
  const more = names.length - quoted.length;
  if (more > 0) quoted.push(`${more} more`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
