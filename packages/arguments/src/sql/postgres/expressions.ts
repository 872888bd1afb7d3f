import type { Expression } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import { COMPOSITES } from './shapes.ts';
import type { Translator } from './translator.ts';
import { expectFields, fieldsOf, listOf, open, stringOf, stringsOf, type Fields, type NodeShape } from './tree.ts';

type Reader = (fields: Fields, translator: Translator) => Expression;

/** Translates one expression. */
export function translateExpression(node: unknown, translator: Translator): Expression {
  const [tag, fields] = open(node);
  const own = SPECIAL.get(tag);
  if (own !== undefined) {
    expectFields(tag, fields, own.fields);
    return own.read(fields, translator);
  }
  return translateComposite(tag, fields, translator);
}

/** Translates the members of an expression whose tag is known from its place. */
function translateComposite(tag: string, fields: Fields, translator: Translator): Expression {
  const shape = COMPOSITES.get(tag);
  if (shape === undefined) throw new UnsupportedSyntax(tag);
  return { kind: 'composite', parts: readParts(tag, fields, shape, translator) };
}

/** The expressions in the fields of a node, which must all be known. */
export function readParts(
  tag: string,
  fields: Fields,
  shape: NodeShape,
  translator: Translator,
): readonly Expression[] {
  const parts: Expression[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'location') continue;
    const reading = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (reading === undefined) throw new UnsupportedSyntax(`\`${name}\` of ${tag}`);
    if (reading === 'skip') continue;
    if (reading === 'node') parts.push(translator.expression(value));
    else if (reading === 'nodes') for (const item of listOf(value)) parts.push(translator.expression(item));
    else if (reading === 'type') parts.push(...readType(value, translator));
    else parts.push(translateComposite(reading.tag, fieldsOf(value), translator));
  }
  return parts;
}

/** Types that are looked up by a name in the value: they tell whether a thing exists, and turn text into the identity of a table. */
const REGISTERED_TYPES: ReadonlySet<string> = new Set([
  'regclass',
  'regcollation',
  'regnamespace',
  'regoper',
  'regoperator',
  'regproc',
  'regprocedure',
  'regrole',
  'regtype',
]);

const TYPE_FIELDS: ReadonlySet<string> = new Set(['names', 'typmods', 'typemod', 'arrayBounds', 'location']);

/** Refuses the types that name tables, roles and functions; gives the expressions of a type's modifiers. */
function readType(value: unknown, translator: Translator): readonly Expression[] {
  const fields = fieldsOf(value);
  expectFields('TypeName', fields, TYPE_FIELDS);
  const name = stringsOf(fields['names']).at(-1) ?? '';
  // The array of a type is named with an underscore before it.
  if (REGISTERED_TYPES.has(name.replace(/^_+/u, '')))
    throw new UnsupportedSyntax('a cast to a type that names objects');
  return listOf(fields['typmods']).map((modifier) => translator.expression(modifier));
}

const SPECIAL: ReadonlyMap<string, { readonly fields: ReadonlySet<string>; readonly read: Reader }> = new Map([
  special('ColumnRef', ['fields'], readColumn),
  special('ParamRef', ['number'], () => ({ kind: 'parameter' })),
  special('A_Const', ['ival', 'fval', 'boolval', 'sval', 'bsval', 'isnull'], readConstant),
  special('A_Expr', ['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end'], readOperator),
  special('BoolExpr', ['boolop', 'args'], readLogic),
  special(
    'FuncCall',
    [
      'funcname',
      'args',
      'agg_order',
      'agg_filter',
      'over',
      'agg_within_group',
      'agg_star',
      'agg_distinct',
      'func_variadic',
      'funcformat',
    ],
    readCall,
  ),
  special('TypeCast', ['arg', 'typeName'], readCast),
  special('SubLink', ['subLinkType', 'testexpr', 'operName', 'subselect'], readSubquery),
  special('A_Indirection', ['arg', 'indirection'], readIndirection),
  special('SQLValueFunction', ['op', 'type', 'typmod'], readValueFunction),
  special('JsonArrayQueryConstructor', ['query', 'output', 'format', 'absent_on_null'], readArrayOfQuery),
]);

function special(
  tag: string,
  fields: readonly string[],
  read: Reader,
): [string, { readonly fields: ReadonlySet<string>; readonly read: Reader }] {
  return [tag, { fields: new Set([...fields, 'location']), read }];
}

function readColumn(fields: Fields): Expression {
  const path = listOf(fields['fields']);
  const last = path.at(-1);
  const qualifiers = path.slice(0, -1).map(stringOf);
  if (last === undefined) throw new UnsupportedSyntax('a column without a name');
  const [tag] = open(last);
  return tag === 'A_Star' ? { kind: 'star', qualifiers } : { kind: 'column', qualifiers, name: stringOf(last) };
}

function readConstant(fields: Fields): Expression {
  if (fields['isnull'] === true) return { kind: 'constant', value: null };
  if (fields['ival'] !== undefined) {
    const value = fieldsOf(fields['ival'])['ival'] ?? 0;
    return { kind: 'constant', value: typeof value === 'number' ? BigInt(value) : undefined };
  }
  if (fields['sval'] !== undefined) {
    const value = fieldsOf(fields['sval'])['sval'] ?? '';
    return { kind: 'constant', value: typeof value === 'string' ? value : undefined };
  }
  if (fields['boolval'] !== undefined) {
    return { kind: 'constant', value: fieldsOf(fields['boolval'])['boolval'] === true };
  }
  return { kind: 'constant', value: undefined };
}

