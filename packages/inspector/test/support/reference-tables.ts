import { STRUCTURES } from '../../src/secrets/find-structures.ts';
import { SERVICES } from '../../src/secrets/formats/services.ts';
import { FORMAT_SOURCES } from '../../src/secrets/token-format.ts';
import { TOKEN_FORMATS } from '../../src/secrets/token-formats.ts';
import { LETTERED_IDS } from '../../src/pii/lettered-ids.ts';
import { NUMERIC_IDS } from '../../src/pii/numeric-ids.ts';

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const byFirst = (one: Row, other: Row): number => ((one[0] ?? '') < (other[0] ?? '') ? -1 : 1);

/** The tables of the reference of inspection, by name. */
export const REFERENCE_TABLES: Readonly<Record<string, () => string>> = {
  tokens: () =>
    table(
      ['rule', 'what', 'source'],
      TOKEN_FORMATS.map(({ id, title, source }) => [`\`secrets.${id}\``, title, source]).toSorted(byFirst),
    ),
  services: () =>
    table(
      ['rule', 'names', 'source'],
      SERVICES.map(({ id, names, source }) => [
        `\`secrets.${id}\``,
        names.map((name) => `\`${name}\``).join(', '),
        source,
      ]).toSorted(byFirst),
    ),
  structures: () =>
    table(
      ['rule', 'what', 'source'],
      STRUCTURES.map(({ id, title, source }) => [`\`secrets.${id}\``, title, source]).toSorted(byFirst),
    ),
  sources: () =>
    table(
      ['source', 'where'],
      Object.entries(FORMAT_SOURCES).map(([name, url]) => [name, `<${url}>`]),
    ),
  ids: () =>
    table(
      ['number', 'needs words beside it'],
      [
        ...NUMERIC_IDS.map(({ name, shapes, plainShapes }) => [
          name,
          shapes.length === 0 ? 'always' : plainShapes === undefined ? 'never' : 'without its separators',
        ]),
        ...LETTERED_IDS.map(({ name, words }) => [name, words === undefined ? 'never' : 'always']),
      ].toSorted(byFirst),
    ),
};

const REGION = /<!-- generated: (?<name>[a-z]+) -->\n.*?<!-- end -->/gsu;

/** A page with its tables made anew. */
export function withTables(page: string): string {
  return page.replaceAll(
    REGION,
    (_, name: string) => `<!-- generated: ${name} -->\n\n${REFERENCE_TABLES[name]?.() ?? ''}\n\n<!-- end -->`,
  );
}
