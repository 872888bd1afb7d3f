import { driftLines, type Drift } from '@callgate/registry';

import type { DriftedItem, ServerReport } from '../lock/drift-report.ts';
import { classWords, serverWords, touchWords, verdictWords } from './drift-words.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const MAX_LINES = 60;
const MAX_LINE_LENGTH = 400;

/** How servers drifted, for a person. */
export function driftText(reports: readonly ServerReport[], policy: string, style: Style): readonly string[] {
  return reports.flatMap((report) => [
    `${style.bold(printable(report.server))}: ${serverWords(report)}`,
    ...report.serverDrifts.flatMap((drift) => driftTextOf(drift, style)),
    ...report.drifted.flatMap((one) => itemText(one, policy, style)),
  ]);
}

function itemText({ item, touches }: DriftedItem, policy: string, style: Style): readonly string[] {
  const renamed = item.renamedFrom === null ? '' : `, was ${printable(item.renamedFrom)}`;
  const verdict = item.verdict.call === 'allow' ? style.green(verdictWords(item)) : style.red(verdictWords(item));
  return [
    `  ${item.kind} ${style.bold(printable(item.name))}${renamed}: ${verdict}`,
    ...item.drifts.flatMap((drift) => driftTextOf(drift, style)),
    ...touches.map((touch) => style.dim(`    touches ${printable(touchWords(policy, touch))}`)),
  ];
}

function driftTextOf(drift: Drift, style: Style): readonly string[] {
  const lines = driftLines(drift).map(({ mark, text }) => {
    const line = `      ${mark} ${printable(text, MAX_LINE_LENGTH)}`;
    if (mark === '+') return style.green(line);
    return mark === '-' ? style.red(line) : style.dim(line);
  });
  const more = lines.length > MAX_LINES ? [`      … and ${lines.length - MAX_LINES} more lines`] : [];
  const place = drift.pointer === '' ? '' : ` ${printable(drift.pointer)}`;
  return [`    ${style.yellow(classWords(drift))}${place}`, ...lines.slice(0, MAX_LINES), ...more];
}
