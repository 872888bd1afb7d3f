import { join } from 'node:path';

import { HOSTS, HOST_IDS, VARIABLES, type HostId, type Platform, type Scope } from './hosts.ts';

/** Where the scanned system is, as seen from here. */
export interface ScannedSystem {
  readonly platform: Platform;
  /** Home folders. */
  readonly homes: readonly string[];
  /** Project folders. */
  readonly projects: readonly string[];
  /** Where the scanned file system begins, for files of the whole machine; null: they are not looked for. */
  readonly root: string | null;
  /** Variables such as `XDG_CONFIG_HOME`, where those of the scanned system are known. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Whose configuration a file is. */
export interface ConfigOwner {
  readonly scope: Scope;
  /** The home or project folder; the root for files of the machine. */
  readonly folder: string;
}

/** A path that may hold a configuration; a part of it may be a pattern with `*`. */
export interface ConfigLocation {
  readonly host: HostId;
  readonly owner: ConfigOwner;
  /** Parts after `base`. */
  readonly segments: readonly string[];
  readonly base: string;
}

/** Every place where a host of the table keeps its configuration on this system, in the order of the table. */
export function locationsOf(system: ScannedSystem): readonly ConfigLocation[] {
  return HOST_IDS.flatMap((host) =>
    HOSTS[host].files.flatMap(({ scope, paths }) => {
      const template = paths[system.platform];
      if (template === null) return [];
      return expandBraces(template).flatMap((path) =>
        ownersOf(scope, system).map((owner) => {
          const { base, segments } = placeOf(path, owner.folder, system);
          return { host, owner, base, segments };
        }),
      );
    }),
  );
}

/** The same for one more project folder. */
export function projectLocations(folder: string, platform: Platform): readonly ConfigLocation[] {
  return locationsOf({ platform, homes: [], projects: [folder], root: null });
}

function ownersOf(scope: Scope, { homes, projects, root }: ScannedSystem): readonly ConfigOwner[] {
  switch (scope) {
    case 'user':
      return homes.map((folder) => ({ scope, folder }));
    case 'project':
      return projects.map((folder) => ({ scope, folder }));
    case 'machine':
      return root === null ? [] : [{ scope, folder: root }];
  }
}

/** Where a path of the table begins on this system, and what follows. */
function placeOf(
  path: string,
  folder: string,
  { environment }: ScannedSystem,
): Pick<ConfigLocation, 'base' | 'segments'> {
  const [first = '', ...segments] = path.split('/');
  const fallback = VARIABLES[first];
  // `~`, `.`, and the empty part before a leading `/` are the owner's folder; so is the drive, whose files stand below the root
  if (fallback === undefined) return { base: folder, segments };
  const set = environment?.[first.replaceAll(/[$%]/gu, '')];
  if (set !== undefined && set !== '') return { base: set, segments };
  return { base: folder, segments: [...fallback.split('/').slice(1), ...segments] };
}

/** `a{b,c}d` as `abd` and `acd`, for every pair of braces. */
export function expandBraces(path: string): readonly string[] {
  const found = /^(?<before>[^{]*)\{(?<choices>[^}]*)\}(?<after>.*)$/u.exec(path)?.groups;
  if (found === undefined) return [path];
  const { before = '', choices = '', after = '' } = found;
  return choices.split(',').flatMap((choice) => expandBraces(after).map((rest) => `${before}${choice}${rest}`));
}

/**
 * A folder as a configuration of the scanned system names it, as seen from here: below the root, without its drive.
 *
 * @returns undefined for a path that is not absolute there
 */
export function folderBelow(root: string, folder: string, platform: Platform): string | undefined {
  if (platform !== 'windows') return folder.startsWith('/') ? join(root, folder) : undefined;
  const path = /^(?:[A-Za-z]:)?[/\\](?<path>.*)$/u.exec(folder)?.groups?.['path'];
  return path === undefined ? undefined : join(root, ...path.split(/[/\\]/u));
}
