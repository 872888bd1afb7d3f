import { driftLines, type Drift } from '@callgate/registry';

import type { DriftedItem, ServerReport } from '../lock/drift-report.ts';
import { classWords, serverWords, touchWords, verdictWords } from './drift-words.ts';
import { code, codeBlock } from './markdown-code.ts';
import { printable } from './printable.ts';

const MAX_LINES = 40;
const MAX_LINE_LENGTH = 300;
/** What a comment on a change may hold on the common platforms is 65,536 characters; this leaves room. */
const MAX_LENGTH = 60_000;

/** How servers drifted, as Markdown for a comment on a change; at most 60,000 characters, and what is left out is counted. */
export function driftMarkdown(reports: readonly ServerReport[], policy: string): string {
  let text = '';
  let left = reports.reduce((count, { drifted }) => count + drifted.length, 0);
  for (const report of reports) {
    const drifts = report.serverDrifts.map(driftText).join('\n');
    text += `### Server ${code(report.server)}: ${serverWords(report)}\n\n${drifts}${drifts === '' ? '' : '\n\n'}`;
    for (const drifted of report.drifted) {
      const part = `${itemText(drifted, policy)}\n\n`;
      if (text.length + part.length > MAX_LENGTH) return `${text}…and ${left} more.\n`;
      text += part;
      left -= 1;
    }
  }
  return text;
}

function itemText({ item, touches }: DriftedItem, policy: string): string {
  const renamed = item.renamedFrom === null ? '' : `, was ${code(item.renamedFrom)}`;
  return [
    `#### ${item.kind} ${code(item.name)}${renamed}: ${verdictWords(item)}\n`,
    ...item.drifts.map(driftText),
    ...touches.map((touch) => `- touches ${code(touchWords(policy, touch))}`),
  ].join('\n');
}

function driftText(drift: Drift): string {
  const lines = driftLines(drift).map(({ mark, text }) => `${mark} ${printable(text, MAX_LINE_LENGTH)}`);
  const more = lines.length > MAX_LINES ? [`… and ${lines.length - MAX_LINES} more lines`] : [];
  const place = drift.pointer === '' ? '' : ` at ${code(drift.pointer)}`;
  return `- **${classWords(drift)}**${place}\n\n${codeBlock('diff', [...lines.slice(0, MAX_LINES), ...more])}\n`;
}
