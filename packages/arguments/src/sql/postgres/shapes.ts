import type { NodeShape } from './tree.ts';

/**
 * Expressions of PostgreSQL whose parts are all that matters. A node type or a field that is not here (or has code of its own in
 * expressions.ts) is refused.
 *
 * Source: `src/include/nodes/{parsenodes,primnodes}.h` of PostgreSQL 18, as libpg-query's protobuf names them.
 */
export const COMPOSITES: ReadonlyMap<string, NodeShape> = new Map<string, NodeShape>([
  ['CollateClause', { arg: 'node', collname: 'skip' }],
  ['NullTest', { arg: 'node', nulltesttype: 'skip', argisrow: 'skip' }],
  ['BooleanTest', { arg: 'node', booltesttype: 'skip' }],
  ['CaseExpr', { arg: 'node', args: 'nodes', defresult: 'node' }],
  ['CaseWhen', { expr: 'node', result: 'node' }],
  ['CoalesceExpr', { args: 'nodes' }],
  ['MinMaxExpr', { op: 'skip', args: 'nodes' }],
  ['RowExpr', { args: 'nodes', row_format: 'skip' }],
  ['SetToDefault', {}],
  ['GroupingSet', { kind: 'skip', content: 'nodes' }],
  ['GroupingFunc', { args: 'nodes' }],
  ['A_ArrayExpr', { elements: 'nodes', list_start: 'skip', list_end: 'skip' }],
  ['A_Indices', { is_slice: 'skip', lidx: 'node', uidx: 'node' }],
  ['List', { items: 'nodes' }],
  ['SortBy', { node: 'node', sortby_dir: 'skip', sortby_nulls: 'skip' }],
  [
    'WindowDef',
    {
      name: 'skip',
      refname: 'skip',
      partitionClause: 'nodes',
      orderClause: 'nodes',
      frameOptions: 'skip',
      startOffset: 'node',
      endOffset: 'node',
    },
  ],
  ['NamedArgExpr', { arg: 'node', name: 'skip', argnumber: 'skip' }],
  ['MultiAssignRef', { source: 'node', colno: 'skip', ncolumns: 'skip' }],
  ['XmlExpr', { op: 'skip', name: 'skip', named_args: 'nodes', args: 'nodes', xmloption: 'skip', indent: 'skip' }],
  ['XmlSerialize', { xmloption: 'skip', expr: 'node', typeName: 'type', indent: 'skip' }],
  // A named argument of XMLFOREST and the like.
  ['ResTarget', { name: 'skip', val: 'node' }],
  ['JsonFormat', { format_type: 'skip', encoding: 'skip' }],
  ['JsonOutput', { typeName: 'type', returning: 'skip' }],
  ['JsonValueExpr', { raw_expr: 'node', formatted_expr: 'node', format: 'skip' }],
  ['JsonKeyValue', { key: 'node', value: { tag: 'JsonValueExpr' } }],
  ['JsonArgument', { val: { tag: 'JsonValueExpr' }, name: 'skip' }],
  ['JsonBehavior', { btype: 'skip', expr: 'node', coerce: 'skip' }],
  ['JsonIsPredicate', { expr: 'node', format: 'skip', item_type: 'skip', unique_keys: 'skip' }],
  ['JsonParseExpr', { expr: { tag: 'JsonValueExpr' }, output: { tag: 'JsonOutput' }, unique_keys: 'skip' }],
  ['JsonScalarExpr', { expr: 'node', output: { tag: 'JsonOutput' } }],
  ['JsonSerializeExpr', { expr: { tag: 'JsonValueExpr' }, output: { tag: 'JsonOutput' } }],
  ['JsonObjectConstructor', { exprs: 'nodes', output: { tag: 'JsonOutput' }, absent_on_null: 'skip', unique: 'skip' }],
  ['JsonArrayConstructor', { exprs: 'nodes', output: { tag: 'JsonOutput' }, absent_on_null: 'skip' }],
  [
    'JsonAggConstructor',
    { output: { tag: 'JsonOutput' }, agg_filter: 'node', agg_order: 'nodes', over: { tag: 'WindowDef' } },
  ],
  [
    'JsonObjectAgg',
    {
      constructor: { tag: 'JsonAggConstructor' },
      arg: { tag: 'JsonKeyValue' },
      absent_on_null: 'skip',
      unique: 'skip',
    },
  ],
  [
    'JsonArrayAgg',
    { constructor: { tag: 'JsonAggConstructor' }, arg: { tag: 'JsonValueExpr' }, absent_on_null: 'skip' },
  ],
  [
    'JsonFuncExpr',
    {
      op: 'skip',
      column_name: 'skip',
      context_item: { tag: 'JsonValueExpr' },
      pathspec: 'node',
      passing: 'nodes',
      output: { tag: 'JsonOutput' },
      on_empty: { tag: 'JsonBehavior' },
      on_error: { tag: 'JsonBehavior' },
      wrapper: 'skip',
      quotes: 'skip',
    },
  ],
]);
