import { exceptionsJsonSchema, policyJsonSchema } from '@callgate/policy';

import { keyTable } from './key-table.ts';
import type { SchemaNode } from './value-words.ts';

interface Schema extends SchemaNode {
  readonly $defs: Readonly<Record<string, SchemaNode>>;
}

const REGION = /<!-- generated: (?<name>[a-z]+) -->\n.*?<!-- end -->/gsu;

/**
 * A page of the reference with its tables of keys made anew from the schemas that load documents. A table stands between
 * `<!-- generated: name -->` and `<!-- end -->`; everything else is written by hand.
 *
 * @throws {Error} for a name that no schema has
 */
export function regenerate(page: string): string {
  const tables = tablesByName();
  return page.replaceAll(REGION, (_, name: string) => {
    const node = tables.get(name);
    if (node === undefined) throw new Error(`expected one of ${[...tables.keys()].join(', ')}, got ${name}`);
    return `<!-- generated: ${name} -->\n\n${keyTable(node)}\n<!-- end -->`;
  });
}

/** Names of the tables that a page has. */
export function regionsOf(page: string): readonly string[] {
  return [...page.matchAll(REGION)].map(({ groups }) => groups?.['name'] ?? '');
}

/** Names of the objects of the language, each of which has a table. */
export function objectNames(): readonly string[] {
  return [...tablesByName().keys()];
}

function tablesByName(): ReadonlyMap<string, SchemaNode> {
  const policy = policyJsonSchema() as unknown as Schema;
  const exceptions = exceptionsJsonSchema() as unknown as Schema;
  const named: readonly (readonly [string, SchemaNode])[] = [
    ['policy', policy],
    ['exceptions', exceptions],
    ...Object.entries(exceptions.$defs),
    ...Object.entries(policy.$defs),
  ];
  return new Map(
    named.flatMap(([name, node]): readonly [string, SchemaNode][] => {
      const object = [node, ...(node.anyOf ?? [])].find(({ properties }) => properties !== undefined);
      return object === undefined ? [] : [[name, object]];
    }),
  );
}
