import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './command.ts';
import { findRuntimes } from './runtimes.ts';
import type { StageResult } from './stages.ts';
import { add, NOTHING, type Tally } from './tally.ts';
import { publicPackages, ROOT } from './workspace.ts';

/**
 * Packs every public package, installs the tarballs with npm into an empty folder and tries them there on each Node at
 * hand: what a user gets, without the workspace around it.
 */
export async function smokePackedPackages(verbose: boolean): Promise<StageResult> {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-smoke-'));
  try {
    const installed = await packAndInstall(folder, verbose);
    return installed.ok ? await smokeOnEachRuntime(folder, verbose) : installed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function packAndInstall(folder: string, verbose: boolean): Promise<StageResult> {
  const packages = publicPackages();
  for (const { folder: source } of packages) {
    const packed = await run('pnpm', ['pack', '--pack-destination', folder], { cwd: join(ROOT, source), verbose });
    if (!packed.ok) return packed;
  }
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const dependencies = Object.fromEntries(tarballs.map((name) => [packageOf(name), `file:./${name}`]));
  const manifest = { name: 'smoke', private: true, type: 'module', dependencies, overrides: { ...dependencies } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  copyFileSync(join(ROOT, 'test/scripts/check/smoke-consumer.mjs'), join(folder, 'smoke.mjs'));
  return await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: folder,
    verbose,
    // pnpm hands its own settings down as npm's.
    env: { npm_config_user_agent: undefined, NODE_OPTIONS: undefined },
  });
}

/** The package a tarball of `pnpm pack` holds: `callgate-audit-0.1.0.tgz` is `@callgate/audit`. */
function packageOf(tarball: string): string {
  const found = publicPackages().find(({ name }) => {
    const stem = name.replace('@', '').replace('/', '-');
    return new RegExp(`^${stem}-\\d`, 'u').test(tarball);
  });
  return found?.name ?? tarball;
}

async function smokeOnEachRuntime(folder: string, verbose: boolean): Promise<StageResult> {
  const names = publicPackages().map(({ name }) => name);
  let tally: Tally = NOTHING;
  let output = '';
  for (const runtime of await findRuntimes()) {
    const tried = await run(runtime.path, ['smoke.mjs', ...names], { cwd: folder, verbose, timeoutMs: 60_000 });
    output += `node ${runtime.version}: ${tried.ok ? 'ok' : 'failed'}\n${tried.ok ? '' : tried.output}`;
    tally = add(tally, tried.ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 });
  }
  return {
    ok: tally.failed === 0 && tally.passed > 0,
    output,
    tally,
    note: output.match(/v[\d.]+/gu)?.join(', ') ?? '',
  };
}
