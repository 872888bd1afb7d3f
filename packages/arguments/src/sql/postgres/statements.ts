import type { Assignment, Conflict, Merge, MergeAction, Output, Statement } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import { optional, readOutput, readQuery, readWith } from './queries.ts';
import { readSource, readTable } from './sources.ts';
import type { Translator } from './translator.ts';
import { expectFields, fieldsOf, listOf, nameOf, open, textOf, type Fields } from './tree.ts';

/** Translates one statement; undefined where it is of a sort that no specification can allow. */
export function readStatement(node: unknown, translator: Translator): Statement | undefined {
  const [tag, fields] = open(node);
  // Its reader looks at the fields, for the arms of set operations too.
  if (tag === 'SelectStmt') return readQuery(fields, translator);
  const own = STATEMENTS.get(tag);
  if (own === undefined) return undefined;
  expectFields(tag, fields, own.fields);
  return own.read(fields, translator);
}

interface StatementReader {
  readonly fields: ReadonlySet<string>;
  read(fields: Fields, translator: Translator): Statement;
}

const STATEMENTS: ReadonlyMap<string, StatementReader> = new Map([
  reader(
    'InsertStmt',
    ['relation', 'cols', 'selectStmt', 'onConflictClause', 'returningClause', 'withClause', 'override'],
    readInsert,
  ),
  reader(
    'UpdateStmt',
    ['relation', 'targetList', 'whereClause', 'fromClause', 'returningClause', 'withClause'],
    (fields, translator) => ({
      kind: 'update',
      ...readChange(fields, translator),
      assignments: readAssignments(fields['targetList'], translator),
      from: listOf(fields['fromClause']).map((item) => readSource(item, translator)),
      where: optional(fields['whereClause'], translator),
      rest: [],
    }),
  ),
  reader(
    'DeleteStmt',
    ['relation', 'usingClause', 'whereClause', 'returningClause', 'withClause'],
    (fields, translator) => ({
      kind: 'delete',
      ...readChange(fields, translator),
      from: listOf(fields['usingClause']).map((item) => readSource(item, translator)),
      where: optional(fields['whereClause'], translator),
      rest: [],
    }),
  ),
  reader(
    'MergeStmt',
    ['relation', 'sourceRelation', 'joinCondition', 'mergeWhenClauses', 'returningClause', 'withClause'],
    readMerge,
  ),
  reader('ExplainStmt', ['query', 'options'], readExplain),
  reader('VariableShowStmt', ['name'], () => ({ kind: 'show' })),
]);

function reader(tag: string, fields: readonly string[], read: StatementReader['read']): [string, StatementReader] {
  return [tag, { fields: new Set(fields), read }];
}

function readChange(fields: Fields, translator: Translator): Pick<Merge, 'with' | 'table' | 'returning'> {
  return {
    with: readWith(fields['withClause'], translator),
    table: readTable(fields['relation']),
    returning: readReturning(fields['returningClause'], translator),
  };
}

const RETURNING_FIELDS: ReadonlySet<string> = new Set(['options', 'exprs']);

function readReturning(value: unknown, translator: Translator): readonly Output[] {
  if (value === undefined) return [];
  const fields = fieldsOf(value);
  expectFields('ReturningClause', fields, RETURNING_FIELDS);
  return listOf(fields['exprs']).map((item) => readOutput(item, translator));
}

function readInsert(fields: Fields, translator: Translator): Statement {
  const conflict = fields['onConflictClause'];
  return {
    kind: 'insert',
    ...readChange(fields, translator),
    columns: fields['cols'] === undefined ? undefined : readColumns(fields['cols']),
    source: fields['selectStmt'] === undefined ? undefined : translator.query(fields['selectStmt']),
    overwrites: conflict !== undefined && fieldsOf(conflict)['action'] !== 'ONCONFLICT_NOTHING',
    conflicts: conflict === undefined ? [] : [readConflict(fieldsOf(conflict), translator)],
  };
}

const TARGET_FIELDS: ReadonlySet<string> = new Set(['name', 'indirection', 'val', 'location']);

/** The columns that a list of targets names. A part of a column (`a[1]`, `a.b`) is that column. */
function readColumns(value: unknown): readonly string[] {
  return listOf(value).map((node) => nameOf(targetOf(node)['name']));
}