/** Only an operator of the system may be named with its schema: another schema can hold any function. */
function expectOperator(names: readonly string[]): void {
  const schema = names.length > 1 ? names[0] : 'pg_catalog';
  if (schema !== 'pg_catalog') throw new UnsupportedSyntax('an operator of a schema');
}

const OPERATORS: ReadonlyMap<string, 'compares' | 'matches' | 'other'> = new Map([
  ['AEXPR_OP', 'compares'],
  ['AEXPR_OP_ANY', 'other'],
  ['AEXPR_OP_ALL', 'other'],
  ['AEXPR_DISTINCT', 'compares'],
  ['AEXPR_NOT_DISTINCT', 'compares'],
  ['AEXPR_NULLIF', 'other'],
  ['AEXPR_IN', 'compares'],
  ['AEXPR_LIKE', 'matches'],
  ['AEXPR_ILIKE', 'matches'],
  ['AEXPR_SIMILAR', 'matches'],
  ['AEXPR_BETWEEN', 'other'],
  ['AEXPR_NOT_BETWEEN', 'other'],
  ['AEXPR_BETWEEN_SYM', 'other'],
  ['AEXPR_NOT_BETWEEN_SYM', 'other'],
]);

function readOperator(fields: Fields, translator: Translator): Expression {
  const use = typeof fields['kind'] === 'string' ? OPERATORS.get(fields['kind']) : undefined;
  if (use === undefined) throw new UnsupportedSyntax('an operator of unknown kind');
  expectOperator(stringsOf(fields['name']));
  const parts = [fields['lexpr'], fields['rexpr']]
    .filter((side) => side !== undefined)
    .map((side) => translator.expression(side));
  const [left, right] = parts;
  if (use === 'other' || left === undefined || right === undefined) return { kind: 'composite', parts };
  return { kind: 'comparison', pattern: use === 'matches', left, right };
}

function readLogic(fields: Fields, translator: Translator): Expression {
  const operator = ({ AND_EXPR: 'and', OR_EXPR: 'or', NOT_EXPR: 'not' } as const)[String(fields['boolop'])];
  if (operator === undefined) throw new UnsupportedSyntax('a condition of unknown kind');
  return { kind: 'logic', operator, parts: listOf(fields['args']).map((part) => translator.expression(part)) };
}

function readCall(fields: Fields, translator: Translator): Expression {
  const path = stringsOf(fields['funcname']);
  const parts = [...listOf(fields['args']), ...listOf(fields['agg_order'])].map((part) => translator.expression(part));
  if (fields['agg_filter'] !== undefined) parts.push(translator.expression(fields['agg_filter']));
  if (fields['over'] !== undefined) parts.push(translateComposite('WindowDef', fieldsOf(fields['over']), translator));
  return { kind: 'call', qualifiers: path.slice(0, -1), name: path.at(-1) ?? '', parts };
}

function readCast(fields: Fields, translator: Translator): Expression {
  return {
    kind: 'composite',
    parts: [translator.expression(fields['arg']), ...readType(fields['typeName'], translator)],
  };
}

function readSubquery(fields: Fields, translator: Translator): Expression {
  expectOperator(stringsOf(fields['operName']));
  return {
    kind: 'query',
    query: translator.query(fields['subselect']),
    exists: fields['subLinkType'] === 'EXISTS_SUBLINK',
    parts: fields['testexpr'] === undefined ? [] : [translator.expression(fields['testexpr'])],
  };
}

const CLOCKS = /^SVFOP_(?:CURRENT_DATE|(?:CURRENT|LOCAL)_?TIME(?:STAMP)?(?:_N)?)$/u;

/** `CURRENT_DATE` and the like are constants of a statement; `CURRENT_USER` and the like tell about the session, as functions do. */
function readValueFunction(fields: Fields): Expression {
  const operation = String(fields['op']);
  if (CLOCKS.test(operation)) return { kind: 'constant', value: undefined };
  return { kind: 'call', qualifiers: [], name: operation.replace('SVFOP_', '').toLowerCase(), parts: [] };
}

/** `(x).name` selects a field of a row, or calls the function `name` on x: the two cannot be told apart here, so it is a call. */
function readIndirection(fields: Fields, translator: Translator): Expression {
  let expression = translator.expression(fields['arg']);
  for (const step of listOf(fields['indirection'])) {
    const [tag] = open(step);
    if (tag === 'String') expression = { kind: 'call', qualifiers: [], name: stringOf(step), parts: [expression] };
    else if (tag === 'A_Star')
      expression = { kind: 'composite', parts: [expression, { kind: 'star', qualifiers: [] }] };
    else expression = { kind: 'composite', parts: [expression, translator.expression(step)] };
  }
  return expression;
}

function readArrayOfQuery(fields: Fields, translator: Translator): Expression {
  const output = fields['output'];
  return {
    kind: 'query',
    query: translator.query(fields['query']),
    exists: false,
    parts: output === undefined ? [] : [translateComposite('JsonOutput', fieldsOf(output), translator)],
  };
}
