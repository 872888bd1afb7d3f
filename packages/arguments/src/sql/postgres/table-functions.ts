import type { Computed, Expression } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import { readAlias } from './alias.ts';
import { readParts } from './expressions.ts';
import type { Translator } from './translator.ts';
import { fieldsOf, listOf, open, type Fields, type NodeShape } from './tree.ts';

/** Functions in `FROM`, alone or in `ROWS FROM`. */
export function readFunctions(fields: Fields, translator: Translator): Computed {
  const parts: Expression[] = [];
  for (const item of listOf(fields['functions'])) {
    const [tag, list] = open(item);
    if (tag !== 'List') throw new UnsupportedSyntax(`${tag} in place of a function`);
    const [call, definitions] = listOf(list['items']);
    parts.push(translator.expression(call), ...readDefinitions(definitions, translator));
  }
  return computed([...parts, ...readDefinitions(fields['coldeflist'], translator)], fields);
}

/** Column definitions of a table function: names and types, of which the types are looked at. */
function readDefinitions(value: unknown, translator: Translator): readonly Expression[] {
  const items = Array.isArray(value) ? listOf(value) : isEmptyNode(value) ? [] : listOf(open(value)[1]['items']);
  return items.flatMap((item) => {
    const [tag, fields] = open(item);
    return readParts(tag, fields, DEFINITION, translator);
  });
}

function isEmptyNode(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

const DEFINITION: NodeShape = {
  colname: 'skip',
  typeName: 'type',
  is_local: 'skip',
  collClause: { tag: 'CollateClause' },
};

function computed(parts: readonly Expression[], fields: Fields): Computed {
  return { kind: 'computed', parts, ...readAlias(fields['alias']) };
}

const XML_COLUMN: NodeShape = {
  colname: 'skip',
  typeName: 'type',
  for_ordinality: 'skip',
  is_not_null: 'skip',
  colexpr: 'node',
  coldefexpr: 'node',
};

/** `XMLTABLE`. */
export function readXmlTable(fields: Fields, translator: Translator): Computed {
  const parts = [fields['docexpr'], fields['rowexpr'], ...listOf(fields['namespaces'])]
    .filter((part) => part !== undefined)
    .map((part) => translator.expression(part));
  for (const column of listOf(fields['columns'])) {
    const [tag, own] = open(column);
    parts.push(...readParts(tag, own, XML_COLUMN, translator));
  }
  return computed(parts, fields);
}

const JSON_PATH: NodeShape = { string: 'node', name: 'skip', name_location: 'skip' };
const JSON_COLUMN: NodeShape = {
  coltype: 'skip',
  name: 'skip',
  typeName: 'type',
  format: 'skip',
  wrapper: 'skip',
  quotes: 'skip',
  on_empty: { tag: 'JsonBehavior' },
  on_error: { tag: 'JsonBehavior' },
};
const JSON_TABLE: NodeShape = {
  context_item: { tag: 'JsonValueExpr' },
  passing: 'nodes',
  on_error: { tag: 'JsonBehavior' },
};

/** `JSON_TABLE`. */
export function readJsonTable(fields: Fields, translator: Translator): Computed {
  const { pathspec, columns, alias, lateral: _, ...rest } = fields;
  return computed(
    [
      ...readParts('JsonTable', rest, JSON_TABLE, translator),
      ...readJsonPath(pathspec, translator),
      ...readJsonColumns(columns, translator),
    ],
    { alias },
  );
}

function readJsonPath(value: unknown, translator: Translator): readonly Expression[] {
  return value === undefined ? [] : readParts('JsonTablePathSpec', fieldsOf(value), JSON_PATH, translator);
}

function readJsonColumns(value: unknown, translator: Translator): readonly Expression[] {
  const parts: Expression[] = [];
  for (const item of listOf(value)) {
    const [tag, fields] = open(item);
    if (tag !== 'JsonTableColumn') throw new UnsupportedSyntax(tag);
    const { pathspec, columns, ...rest } = fields;
    parts.push(...readParts(tag, rest, JSON_COLUMN, translator), ...readJsonPath(pathspec, translator));
    parts.push(...translator.deeper(() => readJsonColumns(columns, translator)));
  }
  return parts;
}
