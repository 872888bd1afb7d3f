import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@callgate/source'] },
  ssr: { resolve: { conditions: ['@callgate/source', 'node', 'module', 'import', 'default'] } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    execArgv: ['--conditions=@callgate/source'],
    testTimeout: 30_000,
  },
});
