import { excerpt } from '@callgate/canonical';

import type { ConfigProblem, ConfiguredServer, HostConfig } from './configured-server.ts';
import { firstOf, valueAt, type ConfigDocument, type ConfigNode } from './formats/config-node.ts';
import { readJson } from './formats/read-json.ts';
import { readToml } from './formats/read-toml.ts';
import { readYaml } from './formats/read-yaml.ts';
import { maskedName } from './masked-name.ts';
import { HOSTS, type ConfigFormat, type HostId } from './hosts.ts';
import { readEntry } from './read-entry.ts';

/** The most servers that are taken from one file. */
const MAX_SERVERS = 1_000;

/** The most projects that are taken from one file. */
const MAX_PROJECTS = 1_000;

const READERS: Readonly<Record<ConfigFormat, (text: string) => ConfigDocument>> = {
  json: readJson,
  yaml: readYaml,
  toml: readToml,
};

/**
 * Reads the text of a host's configuration file. Pure, and never throws: what is wrong with the text is in `problems`, with what could be
 * read of it in `servers`.
 *
 * @param host whose file it is; says the format and where servers stand in it
 */
export function readHostConfig(host: HostId, text: string): HostConfig {
  const { format, servers: paths, approvals: switches = [] } = HOSTS[host];
  const { root, mistake } = READERS[format](text.startsWith('\uFEFF') ? text.slice(1) : text);
  const problems: ConfigProblem[] = mistake === null ? [] : [{ code: 'malformed', ...mistake }];
  if (root === null) return { servers: [], problems, projects: [], approvals: [] };
  const entries = paths.flatMap((path) => [...entriesAt(root, path, null)]).filter((entry) => !isGroup(entry, paths));
  if (entries.length > MAX_SERVERS) {
    const message = `more than ${MAX_SERVERS} servers; the rest is left out`;
    problems.push({ code: 'too-many-servers', line: entries[MAX_SERVERS]?.line ?? null, message });
  }
  const servers: ConfiguredServer[] = [];
  for (const entry of entries.slice(0, MAX_SERVERS)) {
    const server = readEntry(host, entry);
    if (typeof server === 'object') servers.push(server);
    // of a text with mistakes, what passes for an entry or its name may be anything
    else if (server === 'unknown' && mistake === null) {
      const message = `\`${excerpt(maskedName(entry.name))}\` has neither a command nor a URL`;
      problems.push({ code: 'entry-unknown', line: entry.line, message });
    }
  }
  return { servers, problems, projects: projectsOf(root), approvals: approvalsOf(root, switches) };
}

/** An entry of a configuration that may be a server. */
export interface FoundEntry {
  readonly name: string;
  readonly line: number;
  readonly project: string | null;
  readonly node: ConfigNode;
}

function* entriesAt(node: ConfigNode, path: readonly string[], project: string | null): Generator<FoundEntry> {
  const [key, ...rest] = path;
  if (key === undefined) return;
  for (const { name, line, value } of childrenOf(node, key)) {
    // the only other `*` is Claude Code's, over folders
    if (rest.length > 0) yield* entriesAt(value, rest, key === '*' && name.search(/[/\\]/u) >= 0 ? name : project);
    else yield { name: key === '*' ? name : 'server', line, project, node: value };
  }
}

function* childrenOf(
  node: ConfigNode,
  key: string,
): Generator<{ readonly name: string; readonly line: number; readonly value: ConfigNode }> {
  if (node.kind === 'object') {
    for (const entry of node.entries) {
      if (key === '*' || key === entry.key) yield { name: entry.key, line: entry.line, value: entry.value };
    }
  }
  if (node.kind === 'array' && key === '*') {
    for (const [index, item] of node.items.entries()) {
      const name = valueAt(item, 'name');
      yield { name: name?.kind === 'text' ? name.text : String(index), line: item.line, value: item };
    }
  }
}

/** Of `mcp.*`, `mcp.servers` is the group that servers stand in, not a server. */
function isGroup({ name, node }: FoundEntry, paths: readonly (readonly string[])[]): boolean {
  const isNamedAsGroup = paths.some((path) => path.length === 3 && path[1] === name);
  return isNamedAsGroup && node.kind === 'object' && firstOf(node, ['command', 'url', 'type']) === undefined;
}

function projectsOf(root: ConfigNode): readonly string[] {
  const projects = valueAt(root, 'projects');
  return projects?.kind === 'object' ? projects.entries.slice(0, MAX_PROJECTS).map(({ key }) => key) : [];
}

function approvalsOf(root: ConfigNode, switches: readonly (readonly string[])[]): HostConfig['approvals'] {
  return switches.flatMap((path) => {
    const value = valueAt(root, ...path);
    return value?.kind === 'boolean' && value.value ? [{ line: value.line, key: path.join('.') }] : [];
  });
}
