import type { Source, Table } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import { readAlias } from './alias.ts';
import { readFunctions, readJsonTable, readXmlTable } from './table-functions.ts';
import type { Translator } from './translator.ts';
import { expectFields, fieldsOf, listOf, nameOf, open, stringsOf, textOf, type Fields } from './tree.ts';

/** Translates one item of `FROM`. */
export function readSource(node: unknown, translator: Translator): Source {
  const [tag, fields] = open(node);
  const reader = SOURCES.get(tag);
  if (reader === undefined) throw new UnsupportedSyntax(tag);
  expectFields(tag, fields, reader.fields);
  return reader.read(fields, translator);
}

const TABLE_FIELDS: ReadonlySet<string> = new Set([
  'catalogname',
  'schemaname',
  'relname',
  'inh',
  'relpersistence',
  'alias',
  'location',
]);

/** Translates the members of a `RangeVar`: a table, a view, or the name of a query of `WITH`. */
export function readTable(value: unknown): Table {
  const fields = fieldsOf(value);
  expectFields('RangeVar', fields, TABLE_FIELDS);
  return {
    kind: 'table',
    qualifiers: [textOf(fields['catalogname']), textOf(fields['schemaname'])].filter((name) => name !== undefined),
    name: nameOf(fields['relname']),
    ...readAlias(fields['alias']),
  };
}

interface SourceReader {
  readonly fields: ReadonlySet<string>;
  read(fields: Fields, translator: Translator): Source;
}

const SOURCES: ReadonlyMap<string, SourceReader> = new Map<string, SourceReader>([
  ['RangeVar', { fields: TABLE_FIELDS, read: (fields) => readTable(fields) }],
  [
    'RangeSubselect',
    {
      fields: new Set(['lateral', 'subquery', 'alias']),
      read: (fields, translator) => ({
        kind: 'derived',
        lateral: fields['lateral'] === true,
        query: translator.query(fields['subquery']),
        ...readAlias(fields['alias']),
      }),
    },
  ],
  [
    'RangeFunction',
    {
      fields: new Set(['lateral', 'ordinality', 'is_rowsfrom', 'functions', 'alias', 'coldeflist']),
      read: readFunctions,
    },
  ],
  ['RangeTableSample', { fields: new Set(['relation', 'method', 'args', 'repeatable', 'location']), read: readSample }],
  [
    'RangeTableFunc',
    {
      fields: new Set(['lateral', 'docexpr', 'rowexpr', 'namespaces', 'columns', 'alias', 'location']),
      read: readXmlTable,
    },
  ],
  [
    'JsonTable',
    {
      fields: new Set(['context_item', 'pathspec', 'passing', 'columns', 'on_error', 'alias', 'lateral', 'location']),
      read: readJsonTable,
    },
  ],
  [
    'JoinExpr',
    {
      fields: new Set([
        'jointype',
        'isNatural',
        'larg',
        'rarg',
        'usingClause',
        'join_using_alias',
        'quals',
        'alias',
        'rtindex',
      ]),
      read: readJoin,
    },
  ],
]);

const SAMPLERS: ReadonlySet<string> = new Set(['bernoulli', 'system']);

/** A sample of a table holds rows of that table; its arguments can hold no columns. */
function readSample(fields: Fields, translator: Translator): Source {
  const method = stringsOf(fields['method']);
  if (method.length !== 1 || !SAMPLERS.has(method[0] ?? '')) throw new UnsupportedSyntax('a sampling method');
  const parts = [...listOf(fields['args']), fields['repeatable']]
    .filter((part) => part !== undefined)
    .map((part) => translator.expression(part));
  return {
    kind: 'join',
    left: readSource(fields['relation'], translator),
    right: undefined,
    natural: false,
    using: [],
    on: { kind: 'composite', parts },
    alias: undefined,
    columns: [],
  };
}

function readJoin(fields: Fields, translator: Translator): Source {
  const quals = fields['quals'];
  return {
    kind: 'join',
    left: translator.deeper(() => readSource(fields['larg'], translator)),
    right: translator.deeper(() => readSource(fields['rarg'], translator)),
    natural: fields['isNatural'] === true,
    using: stringsOf(fields['usingClause']),
    on: quals === undefined ? undefined : translator.expression(quals),
    ...readAlias(fields['alias']),
  };
}
