import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { CompiledServer } from '@callgate/policy';

/** The MCP extension id under which revision 2026-07-28 carries tasks. */
const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/**
 * The client capabilities a server is told of: what policy would deny anyway is not offered, so that servers do not
 * plan on it. The same object where nothing has to go.
 */
export function attenuateClientCapabilities(capabilities: JsonObject, server: CompiledServer): JsonObject {
  let result = capabilities;
  for (const capability of ['sampling', 'roots', 'tasks'] as const) {
    if (!server.offers(capability)) result = without(result, capability);
  }
  if (!server.offers('tasks')) result = withoutTasksExtension(result);
  return attenuateElicitation(result, server);
}

/** The server capabilities the client hears of: tasks go where policy does not allow them. */
export function attenuateServerCapabilities(capabilities: JsonObject, server: CompiledServer): JsonObject {
  return server.offers('tasks') ? capabilities : withoutTasksExtension(without(capabilities, 'tasks'));
}

function attenuateElicitation(capabilities: JsonObject, server: CompiledServer): JsonObject {
  const elicitation = own(capabilities, 'elicitation');
  if (elicitation === undefined || !isJsonObject(elicitation)) return capabilities;
  const isForm = server.offers('elicitation.form');
  const isUrl = server.offers('elicitation.url');
  if (isForm && isUrl) return capabilities;
  if (!isForm && !isUrl) return without(capabilities, 'elicitation');
  // MCP 2025-11-25: an empty object means form mode only.
  if (isForm)
    return Object.hasOwn(elicitation, 'url')
      ? { ...capabilities, elicitation: without(elicitation, 'url') }
      : capabilities;
  return Object.hasOwn(elicitation, 'url')
    ? { ...capabilities, elicitation: without(elicitation, 'form') }
    : without(capabilities, 'elicitation');
}

function withoutTasksExtension(capabilities: JsonObject): JsonObject {
  const extensions: JsonValue | undefined = own(capabilities, 'extensions');
  if (extensions === undefined || !isJsonObject(extensions) || !Object.hasOwn(extensions, TASKS_EXTENSION))
    return capabilities;
  return { ...capabilities, extensions: without(extensions, TASKS_EXTENSION) };
}

/** A copy of `object` without one own key; the same object where it has none. */
export function without(object: JsonObject, key: string): JsonObject {
  if (!Object.hasOwn(object, key)) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
