import { printable } from './printable.ts';

const MAX_LENGTH = 300;

/** Text as a code span, which nothing in it can end. */
export function code(text: string, maxLength: number = MAX_LENGTH): string {
  const shown = printable(text, maxLength);
  const fence = fenceFor(shown, 1);
  const pad = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Printable lines as a code block, which nothing in them can end. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = lines.join('\n');
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

function fenceFor(text: string, least: number): string {
  const runs = text.match(/`+/gu) ?? [];
  return '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), least));
}
