import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Builds the packages. What is measured as users run it is what is published, so it has to be up to date. */
export function buildPackages(): void {
  execFileSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-b', 'packages'], {
    cwd: ROOT,
    stdio: ['ignore', process.stderr, 'inherit'],
  });
}
