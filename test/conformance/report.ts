import type { Provenance } from '../bench/provenance.ts';
import type { Comparison } from './compare-suite.ts';
import { countClean, tallyScenario, tallySuite, type Tally } from './compare.ts';

/** The page `docs/reference/conformance.md`. */
export function renderReport(comparisons: readonly Comparison[], provenance: Provenance, group: string): string {
  return [
    '# Protocol conformance, governed and plain',
    '',
    '<!-- Written by `npm run conformance`. Do not edit. -->',
    '',
    'The Model Context Protocol’s own client conformance suites, run twice against the same driver: with a plain SDK client, and',
    'with its transport wrapped by a gate whose policy allows everything. The promise is that every check ends the same way.',
    '',
    `${provenance.date} · ${provenance.cpu}, ${provenance.cores} cores · Node ${provenance.node} · commit ${provenance.commit} · \`--suite ${group}\``,
    '',
    ...renderSummary(comparisons),
    ...comparisons.flatMap(renderSuite),
  ].join('\n');
}

function renderSummary(comparisons: readonly Comparison[]): string[] {
  const rows = comparisons.map(({ suite, plain, governed, differences }) => [
    suite.title,
    suite.release,
    `${countClean(plain)}/${plain.size}`,
    `${countClean(governed)}/${governed.size}`,
    words(tallySuite(plain)),
    words(tallySuite(governed)),
    differences.length === 0 ? 'none' : String(differences.length),
  ]);
  const header = ['client', 'suite', 'scenarios plain', 'governed', 'checks plain', 'governed', 'differences'];
  return [...renderTable(header, rows), ''];
}

function renderSuite({ suite, plain, governed, differences, repeated }: Comparison): string[] {
  const scenarios = [...new Set([...plain.keys(), ...governed.keys()])].toSorted();
  const rows = scenarios.map((name) => [
    `\`${name}\``,
    words(tallyScenario(plain.get(name) ?? new Map())),
    words(tallyScenario(governed.get(name) ?? new Map())),
  ]);
  return [
    `## ${suite.title}, conformance ${suite.release}`,
    '',
    ...renderTable(['scenario', 'plain', 'governed'], rows),
    '',
    ...(repeated.length === 0
      ? []
      : [`Run again one at a time, because side by side they differed or failed: ${repeated.join(', ')}.`, '']),
    ...(differences.length === 0 ? [] : renderDifferences(differences)),
  ];
}

/** The table of what differs; used on the page and on the terminal. */
export function renderDifferences(differences: Comparison['differences']): string[] {
  const rows = differences.map(({ scenario, check, plain, governed }) => [`\`${scenario}\``, check, plain, governed]);
  return ['Differences:', '', ...renderTable(['scenario', 'check', 'plain', 'governed'], rows), ''];
}

function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}

function words({ passed, failed, other }: Tally): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (other > 0) parts.push(`${other} skipped or warned`);
  return parts.join(', ');
}
