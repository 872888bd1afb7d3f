import { costLines, costNotes, costSummary, share, unstatedShare } from '../cost/cost-report.ts';
import type { CostLine, CostReport } from '../cost/cost-report.ts';
import type { Style } from './style.ts';
import { textTable, type Cell, type Column } from './text-table.ts';
import { formatCost, formatCount } from './words.ts';

/** The report for a person. */
export function costText(report: CostReport, style: Style): readonly string[] {
  const { by, tally } = report;
  const total = tally.total.cost.value;
  const columns: readonly Column<CostLine>[] = [
    ...by.map((dimension, index) => ({
      title: dimension,
      maxWidth: 60,
      cell: (line: CostLine) => keyCell(line, index, style),
    })),
    { title: 'calls', align: 'right', cell: ({ group }) => formatCount(group.calls) },
    { title: 'cost', align: 'right', cell: ({ group }) => ({ text: formatCost(group.cost.value), paint: style.bold }) },
    { title: 'share', align: 'right', cell: ({ group }) => share(group.cost.value, total) },
    { title: 'not stated', align: 'right', cell: ({ group }) => unstatedShare(group) },
  ];
  return [
    ...(tally.total.calls === 0 ? [] : [...textTable(columns, costLines(report), style), '']),
    costSummary(tally),
    ...costNotes(tally).map((note) => style.yellow(note)),
  ];
}

function keyCell({ group, name }: CostLine, index: number, style: Style): Cell {
  if (name !== undefined) return { text: index === 0 ? name : '', paint: style.dim };
  return { text: group.keys[index] ?? '–' };
}
