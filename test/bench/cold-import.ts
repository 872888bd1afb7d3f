import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildPackages } from './build-packages.ts';
import { millis, whole } from './format.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';
import { median } from './statistics.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SPECIFIERS = [
  'callgate',
  // What it is made of, to see which part takes how long; they overlap.
  '@callgate/policy',
  '@callgate/audit',
  '@callgate/canonical',
  'zod',
  '@opentelemetry/api',
  // For scale.
  '@modelcontextprotocol/sdk/client/index.js',
  '@modelcontextprotocol/client',
] as const;
const MINIMUM_MAJOR = 20;
// A quick run shows that it works, from source and without a build.
const QUICK_PARAMETERS = ['--conditions=@callgate/source'];

interface NodeBinary {
  readonly path: string;
  readonly version: string;
  readonly major: number;
}

const THIS_NODE: NodeBinary = {
  path: process.execPath,
  version: process.version,
  major: Number(process.versions.node.split('.')[0]),
};

interface Row {
  readonly node: NodeBinary;
  readonly specifier: string;
  /** Process start to exit, less an empty process. */
  readonly addedMs: number;
  /** The import alone, as the process itself sees it. */
  readonly importMs: number;
  readonly emptyMs: number;
  readonly samples: number;
}

/** Importing the built package in a fresh process, on each Node found. */
export const coldImport: Benchmark = {
  name: 'cold-import',
  run: (context) => {
    if (context.isQuick) return Promise.resolve(describe(measureNode(THIS_NODE, QUICK_PARAMETERS, context)));
    buildPackages();
    return Promise.resolve(describe(findNodes().flatMap((node) => measureNode(node, [], context))));
  },
};

/** The Node that runs this, and one of each other major on the PATH. */
function findNodes(): NodeBinary[] {
  const candidates = [
    process.execPath,
    ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node')),
  ];
  const nodes = new Map<number, NodeBinary>();
  for (const path of candidates) {
    if (!existsSync(path)) continue;
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim();
    const major = Number(/^v(\d+)\./.exec(version)?.[1]);
    if (major >= MINIMUM_MAJOR && !nodes.has(major)) nodes.set(major, { path, version, major });
  }
  return [...nodes.values()].toSorted((left, right) => left.major - right.major);
}

function measureNode(node: NodeBinary, parameters: readonly string[], { isQuick, progress }: BenchmarkContext): Row[] {
  const samples = isQuick ? 1 : 15;
  const empty: number[] = [];
  const totals = SPECIFIERS.map((): number[] => []);
  const imports = SPECIFIERS.map((): number[] => []);
  for (let sample = 0; sample < samples; sample += 1) {
    progress(`Node ${node.version}, ${sample + 1} of ${samples}`);
    empty.push(runFresh(node, parameters, '0').wallMs);
    for (const [index, specifier] of SPECIFIERS.entries()) {
      const { wallMs, output } = runFresh(
        node,
        parameters,
        `const start = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - start)`,
      );
      totals[index]?.push(wallMs);
      imports[index]?.push(Number(output));
    }
  }
  return SPECIFIERS.map((specifier, index) => ({
    node,
    specifier,
    addedMs: median(totals[index] ?? []) - median(empty),
    importMs: median(imports[index] ?? []),
    emptyMs: median(empty),
    samples,
  }));
}

function runFresh(
  node: NodeBinary,
  parameters: readonly string[],
  code: string,
): { readonly wallMs: number; readonly output: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(node.path, [...parameters, '--input-type=module', '--eval', code], {
    cwd: join(ROOT, 'test'),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const wallMs = performance.now() - start;
  if (status !== 0) throw new Error(`expected the import to work on ${node.version}: ${stderr.slice(0, 1_000)}`);
  return { wallMs, output: stdout };
}

function describe(rows: readonly Row[]): Section {
  return {
    title: 'Cold import',
    notes: [
      'The built package, imported in a fresh process with a warm file cache. *Added* is the process’s whole time less that of an ' +
        'empty one; *import* is the import as the process sees it. Its parts (which overlap) and the SDKs’ clients stand beside it. Medians.',
    ],
    tables: [
      {
        caption: '',
        header: ['Node', 'import of', 'empty process', 'added', 'import', 'processes'],
        rows: rows.map(({ node, specifier, emptyMs, addedMs, importMs, samples }) => [
          node.version,
          `\`${specifier}\``,
          millis(emptyMs),
          millis(addedMs),
          millis(importMs),
          whole(samples),
        ]),
      },
    ],
    targets: rows
      .filter(({ specifier }) => specifier === 'callgate')
      .map(({ node, addedMs }) => ({
        promise: `cold import of \`callgate\`, Node ${node.major}, above an empty process`,
        bound: 60,
        direction: 'at-most' as const,
        measured: addedMs,
        unit: 'ms',
      })),
    figures: Object.fromEntries(
      rows.flatMap(({ node, specifier, addedMs, importMs }): [string, number][] => [
        [`${specifier}.node${node.major}.added.ms`, addedMs],
        [`${specifier}.node${node.major}.import.ms`, importMs],
      ]),
    ),
  };
}
