/*
 * Runs the benchmarks.
 *
 *   npm run bench                      all; writes docs/reference/benchmarks.md and test/bench/results/latest.json
 *   npm run bench -- decide ledger     some; prints, and updates their sections in the results
 *   npm run bench -- --quick           a tiny run of everything, to see that it works; writes nothing
 *   npm run bench -- --format json     prints JSON
 *
 * Exit codes: 0 done (kept promises or not), 2 usage, 3 a benchmark failed.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { BENCHMARKS } from './benchmarks.ts';
import { observeProvenance, type Provenance } from './provenance.ts';
import { renderReport, renderTargets, type NamedSection } from './report.ts';
import type { Benchmark } from './section.ts';

const PAGE = new URL('../../docs/reference/benchmarks.md', import.meta.url);
const RESULTS = new URL('results/latest.json', import.meta.url);

interface Choice {
  readonly benchmarks: readonly Benchmark[];
  readonly isQuick: boolean;
  readonly format: 'pretty' | 'json';
}

interface Results {
  readonly provenance: Provenance;
  readonly sections: readonly NamedSection[];
}

const choice = readChoice(process.argv.slice(2));
if (typeof choice === 'string') {
  process.stderr.write(`${choice}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await main(choice).catch((error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 3;
  });
}

async function main({ benchmarks, isQuick, format }: Choice): Promise<number> {
  const provenance = observeProvenance();
  const sections: NamedSection[] = [];
  for (const benchmark of benchmarks) {
    const section = {
      name: benchmark.name,
      commit: provenance.commit,
      date: provenance.date,
      ...(await benchmark.run({ isQuick, progress: progressLine(benchmark.name) })),
    };
    clearLine();
    sections.push(section);
    if (format === 'pretty') process.stdout.write(`${describe(section)}\n`);
  }
  if (format === 'json') process.stdout.write(`${JSON.stringify({ provenance, sections }, null, 2)}\n`);
  if (!isQuick) await writeResults({ provenance, sections });
  return 0;
}

/** Sections that were not run keep what they had, as long as they are of the same machine and Node. */
async function writeResults({ provenance, sections }: Results): Promise<void> {
  const earlier = sections.length === BENCHMARKS.length ? [] : await earlierSections(provenance);
  const merged = BENCHMARKS.flatMap(({ name }) => {
    const section =
      sections.find((candidate) => candidate.name === name) ?? earlier.find((candidate) => candidate.name === name);
    return section === undefined ? [] : [section];
  });
  await writeFile(RESULTS, `${JSON.stringify({ provenance, sections: merged }, null, 2)}\n`);
  await writeFile(PAGE, renderReport(merged, provenance));
}

async function earlierSections({ cpu, node }: Provenance): Promise<readonly NamedSection[]> {
  const text = await readFile(RESULTS, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const { provenance, sections } = JSON.parse(text) as Results;
  return provenance.cpu === cpu && provenance.node === node ? sections : [];
}

function describe({ title, tables, targets }: NamedSection): string {
  const lines = tables.flatMap(({ caption, header, rows }) => [
    ...(caption === '' ? [] : [caption]),
    ...alignColumns([header, ...rows]),
    '',
  ]);
  return ['', title, '', ...lines, ...renderTargets(targets)].join('\n');
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function progressLine(name: string): (step: string) => void {
  return (step) => {
    if (!process.stderr.isTTY) return;
    clearLine();
    process.stderr.write(`${name}: ${step}`.slice(0, process.stderr.columns - 1));
  };
}

function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
}

function readChoice(parameters: readonly string[]): Choice | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, format: { type: 'string', default: 'pretty' } },
    });
    const { quick: isQuick, format } = values;
    if (format !== 'pretty' && format !== 'json') return `--format: expected pretty or json, got \`${format}\``;
    const unknown = positionals.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
    if (unknown !== undefined) return `expected ${BENCHMARKS.map(({ name }) => name).join(', ')}, got \`${unknown}\``;
    const benchmarks = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    return { benchmarks, isQuick, format };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
