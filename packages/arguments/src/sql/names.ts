import type { Dialect } from './dialect.ts';
import { foldAscii } from './fold.ts';

/** A table with the schema that is known of it. */
export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** One segment of a name in a specification. */
interface Segment {
  readonly text: string;
  /** Whether `*` stands for any characters. Not where the segment is quoted. */
  readonly isGlob: boolean;
}

/** A name as a specification writes it: `table`, `schema.table`, `"Table"`, `report_*`. */
export interface NamePattern {
  readonly schema: Segment | undefined;
  readonly name: Segment;
}

const SEGMENT = String.raw`(?:"(?:[^"]|"")+"|[^\s".]+)`;
const NAME = new RegExp(`^(?:(${SEGMENT})\\.)?(${SEGMENT})$`, 'u');

/** Reads a name of a specification; undefined where it is none. Case is folded as the database folds it, unless quoted. */
export function parseName(text: string, dialect: Dialect): NamePattern | undefined {
  const match = NAME.exec(text);
  if (match?.[2] === undefined) return undefined;
  const fold = (segment: string): Segment => {
    if (!segment.startsWith('"')) return { text: foldAscii(segment), isGlob: segment.includes('*') };
    const quoted = segment.slice(1, -1).replaceAll('""', '"');
    return { text: dialect.name === 'sqlite' ? foldAscii(quoted) : quoted, isGlob: false };
  };
  return { schema: match[1] === undefined ? undefined : fold(match[1]), name: fold(match[2]) };
}

/** The tables of a specification's list. */
export class TablePatterns {
  readonly patterns: readonly NamePattern[];
  private readonly dialect: Dialect;

  constructor(patterns: readonly NamePattern[], dialect: Dialect, schema: string | undefined) {
    this.dialect = dialect;
    this.patterns = patterns.map((pattern) => qualifyPattern(pattern, dialect, schema));
  }

  matches(table: TableName): boolean {
    const isSystem = this.dialect.systemSchemaOf(table.schema, table.name) !== undefined;
    return this.patterns.some((pattern) => matchesPattern(pattern, table, isSystem));
  }

  /** The same list where names without a schema are in a known one. */
  within(schema: string | undefined): TablePatterns {
    return new TablePatterns(this.patterns, this.dialect, schema);
  }

  /** Whether each table of the other list is in this one, as far as the patterns tell. */
  covers(other: TablePatterns): boolean {
    return other.patterns.every((inner) => this.patterns.some((outer) => coversPattern(outer, inner)));
  }
}

/** An entry without a schema is about tables that are named without one, which are the system's or in the schema that is given. */
function qualifyPattern(pattern: NamePattern, dialect: Dialect, schema: string | undefined): NamePattern {
  const { text } = pattern.name;
  const system =
    pattern.name.isGlob && text.startsWith('*') ? undefined : dialect.systemSchemaOf(pattern.schema?.text, text);
  const own = system ?? pattern.schema?.text ?? schema;
  if (own === undefined || (pattern.schema?.isGlob === true && system === undefined)) return pattern;
  return { schema: { text: own, isGlob: false }, name: pattern.name };
}

function matchesPattern(pattern: NamePattern, table: TableName, isSystem: boolean): boolean {
  // A wildcard never reaches what belongs to the system: its schema must be written.
  if (isSystem && (pattern.schema === undefined || pattern.schema.isGlob)) return false;
  if ((pattern.schema === undefined) !== (table.schema === undefined)) return false;
  return (
    (pattern.schema === undefined || matchesSegment(pattern.schema, table.schema ?? '')) &&
    matchesSegment(pattern.name, table.name)
  );
}

function matchesSegment(segment: Segment, text: string): boolean {
  return segment.isGlob ? matchesGlob(segment.text, text) : segment.text === text;
}

/** Whether a text matches a pattern in which `*` stands for any characters. Linear. */
function matchesGlob(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** An inner `*` is a character that only an outer `*` matches, so that what is said to be covered is. */
function coversPattern(outer: NamePattern, inner: NamePattern): boolean {
  const isExact = outer.name.text === inner.name.text && outer.name.isGlob === inner.name.isGlob;
  if (!isExact && !outer.name.isGlob) return false;
  if (!isExact && !matchesGlob(outer.name.text, inner.name.text)) return false;
  if (outer.schema === undefined || inner.schema === undefined) return outer.schema === inner.schema;
  if (outer.schema.text === inner.schema.text && outer.schema.isGlob === inner.schema.isGlob) return true;
  return outer.schema.isGlob && inner.schema.isGlob && matchesGlob(outer.schema.text, inner.schema.text);
}

/** A table as rules and records name it. */
export function tableKey(table: TableName): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}
