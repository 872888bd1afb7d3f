import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';

import { run } from './command.ts';
import { ROOT } from './workspace.ts';

/** A Node that the packed packages are tried on. */
export interface Runtime {
  readonly path: string;
  /** For instance `v20.20.2`. */
  readonly version: string;
}

/**
 * The distinct Node releases at hand: the development one, the machine's own (outside every `node_modules`), and what
 * `test/runtimes` installed for this platform.
 */
export async function findRuntimes(): Promise<readonly Runtime[]> {
  const installed = join(ROOT, 'test/runtimes/node_modules', `node-22-${process.platform}-${process.arch}`, 'bin/node');
  const found = new Map<string, Runtime>();
  for (const path of [systemNode(), installed, process.execPath]) {
    if (path === undefined || !existsSync(path)) continue;
    const { ok, output } = await run(path, ['--version'], { cwd: ROOT });
    const version = output.trim();
    if (ok && !found.has(version)) found.set(version, { path, version });
  }
  return [...found.values()];
}

function systemNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.split(sep).includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}
