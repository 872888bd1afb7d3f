/** What a statement is called, from the tag of its node. */
export function statementTitle(tag: string): string {
  const words = tag.replace(/Stmt$/u, '').replaceAll(/(?<=[a-z])(?=[A-Z])/gu, ' ');
  return TITLES.get(tag) ?? words.toUpperCase();
}

/** Those whose tag does not say it. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['AlterOwnerStmt', 'ALTER … OWNER'],
  ['AlterObjectSchemaStmt', 'ALTER … SET SCHEMA'],
  ['CallStmt', 'CALL'],
  ['CheckPointStmt', 'CHECKPOINT'],
  ['CommentStmt', 'COMMENT'],
  ['CompositeTypeStmt', 'CREATE TYPE'],
  ['ConstraintsSetStmt', 'SET CONSTRAINTS'],
  ['CopyStmt', 'COPY'],
  ['CreateStmt', 'CREATE TABLE'],
  ['CreateTableAsStmt', 'CREATE TABLE AS'],
  ['CreatedbStmt', 'CREATE DATABASE'],
  ['DeclareCursorStmt', 'DECLARE CURSOR'],
  ['DefineStmt', 'CREATE'],
  ['DoStmt', 'DO'],
  ['DropdbStmt', 'DROP DATABASE'],
  ['GrantRoleStmt', 'GRANT ROLE'],
  ['IndexStmt', 'CREATE INDEX'],
  ['RenameStmt', 'ALTER … RENAME'],
  ['RuleStmt', 'CREATE RULE'],
  ['TransactionStmt', 'transaction control'],
  ['VariableSetStmt', 'SET'],
  ['ViewStmt', 'CREATE VIEW'],
]);
