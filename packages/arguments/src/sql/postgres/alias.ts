import { expectFields, fieldsOf, stringsOf, textOf } from './tree.ts';

const ALIAS_FIELDS: ReadonlySet<string> = new Set(['aliasname', 'colnames']);

/** The name that a source gets, and new names for its columns. */
export function readAlias(value: unknown): { readonly alias: string | undefined; readonly columns: readonly string[] } {
  if (value === undefined) return { alias: undefined, columns: [] };
  const fields = fieldsOf(value);
  expectFields('Alias', fields, ALIAS_FIELDS);
  return { alias: textOf(fields['aliasname']), columns: stringsOf(fields['colnames']) };
}
