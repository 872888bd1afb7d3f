import { judgeColumn, judgeStar } from './columns.ts';
import { narrows } from './conditions.ts';
import { Findings } from './findings.ts';
import type {
  Assignment,
  Expression,
  Insert,
  Join,
  Merge,
  NamedQuery,
  Output,
  Query,
  Select,
  Source,
  Statement,
  Table,
  With,
} from './model.ts';
import type { TableName } from './names.ts';
import { limitProblem, returningProblem } from './row-limit.ts';
import { columnsOf, isFunctionAllowed, isTableAllowed, qualify, type Rules } from './rules.ts';
import { NamedQueries, Scope } from './scope.ts';
import type { SqlStatementKind } from './specification.ts';
import type { Wording } from './wording.ts';

const NO_COLUMNS: ReadonlySet<string> = new Set();

/** Judges a statement as the parser understood it: every part of it, wherever it stands. */
export function judge(statement: Statement, rules: Rules, wording: Wording): Findings {
  const judgement = new Judgement(rules, wording);
  judgement.whole(statement);
  return judgement.findings;
}

/** One walk over one statement. */
class Judgement {
  readonly findings = new Findings();
  private readonly rules: Rules;
  private readonly wording: Wording;
  private joins = 0;

  constructor(rules: Rules, wording: Wording) {
    this.rules = rules;
    this.wording = wording;
  }

  whole(statement: Statement): void {
    if (statement.kind === 'explain') {
      this.expectKind('explain');
      this.whole(statement.statement);
      return;
    }
    this.statement(statement, new NamedQueries(undefined));
    if (isQuery(statement)) this.topQuery(statement);
    else if (statement.kind !== 'show') this.topChange(statement);
    const { joins } = this.rules;
    if (joins !== undefined && this.joins > joins) {
      this.findings.refuse('sql.joins', this.wording.joins, `${this.joins} joins`);
    }
  }

  private topQuery(query: Query): void {
    this.expectKind(query.kind === 'values' ? 'values' : 'select');
    const problem = this.rules.limit === undefined ? undefined : limitProblem(query, this.rules.limit);
    if (problem !== undefined) this.findings.refuse('sql.limit', this.wording.limit, problem, this.wording.limitHint);
    if (this.rules.where.has('select')) this.expectNarrowSelect(query);
  }

  private topChange(change: Exclude<Statement, Query | { readonly kind: 'explain' | 'show' }>): void {
    const problem = this.rules.limit === undefined ? undefined : returningProblem(change, this.rules.limit);
    if (problem !== undefined) this.findings.refuse('sql.limit', this.wording.limit, problem);
  }

  private expectNarrowSelect(query: Query): void {
    if (query.kind === 'compound') for (const arm of query.arms) this.expectNarrowSelect(arm);
    else if (query.kind === 'select' && query.from.length > 0) this.expectNarrow('select', query.where);
  }

  private expectNarrow(kind: 'select' | 'update' | 'delete' | 'merge', condition: Expression | undefined): void {
    if (!this.rules.statements.has(kind) || !this.rules.where.has(kind) || narrows(condition)) return;
    const got =
      condition === undefined ? `a ${kind} without a condition` : `a ${kind} whose condition holds for all rows`;
    this.findings.refuse('sql.where', this.wording.where, got, this.wording.whereHint);
  }

  private expectKind(kind: SqlStatementKind): void {
    if (this.rules.statements.has(kind)) return;
    this.findings.refuse('sql.statement', this.wording.expected, this.wording.title(kind), this.wording.statementHint);
  }

