import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

/** What a server says of one of its tools (MCP `Tool`), as far as policies are suggested from it. Nothing of it is to be trusted. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of its arguments; `{}` where the server gives none. */
  readonly inputSchema: JsonObject;
  readonly annotations: JsonObject;
}

/**
 * Reads tool definitions from a list of them, from `{ tools: […] }`, or from the JSON-RPC answer to `tools/list`. Undefined where it is none
 * of these; entries without a name are left out.
 */
export function readToolDefinitions(value: JsonValue): readonly ToolDefinition[] | undefined {
  const tools = isJsonObject(value) ? (own(value, 'tools') ?? toolsOfAnswer(value)) : value;
  return isJsonArray(tools) ? tools.flatMap(readTool) : undefined;
}

function toolsOfAnswer(value: JsonObject): JsonValue | undefined {
  const result = own(value, 'result');
  return isJsonObject(result) ? own(result, 'tools') : undefined;
}

function readTool(value: JsonValue): readonly ToolDefinition[] {
  if (!isJsonObject(value)) return [];
  const name = own(value, 'name');
  if (typeof name !== 'string' || name === '') return [];
  const description = own(value, 'description');
  return [
    {
      name,
      description: typeof description === 'string' ? description : '',
      inputSchema: objectOf(own(value, 'inputSchema')),
      annotations: objectOf(own(value, 'annotations')),
    },
  ];
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
