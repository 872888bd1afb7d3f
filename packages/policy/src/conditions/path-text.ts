const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** A path as it is written in a condition: `arguments.filter["page size"]`. */
export function pathText(path: readonly string[]): string {
  return path
    .map((name, index) => (index === 0 ? name : PLAIN_NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`))
    .join('');
}