  /** A statement in whatever place; gives the names of its columns that are sure. */
  private statement(statement: Statement, around: NamedQueries, outer?: Scope): ReadonlySet<string> {
    switch (statement.kind) {
      case 'select':
      case 'values':
      case 'compound':
        return this.query(statement, outer, around);
      case 'insert':
        return this.insert(statement, around);
      case 'update': {
        this.expectKind('update');
        const [scope, queries] = this.change(statement, around);
        this.sources(statement.from, scope, queries);
        this.assignments(statement.assignments, statement.table, scope, queries);
        this.expressions(statement.rest, scope, queries);
        this.condition('update', statement.where, scope, queries);
        return this.outputs(statement.returning, scope, queries);
      }
      case 'delete': {
        this.expectKind('delete');
        const [scope, queries] = this.change(statement, around);
        this.sources(statement.from, scope, queries);
        this.expressions(statement.rest, scope, queries);
        this.condition('delete', statement.where, scope, queries);
        return this.outputs(statement.returning, scope, queries);
      }
      case 'merge':
        return this.merge(statement, around);
      case 'explain':
        this.findings.refuse('sql.unsupported', this.wording.expected, 'EXPLAIN inside a statement');
        return NO_COLUMNS;
      case 'show':
        this.expectKind('show');
        return NO_COLUMNS;
    }
  }

  private condition(
    kind: 'update' | 'delete',
    where: Expression | undefined,
    scope: Scope,
    queries: NamedQueries,
  ): void {
    if (where !== undefined) this.expression(where, scope, queries);
    this.expectNarrow(kind, where);
  }

  /** What all changes have: `WITH`, and a table that is changed. */
  private change(
    statement: { readonly with: With | undefined; readonly table: Table },
    around: NamedQueries,
  ): readonly [Scope, NamedQueries] {
    const queries = this.with(statement.with, around, undefined);
    const scope = new Scope(undefined);
    // The target of a change is a table, even where `WITH` has a query of that name.
    const table = this.table(statement.table, scope);
    if (this.rules.writable !== undefined && !this.rules.writable.matches(table)) {
      this.findings.refuse('sql.writable', this.wording.writable, 'a change of a table that may only be read');
    }
    return [scope, queries];
  }

  private insert(statement: Insert, around: NamedQueries): ReadonlySet<string> {
    this.expectKind('insert');
    if (statement.overwrites) this.expectKind('update');
    const [scope, queries] = this.change(statement, around);
    const restricted = scope.restricted.size > 0;
    if (statement.columns === undefined && statement.source !== undefined && restricted) {
      this.findings.refuse('sql.column', this.wording.columns, 'an insert into columns that are not named');
    }
    this.targets(statement.columns ?? [], statement.table, scope);
    if (statement.source !== undefined) this.query(statement.source, undefined, queries);
    for (const conflict of statement.conflicts) {
      this.expressions(conflict.targets, scope, queries);
      this.assignments(conflict.assignments, statement.table, scope, queries);
      if (conflict.where !== undefined) this.expression(conflict.where, scope, queries);
    }
    return this.outputs(statement.returning, scope, queries);
  }

  private merge(statement: Merge, around: NamedQueries): ReadonlySet<string> {
    this.expectKind('merge');
    const [scope, queries] = this.change(statement, around);
    const isRestricted = scope.restricted.size > 0;
    this.sources([statement.source], scope, queries);
    this.expression(statement.on, scope, queries);
    this.expectNarrow('merge', statement.on);
    for (const action of statement.actions) {
      if (action.kind !== 'nothing') this.expectKind(action.kind);
      if (action.kind === 'insert' && action.columns === undefined && isRestricted) {
        this.findings.refuse('sql.column', this.wording.columns, 'an insert into columns that are not named');
      }
      this.targets(action.columns ?? [], statement.table, scope);
      if (action.condition !== undefined) this.expression(action.condition, scope, queries);
      this.assignments(action.assignments, statement.table, scope, queries);
    }
    return this.outputs(statement.returning, scope, queries);
  }

  private assignments(assignments: readonly Assignment[], table: Table, scope: Scope, queries: NamedQueries): void {
    for (const { columns, value } of assignments) {
      this.targets(columns, table, scope);
      if (value !== undefined) this.expression(value, scope, queries);
    }
  }

  /** Columns that a change writes. */
  private targets(columns: readonly string[], table: Table, scope: Scope): void {
    const target = table.alias ?? table.name;
    for (const name of columns) {
      judgeColumn({ kind: 'column', qualifiers: [target], name }, scope, this.rules, this.findings, this.wording);
    }
  }

