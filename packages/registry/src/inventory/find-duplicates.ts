import type { ConfiguredServer } from './configured-server.ts';
import type { ConfigOwner } from './locations.ts';

/** One entry, with the file and the owner that it is of. */
export interface PlacedServer {
  readonly file: string;
  readonly owner: ConfigOwner;
  readonly server: ConfiguredServer;
}

/**
 * Entries that have the name of an earlier one and reach another server. Entries of different projects, or homes, never
 * meet, so they are not compared.
 *
 * @returns the index of each, and a message that names the earlier entry
 */
export function findDuplicates(
  entries: readonly PlacedServer[],
): readonly { readonly index: number; readonly message: string }[] {
  const byName = new Map<string, (PlacedServer & { readonly index: number })[]>();
  for (const [index, entry] of entries.entries()) {
    const { name } = entry.server;
    byName.set(name, [...(byName.get(name) ?? []), { ...entry, index }]);
  }
  return [...byName.values()]
    .flatMap((group) => {
      const definitions = group.map(({ server }) => definitionOf(server));
      return group.flatMap((entry, at) => {
        const earlier = group
          .slice(0, at)
          .findIndex((other, place) => definitions[place] !== definitions[at] && meet(other, entry));
        const other = group[earlier];
        if (other === undefined) return [];
        const where =
          other.file === entry.file ? `line ${other.server.line}` : `\`${other.file}\`, line ${other.server.line}`;
        return [{ index: entry.index, message: `another server has this name: ${where}` }];
      });
    })
    .toSorted((a, b) => a.index - b.index);
}

/** Whether both may be in use at once: one of them counts everywhere, or both for the same folder. */
function meet(a: PlacedServer, b: PlacedServer): boolean {
  const folderOf = ({ owner, server }: PlacedServer): string | null =>
    server.project ?? (owner.scope === 'machine' ? null : owner.folder);
  const isProject = ({ owner, server }: PlacedServer): boolean => owner.scope === 'project' || server.project !== null;
  if (a.owner.scope === 'machine' || b.owner.scope === 'machine') return true;
  if (isProject(a) !== isProject(b)) return true;
  return folderOf(a) === folderOf(b);
}

/** What is reached, and how; never printed. */
function definitionOf({ command, url, transport }: ConfiguredServer): string {
  return JSON.stringify([transport, command.map((text) => text.reveal()), url?.reveal() ?? null]);
}
