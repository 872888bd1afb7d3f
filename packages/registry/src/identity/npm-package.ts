import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

import { fileText, jsonMember, type Environment } from './find-file.ts';
import type { PackageSpec } from './command-family.ts';
import type { PackageIdentity } from './identity.ts';

/** A package where it is installed. */
interface Installed {
  /** The `node_modules` folder that it is in. */
  readonly modules: string;
  readonly name: string;
  readonly version: string;
}

/**
 * What a command line such as `npx -y name@1.2.3` runs: the package that is installed near `cwd`, or that npx keeps in its cache. Version
 * and integrity are null where it is not there yet, or where what installed it left no lockfile.
 */
export async function resolveNpmPackage(spec: PackageSpec, cwd: string, env: Environment): Promise<PackageIdentity> {
  for (const modules of [...moduleFolders(cwd), npxModules(spec, env)]) {
    const installed = modules === undefined ? undefined : await installedIn(modules, spec.name);
    if (installed !== undefined && fits(installed.version, spec.range)) return identityOf(installed);
  }
  const version = spec.range !== null && EXACT.test(spec.range) ? spec.range : null;
  return { registry: 'npm', name: spec.name, version, integrity: null };
}

/** The package that a script is part of, where it is in a `node_modules` folder; null where it is not. */
export async function packageOfScript(script: string): Promise<PackageIdentity | null> {
  const path = await realpath(script).catch(() => script);
  const marker = `${sep}node_modules${sep}`;
  const at = path.lastIndexOf(marker);
  if (at < 0) return null;
  const [first = '', second = ''] = path.slice(at + marker.length).split(sep);
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  const installed = await installedIn(path.slice(0, at + marker.length - 1), name);
  return installed === undefined ? null : identityOf(installed);
}

const EXACT = /^\d+\.\d+\.\d+[\w.+-]*$/u;

/** A range or a tag is whatever was installed for it. */
function fits(version: string, range: string | null): boolean {
  return range === null || !EXACT.test(range) || range === version;
}

function moduleFolders(cwd: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.push(join(folder, 'node_modules'));
    if (folder === dirname(folder)) return folders;
  }
}

/** Where npx installs what it is asked for (libnpmexec: the folder is named after the request). */
function npxModules({ text }: PackageSpec, env: Environment): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const cache = env['npm_config_cache'] ?? (home === undefined ? undefined : join(home, '.npm'));
  if (cache === undefined) return undefined;
  const name = createHash('sha512').update(text).digest('hex').slice(0, 16);
  return join(cache, '_npx', name, 'node_modules');
}

async function installedIn(modules: string, name: string): Promise<Installed | undefined> {
  const manifest = join(modules, name, 'package.json');
  const version = await jsonMember(manifest, ['version']);
  return typeof version === 'string' ? { modules, name, version } : undefined;
}

async function identityOf(installed: Installed): Promise<PackageIdentity> {
  const { name, version } = installed;
  return { registry: 'npm', name, version, integrity: (await integrityOf(installed)) ?? null };
}

const INTEGRITY = /^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/u;

/** What the lockfile beside the folder says of the package: npm's hidden one, the project's, or pnpm's. */
async function integrityOf({ modules, name, version }: Installed): Promise<string | undefined> {
  const key = `node_modules/${name}`;
  for (const file of [join(modules, '.package-lock.json'), join(dirname(modules), 'package-lock.json')]) {
    const locked = await jsonMember(file, ['packages', key, 'version']);
    const integrity = await jsonMember(file, ['packages', key, 'integrity']);
    if (locked === version && typeof integrity === 'string' && INTEGRITY.test(integrity)) return integrity;
  }
  return pnpmIntegrity(modules, name, version);
}

async function pnpmIntegrity(modules: string, name: string, version: string): Promise<string | undefined> {
  const real = await realpath(join(modules, name)).catch(() => modules);
  const at = real.indexOf(`${sep}.pnpm${sep}`);
  if (at < 0) return undefined;
  const text = (await fileText(join(real.slice(0, at), '.pnpm', 'lock.yaml'))) ?? '';
  const entry = text.indexOf(`\n  '${name}@${version}':\n`);
  const other = text.indexOf(`\n  ${name}@${version}:\n`);
  const start = entry >= 0 ? entry : other;
  if (start < 0) return undefined;
  const lines = text.slice(start, start + 2_000).split('\n');
  const integrity = /integrity: (?<value>[^\s},]+)/u.exec(lines[2] ?? '')?.groups?.['value'];
  return integrity !== undefined && INTEGRITY.test(integrity) ? integrity : undefined;
}
