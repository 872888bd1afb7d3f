/** Tests the name of a table, lower case, with its schema or without. */
export type TableTest = (table: string) => boolean;

/**
 * Compiles a table's name. Where one of the two names has no schema, or no database before it, the other's counts as the same: which
 * one a shorter name means is known to the database only.
 */
export function compileTablePattern(pattern: string): TableTest {
  const name = pattern.toLowerCase().split('.').toReversed();
  return (table) => {
    const other = table.split('.').toReversed();
    return name[0] === other[0] && name.every((part, index) => isSamePart(part, other[index]));
  };
}

/** `db..table` leaves the schema to the database. */
function isSamePart(part: string, other: string | undefined): boolean {
  return other === undefined || other === '' || part === '' || part === other;
}

const SQL_WORDS =
  /\b(?:select|insert|update|delete|merge|from|into|join|table|truncate|alter|drop|create|copy|grant|with|call|exec|describe|desc|explain|pragma|analy[sz]e|vacuum|lock|reindex|cluster|handler|rename|replace|optimi[sz]e)\b/iu;
const AROUND_NAMES = /[^\p{L}\p{N}_$.]+/u;
const BETWEEN_LISTED = /[,;|\r\n]/u;

/** The tables that a text may name: all of its names where it reads like SQL, otherwise itself where it is a name or a list of names. */
export function tablesIn(text: string): readonly string[] {
  // quotes around parts of a name go first, so that "hr"."salaries" is one name
  const plain = text
    .toLowerCase()
    .replaceAll(/["`[\]]/gu, '')
    .split('.')
    .map((part) => part.trim())
    .join('.');
  return [...new Set(SQL_WORDS.test(text) ? plain.split(AROUND_NAMES) : listedNames(plain))].filter(
    (name) => name !== '',
  );
}

function listedNames(text: string): readonly string[] {
  const names = text.split(BETWEEN_LISTED).map((name) => name.trim());
  return names.some((name) => AROUND_NAMES.test(name)) ? [] : names;
}
