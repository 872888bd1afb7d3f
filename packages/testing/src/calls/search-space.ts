import type { JsonObject } from '@callgate/canonical';
import { toolSpaces, type CompiledPolicy, type ObjectSpace, type SearchScope, type ToolSpace } from '@callgate/policy';

import { schemaSpaces } from './json-schema-space.ts';

/** A tool as a server lists it in `tools/list`. */
export interface ToolDefinition {
  readonly name: string;
  readonly inputSchema?: JsonObject;
}

/** What servers list, by the names under which the policy registers them. */
export type ToolListings = Readonly<Record<string, readonly ToolDefinition[]>>;

/**
 * The tools of a policy, and those that servers list: where a listing has a schema, arguments are made by it too.
 *
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function searchSpaces(policy: CompiledPolicy, listings: ToolListings, scope: SearchScope): readonly ToolSpace[] {
  const listed = new Map(
    Object.entries(listings).flatMap(([server, tools]) =>
      tools.map(({ name, inputSchema }) => [keyOf(server, name), { server, name, inputSchema }] as const),
    ),
  );
  const spaces = toolSpaces(policy, scope);
  const known = new Set(spaces.map(({ server, tool }) => keyOf(server, tool)));
  const more = [...listed.values()]
    .filter(({ server, name }) => !known.has(keyOf(server, name)))
    .filter(({ server, name }) => (scope.server ?? server) === server && (scope.tool ?? name) === name)
    .flatMap(({ server, name }) => toolSpaces(policy, { server, tool: name }));
  return [...spaces, ...more].map((space) => {
    const definition = listed.get(keyOf(space.server, space.tool));
    return definition === undefined ? space : withArguments(space, schemaSpaces(definition.inputSchema));
  });
}

/** The space with more ways to make arguments. What reads it finds the rest as it was, and as late. */
function withArguments(space: ToolSpace, more: readonly ObjectSpace[]): ToolSpace {
  return Object.create(space, {
    arguments: { value: [...space.arguments, ...more], enumerable: true },
  }) as ToolSpace;
}

function keyOf(server: string, tool: string): string {
  return `${server}\n${tool}`;
}
