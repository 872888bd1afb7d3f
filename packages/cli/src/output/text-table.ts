import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** One cell: foreign text as it is, or text that is painted when its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  /** Cells are cut at it. Default 40. */
  readonly maxWidth?: number;
  cell(row: Row): Cell | string;
}

const MAX_WIDTH = 40;

/**
 * Rows as lines of a table: a head, columns as wide as what they hold, and none that holds nothing. What does not print is escaped.
 *
 * @param between lines of text in front of a row
 */
export function textTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: Style,
  between: (row: Row, previous: Row | undefined) => readonly string[] = () => [],
): readonly string[] {
  const all = columns.map((column) => {
    const cells = rows.map((row) => shownCell(column, row));
    return { column, cells, width: cells.reduce((width, { text }) => Math.max(width, text.length), 0) };
  });
  const filled = all.filter(({ width }) => width > 0);
  const head = filled.map(({ column, width }) => padded(column, column.title, Math.max(width, column.title.length)));
  const lines = rows.map((_, index) =>
    filled
      .map(({ column, cells, width }) => {
        const { text, paint = plain } = cells[index] ?? EMPTY;
        return padded(column, text, Math.max(width, column.title.length)).replace(text, () => paint(text));
      })
      .join('  ')
      .trimEnd(),
  );
  return [
    style.bold(head.join('  ').trimEnd()),
    ...rows.flatMap((row, index) => [...between(row, rows[index - 1]), lines[index] ?? '']),
  ];
}

const EMPTY: Cell = { text: '' };

function plain(text: string): string {
  return text;
}

function shownCell<Row>(column: Column<Row>, row: Row): Cell {
  const cell = column.cell(row);
  const { text, paint } = typeof cell === 'string' ? { text: cell } : cell;
  return { text: printable(text, column.maxWidth ?? MAX_WIDTH), paint };
}

function padded<Row>({ align }: Column<Row>, text: string, width: number): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
