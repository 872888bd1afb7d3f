/** `npm run soak`: the suites that kill, interleave and stream, at full length. Takes some ten minutes. */
import { spawn } from 'node:child_process';

const suites = [
  'test/chaos',
  'test/gate/interleaving',
  'packages/audit/test/file-sink-processes',
  'packages/cli/test/process',
];
const child = spawn('vitest', ['run', '-c', 'test/vitest.config.ts', ...suites, ...process.argv.slice(2)], {
  env: { ...process.env, CALLGATE_SOAK: '1' },
  stdio: 'inherit',
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
