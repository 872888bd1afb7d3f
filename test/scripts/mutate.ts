/**
 * `npm run mutate -- <package>`: mutation testing of one package. A mutant that survives is a missing test or dead code.
 *
 * Stryker changes the sources in place and puts them back when it ends: commit first. Its report is in
 * `.cache/mutation/<package>.html`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { exists, ROOT } from './check/workspace.ts';

const name = process.argv.slice(2).find((argument) => argument !== '--');
if (name === undefined || !exists(`packages/${name}/src`)) {
  console.error('usage: npm run mutate -- <package>, a folder of packages/');
  process.exit(2);
}

const config = {
  mutate: [`packages/${name}/src/**/*.ts`, `!packages/${name}/src/index.ts`],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/vitest.config.ts', dir: `packages/${name}` },
  // A copy elsewhere would lose the links of the workspace.
  inPlace: true,
  // Stryker reads a tsconfig with TypeScript's JavaScript API, which TypeScript 7 no longer has; a missing one it skips.
  tsconfigFile: 'none.json',
  tempDirName: '.cache/stryker',
  incremental: false,
  concurrency: 2,
  timeoutMS: 20_000,
  ignoreStatic: true,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: process.stdout.isTTY, logTests: false, reportTests: false, allowEmojis: false },
  htmlReporter: { fileName: `.cache/mutation/${name}.html` },
  jsonReporter: { fileName: `.cache/mutation/${name}.json` },
};

mkdirSync(join(ROOT, '.cache/mutation'), { recursive: true });
const path = join(ROOT, '.cache/mutation', `${name}.config.json`);
writeFileSync(path, JSON.stringify(config, undefined, 2));
const { status } = spawnSync('stryker', ['run', path], { cwd: ROOT, stdio: 'inherit' });
process.exitCode = status ?? 1;
