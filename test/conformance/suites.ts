import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One run of the protocol's conformance suite against one of our drivers. */
export interface Suite {
  readonly id: string;
  readonly title: string;
  /** The conformance runner's script. */
  readonly runner: string;
  /** Its release. */
  readonly release: string;
  /** The driver, a path without spaces relative to the working directory. */
  readonly driver: string;
  readonly parameters: readonly string[];
}

const require = createRequire(import.meta.url);

/** The folder that suites run in. */
export const SUITE_FOLDER: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** All of them: SDK v1 at the 2025 revisions, SDK v2 at all revisions, SDK v2 at 2026-07-28 alone. */
export const SUITES: readonly Suite[] = [
  defineSuite('v1', 'SDK v1 (`@modelcontextprotocol/sdk`)', '@modelcontextprotocol/conformance', 'v1.ts', []),
  defineSuite('v2', 'SDK v2 (`@modelcontextprotocol/client`)', 'conformance-2026', 'v2.ts', []),
  defineSuite('v2-2026', 'SDK v2, revision 2026-07-28 only', 'conformance-2026', 'v2.ts', [
    '--spec-version',
    '2026-07-28',
  ]),
];

function defineSuite(id: string, title: string, name: string, driver: string, parameters: readonly string[]): Suite {
  const manifest = join(SUITE_FOLDER, 'node_modules', name, 'package.json');
  const { version } = require(manifest) as { readonly version: string };
  return {
    id,
    title,
    runner: join(dirname(manifest), 'dist', 'index.js'),
    release: version,
    driver: `conformance/drivers/${driver}`,
    parameters,
  };
}
