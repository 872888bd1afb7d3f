import type { ColumnRules, Rules } from './rules.ts';

/**
 * Whether everything that passes the inner rules passes the outer ones, proved key by key: each key of the outer is as wide as that of
 * the inner. False where it is not proved.
 */
export function isProvablyWithin(inner: Rules, outer: Rules): boolean {
  return (
    inner.dialect === outer.dialect &&
    isSubset(inner.statements, outer.statements) &&
    areTablesWithin(inner, outer) &&
    areColumnsWithin(inner.columns, outer.columns) &&
    areFunctionsWithin(inner, outer) &&
    isAtMost(inner.limit, outer.limit) &&
    isAtMost(inner.joins, outer.joins) &&
    isConditionWithin(inner, outer) &&
    (outer.wildcards || !inner.wildcards) &&
    (outer.recursive || !inner.recursive) &&
    (outer.parameters || !inner.parameters) &&
    inner.maxLength <= outer.maxLength
  );
}

function isSubset<Item>(inner: ReadonlySet<Item>, outer: ReadonlySet<Item>): boolean {
  return [...inner].every((item) => outer.has(item));
}

function isAtMost(inner: number | undefined, outer: number | undefined): boolean {
  return outer === undefined || (inner !== undefined && inner <= outer);
}

function areTablesWithin(inner: Rules, outer: Rules): boolean {
  const isNamed = outer.tables !== undefined || outer.writable !== undefined || outer.columns.byTable.size > 0;
  // A schema that is known makes two names one table; where only the outer rules know it, they accept both.
  if (isNamed && inner.schema !== undefined && inner.schema !== outer.schema) return false;
  const covers = (wide: Rules['tables'], narrow: Rules['tables']): boolean =>
    wide === undefined || (narrow !== undefined && wide.covers(narrow.within(outer.schema)));
  if (!covers(outer.tables, inner.tables)) return false;
  if (outer.tables === undefined && inner.tables?.patterns.some((pattern) => isSystem(inner, pattern)) === true)
    return false;
  return !changes(inner) || covers(outer.writable, inner.writable ?? inner.tables);
}

function isSystem(rules: Rules, pattern: NonNullable<Rules['tables']>['patterns'][number]): boolean {
  return (
    pattern.schema !== undefined &&
    !pattern.schema.isGlob &&
    rules.dialect.systemSchemaOf(pattern.schema.text, pattern.name.text) !== undefined
  );
}

function changes(rules: Rules): boolean {
  return ['insert', 'update', 'delete', 'merge'].some((kind) => rules.statements.has(kind as 'insert'));
}

function areColumnsWithin(inner: ColumnRules, outer: ColumnRules): boolean {
  if (outer.others !== undefined) {
    if (inner.others === undefined || !isSubset(inner.others, outer.others)) return false;
    for (const [table, lists] of inner.byTable) {
      if (outer.byTable.has(table)) continue;
      const { others } = outer;
      if (!lists.every(({ columns }) => isSubset(columns, others))) return false;
    }
  }
  for (const [table, lists] of outer.byTable) {
    // Lists of one table name in several schemas are compared one by one.
    const own = inner.byTable.get(table);
    for (const { schema, columns } of lists) {
      const list =
        own === undefined ? inner.others : own.length === 1 && own[0]?.schema === schema ? own[0]?.columns : undefined;
      if (list === undefined || !isSubset(list, columns)) return false;
    }
    if (own !== undefined && lists.length !== 1) return false;
    // Where the outer list is about one schema only, other tables of that name fall to its other columns.
  }
  return true;
}

function areFunctionsWithin(inner: Rules, outer: Rules): boolean {
  if (inner.standardFunctions && !outer.standardFunctions) {
    return [...inner.dialect.functions, ...inner.functions].every((name) => outer.functions.has(name));
  }
  return [...inner.functions].every(
    (name) => outer.functions.has(name) || (outer.standardFunctions && outer.dialect.functions.has(name)),
  );
}

/** The outer rules ask no condition that the inner ones do not ask, of the statements that the inner ones allow. */
function isConditionWithin(inner: Rules, outer: Rules): boolean {
  return [...outer.where].every((kind) => inner.where.has(kind) || !inner.statements.has(kind as 'select'));
}