function targetOf(node: unknown): Fields {
  const [tag, fields] = open(node);
  if (tag !== 'ResTarget') throw new UnsupportedSyntax(`${tag} in place of a column`);
  expectFields(tag, fields, TARGET_FIELDS);
  if (listOf(fields['indirection']).some((step) => !PARTS.has(open(step)[0]))) {
    throw new UnsupportedSyntax('an unknown part of a column');
  }
  return fields;
}

const PARTS: ReadonlySet<string> = new Set(['String', 'A_Indices']);

function readAssignments(value: unknown, translator: Translator): readonly Assignment[] {
  return listOf(value).map((node) => {
    const fields = targetOf(node);
    const indices = listOf(fields['indirection']).filter((step) => open(step)[0] === 'A_Indices');
    const parts = [...indices, fields['val']]
      .filter((part) => part !== undefined)
      .map((part) => translator.expression(part));
    return { columns: [nameOf(fields['name'])], value: { kind: 'composite', parts } };
  });
}

const CONFLICT_FIELDS: ReadonlySet<string> = new Set(['action', 'infer', 'targetList', 'whereClause', 'location']);
const INFER_FIELDS: ReadonlySet<string> = new Set(['indexElems', 'whereClause', 'conname', 'location']);
const INDEX_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'expr',
  'collation',
  'opclass',
  'ordering',
  'nulls_ordering',
  'location',
]);

function readConflict(fields: Fields, translator: Translator): Conflict {
  expectFields('OnConflictClause', fields, CONFLICT_FIELDS);
  const infer = fields['infer'] === undefined ? {} : fieldsOf(fields['infer']);
  expectFields('InferClause', infer, INFER_FIELDS);
  const targets: Conflict['targets'][number][] = listOf(infer['indexElems']).map((node) => {
    const [tag, element] = open(node);
    expectFields(tag, element, INDEX_FIELDS);
    const name = textOf(element['name']);
    return name === undefined ? translator.expression(element['expr']) : { kind: 'column', qualifiers: [], name };
  });
  if (infer['whereClause'] !== undefined) targets.push(translator.expression(infer['whereClause']));
  return {
    targets,
    assignments: readAssignments(fields['targetList'], translator),
    where: optional(fields['whereClause'], translator),
  };
}

function readMerge(fields: Fields, translator: Translator): Statement {
  return {
    kind: 'merge',
    ...readChange(fields, translator),
    source: readSource(fields['sourceRelation'], translator),
    on: translator.expression(fields['joinCondition']),
    actions: listOf(fields['mergeWhenClauses']).map((node) => readAction(node, translator)),
  };
}

const ACTION_FIELDS: ReadonlySet<string> = new Set([
  'matchKind',
  'commandType',
  'override',
  'condition',
  'targetList',
  'values',
]);
const ACTIONS: ReadonlyMap<unknown, MergeAction['kind']> = new Map([
  ['CMD_INSERT', 'insert'],
  ['CMD_UPDATE', 'update'],
  ['CMD_DELETE', 'delete'],
  ['CMD_NOTHING', 'nothing'],
]);

function readAction(node: unknown, translator: Translator): MergeAction {
  const [tag, fields] = open(node);
  expectFields(tag, fields, ACTION_FIELDS);
  const kind = ACTIONS.get(fields['commandType']);
  if (kind === undefined) throw new UnsupportedSyntax('an unknown action of MERGE');
  const isInsert = kind === 'insert';
  const values = listOf(fields['values']).map((value) => translator.expression(value));
  return {
    kind,
    condition: optional(fields['condition'], translator),
    columns: isInsert && fields['targetList'] !== undefined ? readColumns(fields['targetList']) : undefined,
    assignments: isInsert
      ? [{ columns: [], value: { kind: 'composite', parts: values } }]
      : readAssignments(fields['targetList'], translator),
  };
}

const EXPLAIN_OPTIONS: ReadonlySet<string> = new Set([
  'analyze',
  'verbose',
  'costs',
  'settings',
  'generic_plan',
  'buffers',
  'serialize',
  'wal',
  'timing',
  'summary',
  'memory',
  'format',
]);

function readExplain(fields: Fields, translator: Translator): Statement {
  for (const node of listOf(fields['options'])) {
    const name = open(node)[1]['defname'];
    if (typeof name !== 'string' || !EXPLAIN_OPTIONS.has(name)) throw new UnsupportedSyntax('an option of EXPLAIN');
  }
  return { kind: 'explain', statement: translator.statement(fields['query']) };
}
