import type { Change, DiffItem, Flip, PolicyDiff } from '@callgate/policy';

import {
  SECTIONS,
  countWords,
  flipCodes,
  flipWords,
  placeOf,
  principalWords,
  subjectWords,
  verdictWords,
  witnessJson,
} from './diff-words.ts';
import { code } from './markdown-code.ts';

const MAX_WITNESS_LENGTH = 1_000;
/** What a comment on a change may hold on the common platforms is 65,536 characters; this leaves room. */
const MAX_LENGTH = 60_000;

/**
 * How two policies differ, as Markdown for a comment on a change; at most 60,000 characters, and what is left out is counted.
 *
 * Whatever the policies say stands in code, so that no name in them can be a link, a mention or markup.
 */
export function diffMarkdown(diff: PolicyDiff): string {
  const { before, after } = diff;
  const head = [
    `### Policy ${code(after.name)}: ${verdictWords(diff)}`,
    '',
    `${code(before.version)} → ${code(after.version)}: ${countWords(diff)}.`,
    '',
  ].join('\n');
  let text = head;
  let left = diff.items.length;
  for (const [direction, title] of SECTIONS) {
    const items = diff.items.filter((item) => item.direction === direction);
    if (items.length === 0) continue;
    const section = `#### ${title} (${items.length})\n\n`;
    let isFirst = true;
    for (const item of items) {
      const part = `${isFirst ? section : ''}${itemText(item)}\n`;
      if (text.length + part.length > MAX_LENGTH) return `${text}\n…and ${left} more.\n`;
      text += part;
      left -= 1;
      isFirst = false;
    }
    text += '\n';
  }
  return text;
}

function itemText(item: DiffItem): string {
  const { server, name, status, changes, flips, reasons } = item;
  const on = server === null ? '' : ` on ${code(server)}`;
  const place = placeOf(item);
  const head = `- **${subjectWords(item)}**${name === null ? '' : ` ${code(name)}`}${on}, ${status}`;
  return [
    `${head}${place === '' ? '' : ` (${code(place)})`}`,
    ...changes.map(changeLine),
    ...flips.map(flipLine),
    ...reasons.map((reason) => `  - not proved: ${code(reason)}`),
  ].join('\n');
}

function changeLine({ key, before, after, example }: Change): string {
  const words = (text: string | null): string => (text === null ? '*nothing*' : code(text));
  const shown = example === undefined ? '' : `, for instance ${code(example)}`;
  return `  - ${code(key)}: ${words(before)} → ${words(after)}${shown}`;
}

function flipLine(flip: Flip): string {
  const who = code(principalWords(flip));
  const witness = code(witnessJson(flip), MAX_WITNESS_LENGTH);
  return `  - ${flipWords(flip)}, ${code(flipCodes(flip))}, as ${who}:\n    ${witness}`;
}
