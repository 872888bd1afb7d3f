import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { GOVERNED_VARIABLE } from './drivers/doorway.ts';
import { SUITE_FOLDER, type Suite } from './suites.ts';

/** How a driver runs: as it is, or through a gate that allows everything. */
export type Mode = 'plain' | 'governed';

/** What the suite says about one scenario: each check's verdicts, by the check's id and name. */
export type ScenarioResult = ReadonlyMap<string, readonly string[]>;

/** Results by scenario name. */
export type SuiteResult = ReadonlyMap<string, ScenarioResult>;

/** Which scenarios: one of the suite's groups, or a single one by name. */
export type Selection = { readonly group: 'core' | 'all' } | { readonly scenario: string };

const SCENARIO_TIMEOUT_MS = 90_000;
const RESULT_FILE = 'checks.json';
// The runner appends the time it started to a scenario's folder.
const FOLDER_TIME = /-\d{4}-\d\d-\d\dT[\d-]+Z$/;

/**
 * Runs a suite's scenarios side by side, as the conformance runner does by itself.
 *
 * @throws {Error} when the runner left no result at all
 */
export async function runSuite(suite: Suite, mode: Mode, selection: Selection): Promise<SuiteResult> {
  const folder = await mkdtemp(join(tmpdir(), 'callgate-conformance-'));
  try {
    const output = await spawnRunner(suite, mode, selection, folder);
    const result = await readResults(folder);
    if (result.size === 0) throw new Error(`the conformance runner left no result: ${output.slice(-2_000)}`);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function spawnRunner(suite: Suite, mode: Mode, selection: Selection, folder: string): Promise<string> {
  const which = 'group' in selection ? ['--suite', selection.group] : ['--scenario', selection.scenario];
  const command = `${process.execPath} --conditions=@callgate/source ${suite.driver}`;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(
    process.execPath,
    [suite.runner, 'client', '--command', command, ...which, ...suite.parameters].concat([
      '--timeout',
      String(SCENARIO_TIMEOUT_MS),
      '--output-dir',
      folder,
    ]),
    {
      cwd: SUITE_FOLDER,
      env: { ...process.env, NODE_OPTIONS: '', [GOVERNED_VARIABLE]: mode === 'governed' ? '1' : '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', reject);
  // The exit code says only whether everything passed, which is what the results are for.
  child.on('close', () => resolve(output));
  return promise;
}

async function readResults(folder: string): Promise<SuiteResult> {
  const result = new Map<string, ScenarioResult>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.name !== RESULT_FILE) continue;
    const file = join(entry.parentPath, entry.name);
    const scenario = relative(folder, dirname(file)).replaceAll('\\', '/').replace(FOLDER_TIME, '');
    result.set(scenario, readChecks(await readFile(file, 'utf8')));
  }
  return new Map([...result].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function readChecks(text: string): ScenarioResult {
  const checks = new Map<string, string[]>();
  for (const check of JSON.parse(text) as readonly {
    readonly id: string;
    readonly name: string;
    readonly status: string;
  }[]) {
    // INFO entries are the runner's own log of what it saw.
    if (check.status === 'INFO') continue;
    const key = `${check.id} (${check.name})`;
    const verdicts = checks.get(key) ?? [];
    checks.set(key, [...verdicts, check.status].toSorted());
  }
  return checks;
}
