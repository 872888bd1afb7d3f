import { significant } from './format.ts';
import type { Provenance } from './provenance.ts';
import { isMet, type Section, type Table, type Target } from './section.ts';

/** A benchmark's section under its name. */
export interface NamedSection extends Section {
  readonly name: string;
  /** Of the code that was measured; sections of one page may have been run apart. */
  readonly commit: string;
  /** ISO date, UTC. */
  readonly date: string;
}

/** The page `docs/reference/benchmarks.md`. */
export function renderReport(sections: readonly NamedSection[], provenance: Provenance): string {
  return [
    '# Benchmarks',
    '',
    '<!-- Written by `npm run bench`. Do not edit. -->',
    '',
    `${provenance.date} · ${provenance.cpu}, ${provenance.cores} cores, ${provenance.memoryGiB} GiB · ${provenance.platform} · Node ${provenance.node}`,
    '',
    'Figures of one machine; compare columns, not machines. The same numbers, unrounded, are in',
    '[`test/bench/results/latest.json`](../../test/bench/results/latest.json).',
    '',
    '## What is promised, and what came out',
    '',
    ...renderTable({
      caption: '',
      header: ['promise', 'bound', 'measured', ''],
      rows: sections.flatMap(({ targets }) => targets.map(emphasiseMiss)),
    }),
    ...sections.flatMap(renderSection),
  ].join('\n');
}

/** One line a promise, for the terminal. */
export function renderTargets(targets: readonly Target[]): string[] {
  return targets.map((target) => {
    const [promise, bound, measured, verdict] = targetRow(target);
    return `  ${isMet(target) ? '✓' : '✗'} ${promise}: ${measured} (${bound}; ${verdict})`;
  });
}

function renderSection({ title, name, commit, date, notes, tables }: NamedSection): string[] {
  return [
    `## ${title}`,
    '',
    ...notes.flatMap((note) => [note, '']),
    ...tables.flatMap(renderTable),
    `Measured ${date} at commit ${commit}. Run it alone: \`npm run bench -- ${name}\`.`,
    '',
  ];
}

function renderTable({ caption, header, rows }: Table): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [...(caption === '' ? [] : [caption, '']), line(header), line(header.map(() => '---')), ...rows.map(line), ''];
}

function emphasiseMiss(target: Target): string[] {
  const [promise = '', bound = '', measured = '', verdict = ''] = targetRow(target);
  return [promise, bound, measured, isMet(target) ? verdict : `**${verdict}**`];
}

function targetRow(target: Target): string[] {
  const { promise, bound, direction, measured, unit } = target;
  const words = `${direction === 'at-most' ? '≤' : '≥'} ${significant(bound)} ${unit}`;
  const miss = Math.abs(measured / bound - 1) * 100;
  return [
    promise,
    words,
    `${significant(measured)} ${unit}`,
    isMet(target) ? 'kept' : `missed by ${significant(miss)} %`,
  ];
}
