import { homedir } from 'node:os';
import { join, parse, resolve } from 'node:path';

import { nodeFiles, type InventoryOptions, type Platform } from '@callgate/registry';

import type { CommandIo } from '../command-io.ts';
import type { Invocation } from '../command.ts';
import { UsageError } from '../errors.ts';

/** The names that `--platform` takes. */
export const PLATFORMS: readonly Platform[] = ['linux', 'macos', 'windows'];

/** The most home folders that are found below a root. */
const MAX_HOMES = 10_000;

/** Where a root has its home folders. */
const HOMES: Readonly<Record<Platform, readonly string[]>> = {
  linux: ['home/*', 'root'],
  macos: ['Users/*', 'var/root'],
  windows: ['Users/*'],
};

/**
 * What an invocation says to look at. Without `--home` and `--root` that is this machine: the user's home, the working
 * directory (or the folders named), the projects that configurations name, and the machine's own files.
 */
export async function scannedSystem(
  invocation: Invocation,
  { env }: CommandIo,
): Promise<Pick<InventoryOptions, 'system' | 'followsProjects' | 'followsLinks'>> {
  const platform = PLATFORMS.find((name) => name === invocation.text('platform')) ?? thisPlatform();
  const projects = invocation.positionals.map((path) => resolve(path));
  const root = invocation.text('root');
  const homes = invocation.texts('home').map((path) => resolve(path));
  const here = projects.length > 0 ? projects : [process.cwd()];
  if (invocation.flag('projects-only')) {
    if (root !== undefined || homes.length > 0) {
      throw new UsageError('inventory', 'expected `--projects-only` without `--home` and `--root`');
    }
    return { system: { platform, homes: [], projects: here, root: null } };
  }
  if (root === undefined && homes.length === 0) {
    const home = homedir();
    const system = { platform, homes: [home], projects: here, root: parse(home).root, environment: env };
    return { system, followsProjects: true, followsLinks: true };
  }
  if (root === undefined) return { system: { platform, homes, projects, root: null } };
  const found = homes.length > 0 ? homes : await homesBelow(resolve(root), platform);
  return { system: { platform, homes: found, projects, root: resolve(root) }, followsProjects: true };
}

async function homesBelow(root: string, platform: Platform): Promise<readonly string[]> {
  const homes: string[] = [];
  for (const place of HOMES[platform]) {
    const folder = place.replace(/\/\*$/u, '');
    if (folder === place) homes.push(join(root, folder));
    else for (const name of await nodeFiles.list(join(root, folder), MAX_HOMES)) homes.push(join(root, folder, name));
  }
  return homes;
}

function thisPlatform(): Platform {
  if (process.platform === 'win32') return 'windows';
  return process.platform === 'darwin' ? 'macos' : 'linux';
}
