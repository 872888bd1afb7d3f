import { own, type JsonObject } from '@callgate/canonical';

import { ToolNames, type NameClash } from './tool-names.ts';

/** The tools of one server. */
export interface ListedServer {
  readonly server: string;
  readonly tools: readonly JsonObject[];
}

/** A tool whose name could be taken for that of another server. */
export interface DefinitionClash {
  readonly server: string;
  readonly tool: string;
  readonly rule: NameClash['rule'];
  readonly severity: NameClash['severity'];
  /** The tool that it could be taken for. */
  readonly other: { readonly server: string; readonly tool: string };
}

/** Compares the names of the tools of several servers; each tool is told of once, with its worst clash. */
export function compareDefinitions(servers: readonly ListedServer[]): readonly DefinitionClash[] {
  const names = new ToolNames();
  const listed = servers.flatMap(({ server, tools }) =>
    tools.flatMap((tool) => {
      const name = own(tool, 'name');
      return typeof name === 'string' ? [{ server, name }] : [];
    }),
  );
  for (const { server, name } of listed) names.add(server, name);
  return listed.flatMap(({ server, name }) => {
    const clash = names.clashOf(server, name);
    if (clash === undefined) return [];
    const { rule, severity } = clash;
    return [{ server, tool: name, rule, severity, other: { server: clash.server, tool: clash.name } }];
  });
}
