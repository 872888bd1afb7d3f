import { costLines, type CostLine, type CostReport } from '../cost/cost-report.ts';
import { printable } from './printable.ts';

/** The report for a spreadsheet (RFC 4180). There is no line of totals: a spreadsheet makes its own. */
export function costCsv(report: CostReport): readonly string[] {
  const { by } = report;
  const rows = costLines(report).map((line) => rowOf(line, by.length));
  return [`${[...by, 'calls', 'stated', 'cost'].join(',')}\r`, ...rows];
}

function rowOf({ group, name }: CostLine, keys: number): string {
  const texts = name === undefined ? group.keys : [name];
  const cells = Array.from({ length: keys }, (_, index) => csvText(texts[index] ?? ''));
  return `${[...cells, group.calls, group.stated, group.cost.value].join(',')}\r`;
}

/** A quoted cell. What a spreadsheet would compute is text to it, behind an apostrophe. */
function csvText(text: string): string {
  const shown = printable(text, 300);
  const safe = /^[=+\-@]/u.test(shown) ? `'${shown}` : shown;
  return `"${safe.replaceAll('"', '""')}"`;
}
