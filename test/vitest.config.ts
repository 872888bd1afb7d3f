import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Tests run on source: every `@callgate/*` import resolves by the `@callgate/source` condition, with no build. */
export default defineConfig({
  resolve: { conditions: ['@callgate/source'] },
  ssr: { resolve: { conditions: ['@callgate/source', 'node', 'module', 'import', 'default'] } },
  test: {
    root,
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // A worker keeps what it has loaded for its next file. INVARIANT: a test leaves modules, globals and the environment as it found
    // them; what the three lines at the end do not undo, it undoes itself.
    isolate: false,
    // Vitest leaves one core to itself, which on two cores is half of them.
    maxWorkers: '100%',
    setupFiles: ['test/setup/quiet-console.ts'],
    // For what a test spawns or loads outside vite, too.
    execArgv: ['--conditions=@callgate/source'],
    // Processes that tests start load the sources once, not each anew: a third of the time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('../.cache/node', import.meta.url)) },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
