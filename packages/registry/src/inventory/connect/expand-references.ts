/** A configuration needs something that is not there; `message` names it. */
export class UnresolvedError extends Error {}

const REFERENCE =
  /\$\{\{[^}]{0,256}\}\}|\$\{(?<scheme>env|input|command|config|secrets?):(?<scoped>[\w. -]{1,128})\}|\$\{(?<name>\w{1,128})(?::?-(?<fallback>[^}]{0,4096}))?\}|\{env:(?<braced>\w{1,128})\}|^\$(?<whole>\w{1,128})$/gu;

/**
 * Puts values where a configuration refers to variables, in the ways that hosts have for it: `${VAR}`, `${VAR:-default}`, `${env:VAR}`,
 * `{env:VAR}`, and `$VAR` as a whole value.
 *
 * @throws {UnresolvedError} for a variable that is not set, and for what only the host knows, such as `${input:…}`
 */
export function expandReferences(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(REFERENCE, (reference: string, ...rest: readonly unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const { scheme, scoped, fallback } = groups;
    if (scheme !== undefined && scheme !== 'env')
      throw new UnresolvedError(`needs \`${scheme}:${scoped ?? ''}\`, which only its host knows`);
    const name = scoped ?? groups['name'] ?? groups['braced'] ?? groups['whole'];
    if (name === undefined) throw new UnresolvedError('needs a secret that only its host knows');
    const value = environment[name];
    if (value !== undefined && value !== '') return value;
    if (fallback !== undefined) return fallback;
    // `$5` is no variable
    if (groups['whole'] !== undefined && /^\d/u.test(name)) return reference;
    throw new UnresolvedError(`needs the variable \`${name}\`, which is not set`);
  });
}
