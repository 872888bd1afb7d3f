import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The arrows of docs/architecture.md: what each package may import of the others. Nothing points back. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  canonical: [],
  policy: ['canonical'],
  arguments: ['canonical', 'policy'],
  inspector: ['canonical'],
  breaker: ['canonical', 'policy'],
  audit: ['canonical'],
  registry: ['canonical', 'inspector'],
  callgate: ['arguments', 'audit', 'breaker', 'canonical', 'inspector', 'policy', 'registry'],
  testing: ['arguments', 'audit', 'callgate', 'canonical', 'policy'],
  cli: ['arguments', 'audit', 'breaker', 'callgate', 'canonical', 'inspector', 'policy', 'registry'],
};

/** Packages that run anywhere: no `node:` module, no ambient clock, randomness or environment. */
const PURE: readonly string[] = ['canonical', 'policy', 'arguments', 'inspector', 'breaker'];

/** The files of pure packages that may, each with what it may use. */
const PURE_EXCEPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  // behind the `node` condition of `#sha256`
  ['packages/canonical/src/internal/sha256-node.ts', ['node:crypto', 'crypto']],
  // deterministic given the zone and the runtime's tz database; no ambient zone is ever read
  ['packages/policy/src/conditions/zone.ts', ['Intl']],
]);

/** Packages that know the MCP SDK, by its shape and, at most, by its types. */
const KNOW_THE_SDK: ReadonlySet<string> = new Set(['callgate', 'cli']);

const TOP_LEVEL: ReadonlySet<string> = new Set(
  `packages examples test docs .ci .changeset
  README.md CHANGELOG.md LICENSE SECURITY.md CONTRIBUTING.md
  package.json pnpm-lock.yaml pnpm-workspace.yaml tsconfig.base.json knip.jsonc
  .editorconfig .gitattributes .gitignore .oxfmtrc.json .oxlintrc.json`.split(/\s+/u),
);

/** Made by tools and never committed (.gitignore). */
const MADE: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  '.cache',
  'coverage',
  'ledger',
  '.stryker-tmp',
  'reports',
  '.DS_Store',
]);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

