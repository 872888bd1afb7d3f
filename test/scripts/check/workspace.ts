import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));

/** A package that is published: `packages/<folder>`. */
export interface PublicPackage {
  readonly name: string;
  readonly folder: string;
}

/** Every package under `packages/` that is not private, by folder name. */
export function publicPackages(): readonly PublicPackage[] {
  return globSync('packages/*/package.json', { cwd: ROOT })
    .toSorted()
    .map((path) => ({ path, manifest: readManifest(path) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ path, manifest }) => ({ name: manifest.name, folder: dirname(path) }));
}

/** Every runnable story: `examples/<story>/main.ts`. */
export function stories(): readonly string[] {
  return globSync('examples/*/main.ts', { cwd: ROOT }).toSorted();
}

/** Whether `path`, relative to the root, exists. */
export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest;
}
