import { printable } from './printable.ts';
import type { Style } from './style.ts';

const MAX_COLUMNS = 120;
const COLUMNS_BEFORE = 60;

/** The lines of a source text; split once for many excerpts. */
export function sourceLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/u);
}

/**
 * A line of a source with a caret under a column, as two lines; empty where there is no such line. Long lines are cut
 * around the column.
 *
 * @param line   from 1
 * @param column from 1, in UTF-16 code units
 */
export function sourceExcerpt(lines: readonly string[], line: number, column: number, style: Style): readonly string[] {
  const source = lines[line - 1];
  if (source === undefined) return [];
  const start = column > MAX_COLUMNS - 10 ? column - COLUMNS_BEFORE : 0;
  const visible = source.slice(start, start + MAX_COLUMNS).replaceAll('\t', ' ');
  const before = start > 0 ? '…' : '';
  const after = start + MAX_COLUMNS < source.length ? '…' : '';
  const gutter = `${line}`.padStart(5);
  // The caret stands below the printed form of what is before it.
  const offset = before.length + printable(visible.slice(0, column - 1 - start), MAX_COLUMNS).length;
  return [
    `${style.dim(`${gutter} |`)} ${before}${printable(visible, MAX_COLUMNS)}${after}`,
    `${style.dim(`${' '.repeat(gutter.length)} |`)} ${' '.repeat(offset)}${style.red('^')}`,
  ];
}
