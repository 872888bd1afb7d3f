import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { ToolNames } from '@callgate/inspector';

import { InputError } from '../errors.ts';

/** A definition, and whose it is. */
export interface ListedDefinition {
  /** Undefined where a line does not say: its name is then compared with no other. */
  readonly server: string | undefined;
  readonly tool: JsonObject;
}

/**
 * Reads `{"id"?, "server"?, "tool"}`; other members are ignored.
 *
 * @throws {InputError} when it is something else
 */
export function readListedDefinition(line: JsonValue): ListedDefinition {
  const tool = isJsonObject(line) ? own(line, 'tool') : undefined;
  if (!isJsonObject(line) || tool === undefined) throw new InputError('expected an object with `tool`');
  if (!isJsonObject(tool)) throw new InputError('expected `tool` to be an object: a definition');
  const server = own(line, 'server');
  if (server !== undefined && typeof server !== 'string') throw new InputError('expected `server` to be a string');
  return { server, tool };
}

/** Remembers the name of a tool, for those of other servers to be compared with. */
export function noteDefinition(names: ToolNames, { server, tool }: ListedDefinition): void {
  const name = own(tool, 'name');
  if (server !== undefined && typeof name === 'string') names.add(server, name);
}