interface ProjectConfig {
  readonly references?: readonly { readonly path: string }[];
  readonly [key: string]: unknown;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

function manifestOf(name: string): Manifest {
  return readJson(`packages/${name}/package.json`) as Manifest;
}

function sourcesOf(name: string): readonly string[] {
  return globSync(`packages/${name}/src/**/*.ts`, { cwd: ROOT }).toSorted();
}

/** The package folder that an npm name of this workspace stands for. */
function folderOf(specifier: string): string | undefined {
  const name = /^(?:@callgate\/([^/]+)|(callgate))(?:\/|$)/u.exec(specifier);
  return name?.[1] ?? name?.[2];
}

/** Source text without comments, so that prose may name what code may not. */
function codeOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//gu, '')
    .replaceAll(/(?<![:'"`])\/\/[^\n]*/gu, '');
}

function withoutStrings(code: string): string {
  return code.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/gu, "''");
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function importsOf(path: string): readonly Import[] {
  return importsIn(codeOf(path));
}

function importsIn(code: string): readonly Import[] {
  const found = code.matchAll(/(?:\b(?:import|export)\s+(type\s)?[^'";]*?from\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/gu);
  return [...found].map((match) => ({ specifier: match[2]!, typeOnly: match[1] !== undefined }));
}

const packages = readdirSync(join(ROOT, 'packages')).filter((name) =>
  existsSync(join(ROOT, 'packages', name, 'package.json')),
);

test('the table names every package and nothing else', () => {
  expect(packages.toSorted()).toStrictEqual(Object.keys(ARROWS).toSorted());
});

test('the arrows have no cycle: every package comes after those it may import', () => {
  const order = Object.keys(ARROWS);
  for (const [name, targets] of Object.entries(ARROWS)) {
    for (const target of targets)
      expect(order.indexOf(target), `${name} → ${target}`).toBeLessThan(order.indexOf(name));
  }
});

test('the top level holds what is promised and nothing else', () => {
  const found = readdirSync(ROOT).filter((name) => !MADE.has(name));
  expect(found.filter((name) => !TOP_LEVEL.has(name))).toStrictEqual([]);
  expect(['packages', 'examples', 'test', 'docs'].filter((name) => !found.includes(name))).toStrictEqual([]);
});

test('the workspace builds every package', () => {
  const { references } = readJson('packages/tsconfig.json') as ProjectConfig;
  expect(references?.map(({ path }) => path).toSorted()).toStrictEqual(packages.toSorted());
});

describe.each(Object.entries(ARROWS))('%s', (name, arrows) => {
  test('depends on what its arrows say', () => {
    const manifest = manifestOf(name);
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    expect(
      dependencies
        .map(folderOf)
        .filter((folder) => folder !== undefined)
        .toSorted(),
    ).toStrictEqual(arrows);
  });

  test('is compiled against what its arrows say', () => {
    const { references } = readJson(`packages/${name}/tsconfig.json`) as ProjectConfig;
    expect((references ?? []).map(({ path }) => path.replace('../', '')).toSorted()).toStrictEqual(arrows);
  });

  test('imports what its arrows say', () => {
    for (const path of sourcesOf(name)) {
      for (const { specifier } of importsOf(path)) {
        const folder = folderOf(specifier);
        if (folder !== undefined) expect(arrows, `${path}: ${specifier}`).toContain(folder);
        else
          expect(specifier, `${path} reaches into another package`).not.toMatch(
            /packages\/|^\.\.\/(?:\.\.\/)*(?:src|dist)\//u,
          );
      }
    }
  });

  test('has the shape of every package', () => {
    const { references: _, ...config } = readJson(`packages/${name}/tsconfig.json`) as ProjectConfig;
    expect(config).toMatchObject({
      extends: '../../tsconfig.base.json',
      compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: `../../.cache/tsbuild/${name}.tsbuildinfo` },
      include: ['src'],
    });
    for (const file of ['README.md', 'CHANGELOG.md', 'src/index.ts']) {
      expect(existsSync(join(ROOT, 'packages', name, file)), `packages/${name}/${file}`).toBe(true);
    }
    expect(manifestOf(name)).toMatchObject({
      name: name === 'callgate' ? 'callgate' : `@callgate/${name}`,
      license: 'Apache-2.0',
      type: 'module',
      engines: { node: '>=20.19' },
    });
  });

  test('runs no script when it is installed', () => {
    const scripts = Object.keys(manifestOf(name).scripts ?? {});
    expect(scripts.filter((script) => /^(?:pre|post)?(?:install|prepare)$/u.test(script))).toStrictEqual([]);
  });

  test('exports by name', () => {
    const index = codeOf(`packages/${name}/src/index.ts`);
    const statements = index
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    for (const statement of statements) expect(statement).toMatch(/^export (?:type )?\{[^}]*\}(?: from '[^']+')?$/u);
    expect(index).not.toMatch(/\bdefault\b/u);
  });

  test('takes no MCP SDK in at run time', () => {
    const manifest = manifestOf(name);
    expect(Object.keys(manifest.dependencies ?? {}).filter(isSdk)).toStrictEqual([]);
    for (const path of sourcesOf(name)) {
      for (const { specifier, typeOnly } of importsOf(path)) {
        if (isSdk(specifier)) expect(typeOnly && KNOW_THE_SDK.has(name), `${path}: ${specifier}`).toBe(true);
      }
    }
  });
});

function isSdk(specifier: string): boolean {
  return specifier.startsWith('@modelcontextprotocol/');
}

describe.each(PURE)('%s is pure', (name) => {
  const paths = sourcesOf(name);
  const isAllowed = (path: string, used: string): boolean => PURE_EXCEPTIONS.get(path)?.includes(used) === true;

  test('no module of the host', () => {
    const imported = paths.flatMap((path) =>
      importsOf(path)
        .filter(({ specifier }) => !isAllowed(path, specifier))
        .map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(imported.filter((line) => / node:/u.test(line))).toStrictEqual([]);
  });

  test('no ambient clock, randomness, environment or timer', () => {
    const found = paths.flatMap((path) =>
      ambientIn(codeOf(path))
        .filter((used) => !isAllowed(path, used))
        .map((used) => `${path}: ${used}`),
    );
    expect(found).toStrictEqual([]);
  });
});

const AMBIENT =
  /(?<![.\w$])(?:Date|performance|process|Buffer|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|crypto|navigator|Intl)\b(?!\s*[:?])|\bMath\.random\b|\blocaleCompare\b|\.toLocale\w+/gu;

function ambientIn(code: string): readonly string[] {
  return [...withoutStrings(code).matchAll(AMBIENT)].map(([found]) => found);
}

test('the gate reaches only the lock of the registry, none of its inventory, and only where a lock is given', () => {
  const lazily = /^packages\/callgate\/src\/lock\/(?:lock-guard|list-state|seen-identity)\.ts$/u;
  for (const path of sourcesOf('callgate')) {
    for (const { specifier, typeOnly } of importsOf(path).filter((one) => one.specifier.includes('registry'))) {
      expect(specifier, path).toBe('@callgate/registry/lock');
      const isLazy = lazily.test(path) || codeOf(path).includes("import('@callgate/registry/lock')");
      expect(typeOnly || isLazy, `${path} loads the registry for everybody`).toBe(true);
    }
    for (const { specifier, typeOnly } of importsOf(path).filter((one) => one.specifier.endsWith('/lock-guard.ts')))
      expect(typeOnly || codeOf(path).includes(`await import('${specifier}')`), path).toBe(true);
  }
  const reached = new Set(['packages/registry/src/lock.ts']);
  for (const path of reached) {
    for (const { specifier } of importsOf(path).filter((one) => one.specifier.startsWith('.')))
      reached.add(join(path, '..', specifier).replaceAll('\\', '/'));
  }
  expect(reached.size).toBeGreaterThan(20);
  expect([...reached].filter((path) => path.includes('/inventory/'))).toStrictEqual([]);
});

describe('what this test looks with', () => {
  test('sees every form of import', () => {
    const code = [
      "import a from 'a'",
      "import type { B } from 'b'",
      "import 'c'",
      "export { d } from 'd'",
      "await import('e')",
      "import {\n  f,\n} from 'f'",
    ].join(';\n');
    expect(importsIn(code).map(({ specifier }) => specifier)).toStrictEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(importsIn(code).filter(({ typeOnly }) => typeOnly)).toHaveLength(1);
  });

  test.each(['Date.now()', 'new Date()', 'Math.random()', 'process.env', 'setTimeout(f)', 'a.localeCompare(b)'])(
    'sees %s',
    (code) => {
      expect(ambientIn(code)).toHaveLength(1);
    },
  );

  test.each(["'Date.now()'", 'effect.process', 'interface X { performance: string }', 'updatedDate()'])(
    'is not misled by %s',
    (code) => {
      expect(ambientIn(code)).toStrictEqual([]);
    },
  );
});
