import { costLines, costNotes, costSummary, share, unstatedShare } from '../cost/cost-report.ts';
import type { CostLine, CostReport } from '../cost/cost-report.ts';
import { code } from './markdown-code.ts';
import { formatCost, formatCount } from './words.ts';

/** The report for a comment or a page. */
export function costMarkdown(report: CostReport): readonly string[] {
  const { by, tally } = report;
  const lines = costLines(report);
  return [
    `${costSummary(tally)}.`,
    ...(lines.length === 0
      ? []
      : [
          '',
          row([...by, 'calls', 'cost', 'share', 'not stated']),
          row([...by.map(() => '---'), '---:', '---:', '---:', '---:']),
          ...lines.map((line) => row(cellsOf(line, report))),
        ]),
    ...costNotes(tally).flatMap((note) => ['', `Note: ${note}.`]),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellsOf({ group, name }: CostLine, { by, tally }: CostReport): readonly string[] {
  return [
    ...by.map((_, index) => (name === undefined ? keyText(group.keys[index]) : index === 0 ? name : '')),
    formatCount(group.calls),
    formatCost(group.cost.value),
    share(group.cost.value, tally.total.cost.value),
    unstatedShare(group),
  ];
}

/** A pipe would end the cell, also within code. */
function keyText(key: string | null | undefined): string {
  return key === null || key === undefined ? '–' : code(key).replaceAll('|', '\\|');
}
