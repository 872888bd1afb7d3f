import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { run, runEach, type CommandResult } from './command.ts';
import { smokePackedPackages } from './smoke.ts';
import { NOTHING, readVitestReport, type Tally } from './tally.ts';
import { exists, publicPackages, ROOT, stories } from './workspace.ts';

/** What a stage found. `note` is shown beside its name. */
export interface StageResult extends CommandResult {
  readonly tally?: Tally;
  readonly note?: string;
}

/** One step of the check. */
export interface Stage {
  readonly name: string;
  readonly about: string;
  readonly run: (verbose: boolean) => Promise<StageResult>;
}

/** The check, in order: what is cheap and local first. */
export const STAGES: readonly Stage[] = [
  {
    name: 'format',
    about: 'every file is as oxfmt writes it',
    run: async (verbose) => await run('oxfmt', ['--check', '.'], { cwd: ROOT, verbose }),
  },
  {
    name: 'build',
    about: 'the packages compile, each against its references only',
    run: async (verbose) => await run('tsc', ['-b', 'packages'], { cwd: ROOT, verbose }),
  },
  {
    name: 'lint',
    about: 'oxlint with types',
    run: async (verbose) =>
      await run('oxlint', ['--type-aware', '--report-unused-disable-directives', '--deny-warnings', '.'], {
        cwd: ROOT,
        verbose,
      }),
  },
  {
    name: 'types',
    about: 'tests, type tests and examples compile',
    run: async (verbose) => await run('tsc', ['-p', 'test'], { cwd: ROOT, verbose }),
  },
  {
    name: 'dead-code',
    about: 'nothing is exported, declared or installed that nothing uses',
    run: async (verbose) => await run('knip', ['--no-config-hints'], { cwd: ROOT, verbose }),
  },
  { name: 'shape', about: 'the packages are what their manifests say', run: checkShape },
  { name: 'tests', about: 'vitest', run: runTests },
  { name: 'examples', about: 'each story runs and agrees with itself', run: runStories },
  { name: 'smoke', about: 'the packed packages work on each Node at hand', run: smokePackedPackages },
];

async function checkShape(verbose: boolean): Promise<StageResult> {
  const packages = publicPackages();
  if (packages.length === 0) return { ok: false, output: 'no public package found\n' };
  // one after the other, because both pack: the same folder never twice at once
  const linted = await runEach(
    packages.map(({ folder }): [string, string[]] => ['publint', ['--strict', folder]]),
    { cwd: ROOT, verbose },
  );
  if (!linted.ok) return linted;
  return await runEach(
    packages.map(({ folder }): [string, string[]] => [
      'attw',
      ['--pack', folder, '--profile', 'esm-only', '--no-emoji'],
    ]),
    { cwd: ROOT, verbose },
  );
}

async function runTests(verbose: boolean): Promise<StageResult> {
  const report = join(ROOT, '.cache/vitest.json');
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const args = [
    'run',
    '-c',
    'test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const result = await run('vitest', args, { cwd: ROOT, verbose });
  if (!exists('.cache/vitest.json')) return { ...result, ok: false };
  const tally = readVitestReport(report);
  const ok = result.ok && tally.failed === 0 && tally.passed > 0;
  return { ok, output: tally.passed === 0 ? `no test ran\n${result.output}` : result.output, tally };
}

async function runStories(verbose: boolean): Promise<StageResult> {
  const paths = stories();
  const args = (path: string): [string, string[]] => [process.execPath, ['--conditions=@callgate/source', path]];
  const result = await runEach(paths.map(args), { cwd: ROOT, verbose });
  const tally = result.ok ? { ...NOTHING, passed: paths.length } : { ...NOTHING, failed: 1 };
  return { ...result, tally, note: `${paths.length}` };
}
