import type { Findings } from './findings.ts';
import type { Column, Star } from './model.ts';
import type { Rules } from './rules.ts';
import { outward, type Scope } from './scope.ts';
import type { Wording } from './wording.ts';

/**
 * Judges a name that is a column, or a whole row where it is the name of a table.
 *
 * The schema of the database is not known. So a name without a table must be allowed for every table that it may belong to.
 */
export function judgeColumn(column: Column, scope: Scope, rules: Rules, findings: Findings, wording: Wording): void {
  const [qualifier] = column.qualifiers.slice(-1);
  if (qualifier === undefined) judgeBare(column.name, scope, rules, findings, wording);
  else judgeQualified(qualifier, column.name, scope, findings, wording);
}

function judgeBare(name: string, scope: Scope, rules: Rules, findings: Findings, wording: Wording): void {
  const named = rules.dialect.hasRowNames ? scope.find(name) : undefined;
  if (named?.kind === 'table') {
    if (named.columns !== undefined) {
      findings.refuse(
        'sql.column',
        wording.columns,
        'a whole row',
        'give tables names that are no columns, and name columns',
      );
    } else if (!rules.wildcards) {
      findings.refuse('sql.wildcard', wording.expected, 'a whole row', 'name the columns');
    }
  }
  for (const list of scope.listsFor(name)) {
    if (!list.has(name))
      findings.refuse('sql.column', wording.columns, 'a column that is not allowed', wording.columnsHint);
  }
}

function judgeQualified(qualifier: string, name: string, scope: Scope, findings: Findings, wording: Wording): void {
  const named = scope.find(qualifier);
  if (named?.kind === 'rows') return;
  // Names such as `excluded`, and those of joins, stand for tables that are not told apart.
  const lists = named === undefined ? scope.listsFor(name) : named.columns === undefined ? [] : [named.columns];
  for (const list of lists) {
    if (!list.has(name))
      findings.refuse('sql.column', wording.columns, 'a column that is not allowed', wording.columnsHint);
  }
}

/** Judges `*` and `t.*`. */
export function judgeStar(star: Star, scope: Scope, wildcards: boolean, findings: Findings, wording: Wording): void {
  if (!wildcards) {
    findings.refuse('sql.wildcard', wording.expected, 'a `*` for all columns', 'name the columns');
    return;
  }
  const [qualifier] = star.qualifiers.slice(-1);
  const named = qualifier === undefined ? undefined : scope.find(qualifier);
  const isRestricted =
    qualifier === undefined
      ? scope.restricted.size > 0
      : named === undefined
        ? isAnyRestricted(scope)
        : named.kind === 'table' && named.columns !== undefined;
  if (isRestricted) findings.refuse('sql.column', wording.columns, 'a `*` for all columns', 'name the columns');
}

function isAnyRestricted(scope: Scope): boolean {
  for (const level of outward(scope)) if (level.restricted.size > 0) return true;
  return false;
}
