import fc from 'fast-check';

/** JSON of a definition's members, with keys that trip objects up. */
const keys = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '10', '9', 'title', 'description', 'type', 'enum', 'items'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1, -1, 1.5, 1e21, '', 'text', '\u{1F600}', 'a\nb'),
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.array(tie('json'), { maxLength: 3 }),
    objectOf(tie('json')),
  ),
}));

function objectOf(values: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> {
  return fc.array(fc.tuple(keys, values), { maxLength: 4 }).map((entries) => {
    const object: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    }
    return object;
  });
}

const schema = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.record(
    {
      type: fc.constantFrom('object', 'string', 'number', 'integer', ['string', 'null']),
      description: fc.string({ maxLength: 10 }),
      enum: fc.array(fc.constantFrom('a', 'b', 1, null), { maxLength: 3 }),
      minimum: fc.integer({ min: 0, max: 3 }),
      maxLength: fc.integer({ min: 0, max: 3 }),
      pattern: fc.constantFrom('^a', '^b'),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), {
        depthIdentifier: 'schema',
        maxKeys: 2,
      }),
      required: fc.subarray(['a', 'b', 'c']),
      additionalProperties: fc.boolean(),
      anyOf: fc.array(tie('schema'), { depthIdentifier: 'schema', maxLength: 2 }),
      not: fc.constantFrom(true, false, { type: 'string' }),
      'x-mcp-header': fc.constantFrom('A', 'B'),
    },
    { requiredKeys: [] },
  ),
})).schema;

/** A member of a tool that is not its name. */
const members = fc.oneof(
  fc.tuple(fc.constant('inputSchema'), schema),
  fc.tuple(
    fc.constant('annotations'),
    fc.dictionary(fc.constantFrom('readOnlyHint', 'destructiveHint', 'title', 'other'), fc.oneof(fc.boolean(), json)),
  ),
  fc.tuple(fc.constantFrom('title', 'description', 'icons', 'outputSchema', '_meta', 'execution'), json),
  fc.tuple(
    keys.filter((key) => key !== 'name'),
    json,
  ),
);

/** All but the name of a tool. */
const rest = fc.array(members, { maxLength: 6 });

export type ToolDefinition = Record<string, unknown> & { name: string };

function toolFrom(name: string, entries: readonly (readonly [string, unknown])[]): ToolDefinition {
  const tool: Record<string, unknown> = {};
  for (const [key, value] of [...entries, ['name', name] as const]) {
    Object.defineProperty(tool, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return tool as ToolDefinition;
}

const names = fc.oneof(
  fc.constantFrom('read', 'reаd', 'write', '__proto__', 'constructor', 'hasOwnProperty', '10', '9', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

export const tool: fc.Arbitrary<ToolDefinition> = fc
  .tuple(names, rest)
  .map(([name, entries]) => toolFrom(name, entries));

/** Tools, each name once. */
export const toolList: fc.Arbitrary<ToolDefinition[]> = fc.uniqueArray(tool, {
  selector: ({ name }) => name,
  maxLength: 5,
});

/** Two tools of one name. */
export const toolPair: fc.Arbitrary<readonly [ToolDefinition, ToolDefinition]> = fc
  .tuple(names, rest, rest)
  .map(([name, before, after]) => [toolFrom(name, before), toolFrom(name, after)] as const);

/** The same JSON, with the keys of every object the other way round. */
export function withKeysReversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKeysReversed);
  if (typeof value !== 'object' || value === null) return value;
  const object: Record<string, unknown> = {};
  for (const key of Object.getOwnPropertyNames(value).toReversed()) {
    const member = withKeysReversed((value as Record<string, unknown>)[key]);
    Object.defineProperty(object, key, { value: member, writable: true, enumerable: true, configurable: true });
  }
  return object;
}
