/*
 * Runs the protocol's conformance suites plain and governed and says where they differ.
 *
 *   npm run conformance                     all scenarios, writes docs/reference/conformance.md
 *   npm run conformance -- --suite core     the core scenarios, writes nothing
 *   npm run conformance -- --only v1,v2     some of the suites, writes nothing
 *
 * Exit codes: 0 no difference, 1 differences, 2 usage, 3 a suite could not run.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { observeProvenance } from '../bench/provenance.ts';
import { compareSuite, type Comparison } from './compare-suite.ts';
import { countClean, tallySuite } from './compare.ts';
import { renderDifferences, renderReport } from './report.ts';
import { SUITES, type Suite } from './suites.ts';

const PAGE = new URL('../../docs/reference/conformance.md', import.meta.url);

interface Choice {
  readonly group: 'core' | 'all';
  readonly suites: readonly Suite[];
  readonly format: 'pretty' | 'json';
}

const choice = readChoice(process.argv.slice(2));
if (typeof choice === 'string') {
  process.stderr.write(`${choice}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await main(choice).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 3;
  });
}

async function main({ group, suites, format }: Choice): Promise<number> {
  const comparisons: Comparison[] = [];
  for (const suite of suites) {
    note(`${suite.id}: conformance ${suite.release}, plain and governed …`);
    comparisons.push(await compareSuite(suite, { group }));
    if (format === 'pretty') process.stdout.write(`${describe(comparisons.at(-1) as Comparison)}\n`);
  }
  if (format === 'json') process.stdout.write(`${JSON.stringify(comparisons.map(summarise), null, 2)}\n`);
  if (group === 'all' && suites.length === SUITES.length) {
    await writeFile(PAGE, renderReport(comparisons, observeProvenance(), group));
  }
  return comparisons.some(({ differences }) => differences.length > 0) ? 1 : 0;
}

function describe({ suite, plain, governed, differences }: Comparison): string {
  const side = (result: Comparison['plain']): string =>
    `${countClean(result)}/${result.size} scenarios, ${tallySuite(result).passed} checks passed, ${tallySuite(result).failed} failed`;
  return [
    `${suite.id} (conformance ${suite.release})`,
    `  plain     ${side(plain)}`,
    `  governed  ${side(governed)}`,
    ...(differences.length === 0 ? ['  identical'] : renderDifferences(differences)),
  ].join('\n');
}

function summarise({ suite, plain, governed, differences, repeated }: Comparison): object {
  const side = (result: Comparison['plain']): object => ({
    scenarios: result.size,
    clean: countClean(result),
    ...tallySuite(result),
  });
  return {
    suite: suite.id,
    release: suite.release,
    plain: side(plain),
    governed: side(governed),
    differences,
    repeated,
  };
}

function note(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
}

function readChoice(parameters: readonly string[]): Choice | string {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        suite: { type: 'string', default: 'all' },
        only: { type: 'string' },
        format: { type: 'string', default: 'pretty' },
      },
    });
    const { suite: group, format } = values;
    if (group !== 'core' && group !== 'all') return `--suite: expected core or all, got \`${group}\``;
    if (format !== 'pretty' && format !== 'json') return `--format: expected pretty or json, got \`${format}\``;
    const names = values.only?.split(',') ?? SUITES.map(({ id }) => id);
    const unknown = names.find((name) => !SUITES.some(({ id }) => id === name));
    if (unknown !== undefined) return `--only: expected ${SUITES.map(({ id }) => id).join(', ')}, got \`${unknown}\``;
    return { group, format, suites: SUITES.filter(({ id }) => names.includes(id)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
