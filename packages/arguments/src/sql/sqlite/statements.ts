import type { InsertStmt, QualifiedName, SetAssignment, Stmt, Upsert } from 'sqlite3-parser';

import { foldAscii } from '../fold.ts';
import type { Assignment, Conflict, Statement, Table } from '../model.ts';
import { readSorted } from './expressions.ts';
import { readFrom, readOutputs, readQualified, readQuery, readWith } from './queries.ts';
import type { Translator } from './translator.ts';

/** Translates one statement; undefined where it is of a sort that no specification can allow. */
export function readStatement(node: Stmt, translator: Translator): Statement | undefined {
  const optional = (part: Parameters<Translator['expression']>[0] | undefined) =>
    part === undefined ? undefined : translator.expression(part);
  switch (node.type) {
    case 'SelectStmt':
      return readQuery(node.body, translator);
    case 'InsertStmt':
      return readInsert(node, translator);
    case 'UpdateStmt':
      return {
        kind: 'update',
        with: readWith(node.with, translator),
        table: readTarget(node.tblName),
        returning: readOutputs(node.returning, translator),
        assignments: readAssignments(node.sets, translator),
        from: readFrom(node.from, translator),
        where: optional(node.whereClause),
        rest: readSorted(node.orderBy, translator),
      };
    case 'DeleteStmt':
      return {
        kind: 'delete',
        with: readWith(node.with, translator),
        table: readTarget(node.tblName),
        returning: readOutputs(node.returning, translator),
        from: [],
        where: optional(node.whereClause),
        rest: readSorted(node.orderBy, translator),
      };
    case 'ExplainStmt': {
      const statement = translator.deeper(() => readStatement(node.stmt, translator));
      return statement === undefined ? undefined : { kind: 'explain', statement };
    }
    default:
      return undefined;
  }
}

function readTarget(node: QualifiedName): Table {
  const alias = node.alias === undefined ? undefined : foldAscii(node.alias.text);
  return { kind: 'table', ...readQualified(node), alias, columns: [] };
}

function readAssignments(sets: readonly SetAssignment[], translator: Translator): readonly Assignment[] {
  return sets.map((set) => ({
    columns: set.colNames.map((name) => foldAscii(name.text)),
    value: translator.expression(set.expr),
  }));
}

function readInsert(node: InsertStmt, translator: Translator): Statement {
  const conflicts = node.body.type === 'SelectInsertBody' ? readConflicts(node.body.upsert, translator) : [];
  return {
    kind: 'insert',
    with: readWith(node.with, translator),
    table: readTarget(node.tblName),
    returning: readOutputs(node.returning, translator),
    columns: node.columns?.map((name) => foldAscii(name.text)),
    source: node.body.type === 'SelectInsertBody' ? translator.query(node.body.select) : undefined,
    overwrites: node.orConflict === 'Replace' || conflicts.some((conflict) => conflict.assignments.length > 0),
    conflicts,
  };
}

function readConflicts(first: Upsert | undefined, translator: Translator): readonly Conflict[] {
  const conflicts: Conflict[] = [];
  for (let upsert = first; upsert !== undefined; upsert = upsert.next) {
    const { index, doClause } = upsert;
    const targets = [...readSorted(index?.targets, translator)];
    if (index?.whereClause !== undefined) targets.push(translator.expression(index.whereClause));
    conflicts.push({
      targets,
      assignments: doClause.type === 'SetUpsertDo' ? readAssignments(doClause.sets, translator) : [],
      where:
        doClause.type === 'SetUpsertDo' && doClause.whereClause !== undefined
          ? translator.expression(doClause.whereClause)
          : undefined,
    });
  }
  return conflicts;
}
