/**
 * `npm run soak`: the suites that kill, interleave, stream and grow, at full length. Takes some fifteen minutes on a quiet machine; times
 * are judged, so nothing else should run.
 *
 * The laws at 100,000 cases each take hours: `CALLGATE_CASES=100000 npm run soak -- packages/policy/test packages/arguments/test`.
 */
import { spawn } from 'node:child_process';

const SUITES = [
  'test/chaos',
  'test/gate/interleaving',
  'packages/audit/test/file-sink-processes',
  'packages/cli/test/process',
  'packages/arguments/test/kind-growth',
  'test/bench/bench.test',
  'test/conformance',
];
const HOUR_MS = 3_600_000;

const given = process.argv.slice(2);
const child = spawn(
  'vitest',
  ['run', '-c', 'test/vitest.config.ts', `--testTimeout=${HOUR_MS}`, ...(given.length === 0 ? SUITES : given)],
  {
    env: { ...process.env, CALLGATE_SOAK: '1' },
    stdio: 'inherit',
  },
);
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
