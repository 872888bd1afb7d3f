import fc from 'fast-check';

/** Tables of the schema that random statements are about. */
export const SCHEMA: Readonly<Record<string, readonly string[]>> = {
  a: ['id', 'name', 'secret'],
  b: ['id', 'title', 'secret'],
  name: ['id', 'x', 'secret'],
};

const SOURCES = ['a', 'a', 'a', 'a', 'b', 'b', 'name', 'w'];
const ALIASES = ['a', 'a', 'a', 'b', 'm', 'm', 'name', 'secret'];
const COLUMNS = ['id', 'id', 'id', 'name', 'name', 'name', 'secret', 'secret', 'title', 'x', 'a', 'm'];

/** What a dialect adds to the grammar that both share. */
export interface Variant {
  readonly functions: readonly string[];
  /** Templates of expressions: `$` stands for an expression, `%` for a query, `@` for a name. */
  readonly expressions: readonly string[];
  /** Templates of items of `FROM`. */
  readonly sources: readonly string[];
}

/** Queries over the schema: most are valid, many are about names that stand for several things. */
export function randomQueries(variant: Variant): fc.Arbitrary<string> {
  const name = fc.constantFrom(...COLUMNS);
  const alias = fc.constantFrom(...ALIASES);
  const { query } = fc.letrec<{ query: string; expression: string; source: string; select: string }>((tie) => {
    const fill = (template: string): fc.Arbitrary<string> =>
      fc
        .tuple(
          ...template
            .split('')
            .map((character) =>
              character === '$'
                ? tie('expression')
                : character === '%'
                  ? tie('query')
                  : character === '@'
                    ? name
                    : character === '#'
                      ? alias
                      : fc.constant(character),
            ),
        )
        .map((parts) => parts.join(''));
    const column = fc.oneof(
      { weight: 6, arbitrary: name },
      { weight: 1, arbitrary: fc.tuple(alias, name).map(([table, own]) => `${table}.${own}`) },
    );
    const expression = fc.oneof(
      { maxDepth: 4, depthIdentifier: 'depth' },
      { weight: 12, arbitrary: column },
      { weight: 1, arbitrary: fc.constantFrom('1', "'x'", 'NULL') },
      {
        weight: 2,
        arbitrary: fc.tuple(fc.constantFrom(...variant.functions), tie('expression')).map(([f, x]) => `${f}(${x})`),
      },
      { weight: 3, arbitrary: fc.constantFrom(...variant.expressions).chain(fill) },
    );
    const table = fc.constantFrom(...SOURCES);
    const source = fc.oneof(
      { maxDepth: 3, depthIdentifier: 'depth' },
      { weight: 10, arbitrary: table },
      { weight: 3, arbitrary: fc.tuple(table, alias).map(([own, other]) => `${own} AS ${other}`) },
      { weight: 2, arbitrary: fc.tuple(tie('query'), alias).map(([inner, own]) => `(${inner}) AS ${own}`) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(tie('source'), fc.constantFrom('JOIN', 'LEFT JOIN'), tie('source'), tie('expression'))
          .map(([left, how, right, on]) => `${left} ${how} ${right} ON (${on}) IS NOT NULL`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(tie('source'), tie('source'), name)
          .map(([left, right, own]) => `${left} JOIN ${right} USING (${own})`),
      },
      { weight: 1, arbitrary: fc.constantFrom(...variant.sources).chain(fill) },
    );
    const output = fc.oneof(
      { weight: 5, arbitrary: tie('expression') },
      { weight: 3, arbitrary: fc.tuple(tie('expression'), name).map(([x, own]) => `${x} AS ${own}`) },
      { weight: 1, arbitrary: fc.constantFrom('*', '*', 'a.*', 'm.*') },
    );
    const clause = (word: string, weight: number): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('') },
        { weight, arbitrary: tie('expression').map((x) => ` ${word} ${word === 'WHERE' ? `(${x}) IS NOT NULL` : x}`) },
      );
    const select = fc
      .tuple(
        fc.array(output, { minLength: 1, maxLength: 2 }),
        fc.oneof(
          { weight: 8, arbitrary: tie('source').map((one) => [one]) },
          { weight: 1, arbitrary: fc.array(tie('source'), { maxLength: 2 }) },
        ),
        clause('WHERE', 3),
        clause('GROUP BY', 1),
        clause('ORDER BY', 2),
      )
      .map(
        ([outputs, sources, where, group, order]) =>
          `SELECT ${outputs.join(', ')}${sources.length === 0 ? '' : ` FROM ${sources.join(', ')}`}${where}${group}${order}`,
      );
    const queries = fc.oneof(
      { maxDepth: 3, depthIdentifier: 'depth' },
      { weight: 8, arbitrary: select },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom('w', 'v', 'a', 'b'),
            fc.constantFrom('', '(secret)', '(x)'),
            tie('query'),
            tie('select'),
          )
          .map(([own, columns, inner, outer]) => `WITH ${own}${columns} AS (${inner}) ${outer}`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(tie('query'), tie('query'), tie('select'))
          .map(([first, second, outer]) => `WITH w AS (${first}), v AS (${second}) ${outer}`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(name, name, table, table)
          .map(([x, y, t, u]) => `SELECT ${x} FROM ${t} UNION SELECT ${y} FROM ${u}`),
      },
    );
    return { query: queries, expression, source, select };
  });
  return query;
}