  private with(node: With | undefined, around: NamedQueries, outer: Scope | undefined): NamedQueries {
    if (node === undefined) return around;
    const queries = new NamedQueries(around);
    if (node.scope === 'all') node.queries.forEach((query, index) => queries.add(query, index));
    node.queries.forEach((query, index) => {
      queries.begin(index);
      this.namedQuery(query, queries, outer);
      if (node.scope === 'earlier') queries.add(query, index);
      queries.done();
    });
    return queries;
  }

  private namedQuery(query: NamedQuery, queries: NamedQueries, outer: Scope | undefined): void {
    queries.end(query, this.statement(query.body, queries, outer));
    this.expressions(query.rest, new Scope(undefined), queries);
  }

  private query(query: Query, outer: Scope | undefined, around: NamedQueries, exists = false): ReadonlySet<string> {
    const queries = this.with(query.with, around, outer);
    if (query.locks && !this.rules.statements.has('update')) {
      this.findings.refuse(
        'sql.locking',
        this.wording.expected,
        'a select that locks rows',
        'leave out FOR UPDATE or FOR SHARE',
      );
    }
    const limits = [query.limit?.count, query.limit?.offset].filter((part) => part !== undefined);
    switch (query.kind) {
      case 'select': {
        const scope = new Scope(outer);
        const names = this.select(query, scope, queries, exists);
        this.expressions(limits, scope, queries);
        return names;
      }
      case 'values': {
        const scope = new Scope(outer);
        for (const row of query.rows) this.expressions(row, scope, queries);
        this.expressions([...query.orderBy, ...limits], scope, queries);
        return NO_COLUMNS;
      }
      case 'compound': {
        const names = query.arms.map((arm) => this.query(arm, outer, queries));
        const scope = new Scope(outer);
        scope.addRows(
          undefined,
          names.flatMap((list) => [...list]),
        );
        this.expressions([...query.orderBy, ...limits], scope, queries);
        return names[0] ?? NO_COLUMNS;
      }
    }
  }

  private select(query: Select, scope: Scope, queries: NamedQueries, exists: boolean): ReadonlySet<string> {
    if (query.into) {
      this.findings.refuse('sql.into', this.wording.expected, 'a select that creates a table', 'leave out INTO');
    }
    this.sources(query.from, scope, queries);
    if (query.where !== undefined) this.expression(query.where, scope, queries);
    this.expressions(query.rest, scope, queries);
    const names = this.outputs(query.outputs, scope, queries, exists);
    // A bare name that is an output is that output.
    this.expressions(
      query.orderBy.filter((item) => !isOutputName(item, names)),
      scope,
      queries,
    );
    return names;
  }

