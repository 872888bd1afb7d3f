/** Tests the name of a table, lower case, with its schema or without. */
export type TableTest = (table: string) => boolean;

/**
 * Compiles a table's name. Where one of the two names has no schema, the other's counts as the same: which schema a bare name
 * means is known to the database only.
 */
export function compileTablePattern(pattern: string): TableTest {
  const name = pattern.toLowerCase();
  const bare = lastOf(name);
  const hasSchema = name.includes('.');
  return (table) =>
    hasSchema && table.includes('.') ? table === name || table.endsWith(`.${name}`) : lastOf(table) === bare;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

const SQL_WORDS =
  /\b(?:select|insert|update|delete|merge|from|into|join|table|truncate|alter|drop|create|copy|grant|with|call|exec)\b/iu;
const AROUND_NAMES = /[^\p{L}\p{N}_$.]+/u;

/** The tables that a text may name: all of its names where it reads like SQL, otherwise itself where it is a name. */
export function tablesIn(text: string): readonly string[] {
  // quotes around parts of a name go first, so that "hr"."salaries" is one name
  const plain = text
    .toLowerCase()
    .replaceAll(/["`[\]]/gu, '')
    .replaceAll(/\s*\.\s*/gu, '.')
    .trim();
  const names = SQL_WORDS.test(text) ? plain.split(AROUND_NAMES) : AROUND_NAMES.test(plain) ? [] : [plain];
  return [...new Set(names)].filter((name) => name !== '');
}
