/** What the conformance runner tells a driver. */
export interface Scenario {
  readonly name: string;
  readonly url: URL;
  /** The protocol revision the scenario runs at; older runners do not say. */
  readonly protocolVersion: string;
  /** Credentials and calls that the scenario hands out; `{}` for most. */
  readonly context: { readonly [key: string]: unknown };
}

/** Reads the scenario from the command line and the environment. */
export function readScenario(): Scenario {
  const {
    MCP_CONFORMANCE_SCENARIO: name,
    MCP_CONFORMANCE_CONTEXT: context,
    MCP_CONFORMANCE_PROTOCOL_VERSION: version,
  } = process.env;
  const url = process.argv.at(-1);
  if (name === undefined || url === undefined)
    throw new TypeError('expected MCP_CONFORMANCE_SCENARIO and a server URL');
  return {
    name,
    url: new URL(url),
    protocolVersion: version ?? '2025-11-25',
    context: context === undefined ? {} : (JSON.parse(context) as Scenario['context']),
  };
}

/** A text of the context. */
export function contextText(scenario: Scenario, key: string): string {
  const value = scenario.context[key];
  if (typeof value !== 'string') throw new TypeError(`expected \`${key}\` in the context of ${scenario.name}`);
  return value;
}

/** One tool call that a driver makes. */
export interface PlannedCall {
  readonly name: string;
  readonly arguments: { readonly [key: string]: unknown };
}

interface ListedTool {
  readonly name: string;
  readonly inputSchema: { readonly properties?: { readonly [key: string]: unknown } | undefined };
}

/** The calls a scenario asks for; otherwise each listed tool once, with arguments made up from its schema. */
export function planCalls(scenario: Scenario, tools: readonly ListedTool[]): PlannedCall[] {
  const asked = scenario.context['toolCalls'];
  if (Array.isArray(asked)) return asked as PlannedCall[];
  const focal = tools[0]?.inputSchema;
  return tools.map((tool) => ({
    name: tool.name,
    arguments: Object.fromEntries(
      Object.entries(tool.inputSchema.properties ?? {}).map(([name, schema]) => [
        name,
        name === 'schema' ? focal : sampleOf(schema),
      ]),
    ),
  }));
}

function sampleOf(schema: unknown): unknown {
  const type = (schema as { readonly type?: unknown }).type;
  if (type === 'number' || type === 'integer') return 5;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type === 'object') return {};
  return 'text';
}