  /** What is selected or returned; `exists`: only whether there is a row, so that `*` may stand for anything. */
  private outputs(
    outputs: readonly Output[],
    scope: Scope,
    queries: NamedQueries,
    exists = false,
  ): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { expression, name } of outputs) {
      if (name !== undefined) names.add(name);
      if (expression.kind === 'star') {
        judgeStar(expression, scope, exists || this.rules.wildcards, this.findings, this.wording);
        for (const column of scope.derived) names.add(column);
      } else this.expression(expression, scope, queries);
    }
    return names;
  }

  private sources(sources: readonly Source[], scope: Scope, queries: NamedQueries): void {
    if (sources.length > 1) this.joins += sources.length - 1;
    for (const source of sources) this.source(source, scope, queries);
  }

  private source(source: Source, scope: Scope, queries: NamedQueries): void {
    switch (source.kind) {
      case 'table': {
        const query = source.qualifiers.length === 0 ? queries.find(source.name) : undefined;
        if (query === undefined) {
          this.table(source, scope);
          return;
        }
        if (query.isRecursive && !this.rules.recursive) {
          this.findings.refuse('sql.recursive', this.wording.expected, 'a query of WITH that uses itself');
        }
        const columns = source.columns.length > 0 ? source.columns : query.columns;
        scope.addRows(source.alias ?? source.name, columns);
        return;
      }
      case 'derived': {
        const names = this.query(source.query, source.lateral ? scope : scope.around, queries);
        scope.addRows(source.alias, source.columns.length > 0 ? source.columns : names);
        return;
      }
      case 'computed':
        this.expressions(source.parts, scope, queries);
        scope.addRows(source.alias, source.columns);
        return;
      case 'join':
        this.join(source, scope, queries);
    }
  }

  private join(join: Join, scope: Scope, queries: NamedQueries): void {
    if (join.right !== undefined) this.joins += 1;
    this.source(join.left, scope, queries);
    if (join.right !== undefined) this.source(join.right, scope, queries);
    if (join.on !== undefined) this.expression(join.on, scope, queries);
    if (scope.restricted.size > 0 && (join.natural || join.columns.length > 0)) {
      const got = join.natural ? 'a natural join' : 'new names for columns of a join';
      this.findings.refuse('sql.column', this.wording.columns, got, 'name the columns that are joined');
    }
    for (const name of join.using) {
      for (const list of scope.restricted) {
        if (!list.has(name))
          this.findings.refuse('sql.column', this.wording.columns, 'a join on a column that is not allowed');
      }
    }
  }

  /** A table of the database, read or changed. */
  private table(node: Table, scope: Scope): TableName {
    const { dialect, schema } = this.rules;
    const table = qualify(dialect, schema, node.qualifiers.at(-1), node.name);
    this.findings.name(table);
    if (!isTableAllowed(this.rules, table)) {
      const isSystem = dialect.systemSchemaOf(table.schema, table.name) !== undefined;
      this.findings.refuse(
        'sql.table',
        this.wording.tables,
        isSystem ? 'a table of the system' : 'a table that is not allowed',
        this.wording.tablesHint,
      );
    }
    const columns = columnsOf(this.rules, table);
    if (columns !== undefined && node.columns.length > 0) {
      this.findings.refuse('sql.column', this.wording.columns, 'new names for the columns of a table');
    }
    scope.addTable(node.alias ?? node.name, table, columns);
    return table;
  }

  private expressions(expressions: readonly Expression[], scope: Scope, queries: NamedQueries): void {
    for (const expression of expressions) this.expression(expression, scope, queries);
  }

  private expression(expression: Expression, scope: Scope, queries: NamedQueries): void {
    switch (expression.kind) {
      case 'constant':
        return;
      case 'column':
        judgeColumn(expression, scope, this.rules, this.findings, this.wording);
        return;
      case 'star':
        judgeStar(expression, scope, this.rules.wildcards, this.findings, this.wording);
        return;
      case 'parameter':
        if (!this.rules.parameters) {
          this.findings.refuse(
            'sql.parameter',
            this.wording.expected,
            'a placeholder',
            'write the value in place of the placeholder',
          );
        }
        return;
      case 'call':
        if (!isFunctionAllowed(this.rules, expression.qualifiers, expression.name)) {
          this.findings.refuse(
            'sql.function',
            this.wording.functions,
            'a function that is not allowed',
            this.wording.functionsHint,
          );
        }
        this.expressions(expression.parts, scope, queries);
        return;
      case 'query':
        this.expressions(expression.parts, scope, queries);
        this.query(expression.query, scope, queries, expression.exists);
        return;
      case 'comparison':
        this.expression(expression.left, scope, queries);
        this.expression(expression.right, scope, queries);
        return;
      case 'logic':
      case 'composite':
        this.expressions(expression.parts, scope, queries);
    }
  }
}

function isQuery(statement: Statement): statement is Query {
  return statement.kind === 'select' || statement.kind === 'values' || statement.kind === 'compound';
}

function isOutputName(item: Expression, names: ReadonlySet<string>): boolean {
  const [only] = item.kind === 'composite' && item.parts.length === 1 ? item.parts : [item];
  return only?.kind === 'column' && only.qualifiers.length === 0 && names.has(only.name);
}
