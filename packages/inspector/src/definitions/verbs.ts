/** Verbs that destroy or overwrite, as tools are named after them. */
export const DESTROYING: ReadonlySet<string> = new Set([
  'delete',
  'remove',
  'drop',
  'destroy',
  'purge',
  'wipe',
  'erase',
  'truncate',
  'overwrite',
  'write',
  'uninstall',
  'terminate',
  'revoke',
  'format',
]);

/** Verbs that change something outside, or may. */
export const CHANGING: ReadonlySet<string> = new Set([
  'create',
  'update',
  'insert',
  'modify',
  'edit',
  'send',
  'post',
  'upload',
  'publish',
  'transfer',
  'pay',
  'deploy',
  'rename',
  'move',
  'merge',
  'push',
  'cancel',
  'disable',
  'kill',
]);

/** The words of a name: parts of `snake_case`, `kebab-case`, `camelCase` and dotted names, in lower case; the first 16. */
export function wordsOf(name: string): readonly string[] {
  const spaced = name.slice(0, 256).replaceAll(/(?<=[a-z0-9])(?=[A-Z])/gu, ' ');
  return spaced
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u, 17)
    .filter((word) => word !== '')
    .slice(0, 16);
}
