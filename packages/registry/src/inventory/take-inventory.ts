import type { ConfiguredServer, HostConfig } from './configured-server.ts';
import type { ConnectServer } from './connect/connect-server.ts';
import { credentialUseOf } from './credential-use.ts';
import { detectSecrets, type SecretDetector } from './detect-secrets.ts';
import type { FileAccess } from './file-access.ts';
import { findDuplicates } from './find-duplicates.ts';
import { MAX_BYTES } from './formats/limits.ts';
import { findFlags } from './flags/find-flags.ts';
import { FLAGS, type FlagId } from './flags/flag-table.ts';
import { governanceOf, type GovernedServer } from './governance.ts';
import { HOSTS } from './hosts.ts';
import type { Inventory, InventoryFile, InventoryFinding, InventoryReach, InventoryServer } from './inventory.ts';
import { folderBelow, locationsOf, projectLocations, type ConfigLocation, type ScannedSystem } from './locations.ts';
import { maskedCommand, maskedUrl } from './mask.ts';
import { maskedName } from './masked-name.ts';
import { nodeFiles } from './node-files.ts';
import { pathsAt } from './paths-at.ts';
import { readHostConfig } from './read-host-config.ts';
import { suggestRing, suggestServerRing } from './suggest-ring.ts';

/** The most files that are read in one inventory. */
const MAX_FILES = 10_000;

/** Servers that are contacted at the same time. */
const CONCURRENCY = 4;

/** What to take an inventory of, and how. */
export interface InventoryOptions {
  readonly system: ScannedSystem;
  /** Whether to look into the project folders that users' files name, below the root. Default: false. */
  readonly followsProjects?: boolean | undefined;
  /** Whether links may lead anywhere. Default: false, they stay within homes, projects and root. */
  readonly followsLinks?: boolean | undefined;
  /** The servers of a policy or a lock; absent: governance is not judged. */
  readonly governed?: readonly GovernedServer[] | undefined;
  /** Default: {@link detectSecrets}. */
  readonly detectSecrets?: SecretDetector | undefined;
  /** Asks a server for its tools; absent: no server is started or contacted. */
  readonly connect?: ConnectServer | undefined;
  /** Default: the file system. */
  readonly files?: FileAccess | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One entry with the file it stands in. */
interface Found {
  readonly file: InventoryFile;
  readonly server: ConfiguredServer;
}

/**
 * Finds the MCP servers that are configured on a system. Starts and contacts nothing unless `connect` is given. Files that cannot be read
 * or have mistakes are findings.
 *
 * @throws the reason of an aborted `signal`, and nothing else
 */
export async function takeInventory(options: InventoryOptions): Promise<Inventory> {
  const { files, found, findings } = await readAll(options);
  const detect = options.detectSecrets ?? detectSecrets;
  const reaches = await reachAll(found, options);
  const servers = found.map(({ file, server }, index) =>
    describe(file, server, reaches[index] ?? { kind: 'not-asked' }, options, detect),
  );
  const flags = found.flatMap(({ file, server }, index) => [
    ...findFlags(server, detect).map(({ id, line, message }) =>
      finding(id, file, line, maskedName(server.name), message),
    ),
    ...governanceFindings(servers[index]),
    ...reachFindings(servers[index]),
  ]);
  const duplicates = findDuplicates(
    found.map(({ file, server }) => ({ file: file.path, owner: file.owner, server })),
  ).map(({ index, message }) => {
    const { file, server } = found[index] as Found;
    return finding('server-duplicate', file, server.line, maskedName(server.name), message);
  });
  return { files, servers, findings: inOrder([...findings, ...flags, ...duplicates], files) };
}

interface Read {
  readonly files: InventoryFile[];
  readonly found: Found[];
  readonly findings: InventoryFinding[];
}

async function readAll(options: InventoryOptions): Promise<Read> {
  const { system, files: access = nodeFiles, signal } = options;
  const read: Read = { files: [], found: [], findings: [] };
  const isRead = new Set<string>();
  const queue: ConfigLocation[] = [...locationsOf(system)];
  const projects = new Set<string>(system.projects);
  for (let location = queue.shift(); location !== undefined; location = queue.shift()) {
    for (const path of await pathsAt(location, access)) {
      signal?.throwIfAborted();
      if (read.files.length >= MAX_FILES) return read;
      for (const project of await readOne(path, location, options, isRead, read)) {
        if (options.followsProjects !== true || system.root === null) continue;
        const folder = folderBelow(system.root, project, system.platform);
        if (folder === undefined || projects.has(folder)) continue;
        projects.add(folder);
        queue.push(...projectLocations(folder, system.platform));
      }
    }
  }
  return read;
}

/** Reads one file into `read` and returns the projects that it names. */
async function readOne(
  path: string,
  { host, owner }: ConfigLocation,
  { system, files: access = nodeFiles, followsLinks = false }: InventoryOptions,
  isRead: Set<string>,
  read: Read,
): Promise<readonly string[]> {
  const within = followsLinks
    ? null
    : [owner.folder, ...system.homes, ...system.projects, ...(system.root === null ? [] : [system.root])];
  const reading = await access.read(path, MAX_BYTES[HOSTS[host].format], within);
  if (reading.kind === 'absent') return [];
  if (reading.kind === 'refused') {
    const file: InventoryFile = { host, path, owner, state: 'unreadable' };
    read.files.push(file);
    read.findings.push(finding('file-unreadable', file, null, null, `not read: ${reading.reason}`));
    return [];
  }
  const key = `${host}\n${reading.realPath}`;
  if (isRead.has(key)) return [];
  isRead.add(key);
  const config = readHostConfig(host, reading.text);
  const file: InventoryFile = { host, path, owner, state: 'read' };
  read.files.push(file);
  read.found.push(...config.servers.map((server) => ({ file, server })));
  read.findings.push(...configFindings(file, config, reading.isWorldWritable && system.platform !== 'windows'));
  return config.projects;
}

function configFindings(
  file: InventoryFile,
  config: HostConfig,
  isWorldWritable: boolean,
): readonly InventoryFinding[] {
  const writable = isWorldWritable ? [finding('file-writable', file, null, null, 'everybody may write to it')] : [];
  const problems = config.problems.map(({ code, line, message }) =>
    finding(code === 'entry-unknown' ? 'entry-unknown' : 'file-malformed', file, line, null, message),
  );
  const approvals = config.approvals.map(({ line, key }) =>
    finding('auto-approve', file, line, null, `\`${key}\` lets every tool be called without asking`),
  );
  return [...writable, ...problems, ...approvals];
}

async function reachAll(
  found: readonly Found[],
  { connect, signal }: InventoryOptions,
): Promise<readonly InventoryReach[]> {
  const reaches: InventoryReach[] = found.map(() => ({ kind: 'not-asked' }));
  if (connect === undefined) return reaches;
  const work = found.entries();
  const worker = async (): Promise<void> => {
    for (const [index, { server }] of work) {
      signal?.throwIfAborted();
      if (server.isEnabled) reaches[index] = await reachOne(server, connect, signal);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return reaches;
}

async function reachOne(
  server: ConfiguredServer,
  connect: ConnectServer,
  signal?: AbortSignal,
): Promise<InventoryReach> {
  const answer = await connect(server, signal).catch(() => ({
    kind: 'failed' as const,
    reason: 'the connection failed',
  }));
  signal?.throwIfAborted();
  if (answer.kind === 'failed') return answer;
  const tools = answer.tools.map((tool) => ({ name: tool.name, ...suggestRing(tool) }));
  return { kind: 'reached', name: answer.name, version: answer.version, tools };
}

function describe(
  file: InventoryFile,
  server: ConfiguredServer,
  reach: InventoryReach,
  { governed }: InventoryOptions,
  detect: SecretDetector,
): InventoryServer {
  const { authentication, source } = credentialUseOf(server, detect);
  const words = server.command.map((text) => text.reveal());
  return {
    host: server.host,
    name: maskedName(server.name),
    file: file.path,
    line: server.line,
    owner: file.owner,
    project: server.project === null ? null : maskedName(server.project),
    transport: server.transport,
    command: maskedCommand(server, detect),
    url: maskedUrl(server, detect),
    isEnabled: server.isEnabled,
    authentication,
    credential: source,
    environment: [
      ...Array.from(server.environment.keys(), maskedName),
      ...server.passed.filter(({ header }) => header === null).map(({ name }) => name),
    ],
    headers: Array.from(server.headers.keys(), maskedName),
    ring: suggestServerRing({ name: server.name, command: words }, reach.kind === 'reached' ? reach.tools : null),
    reach,
    governance: governed === undefined ? null : governanceOf(server, governed),
  };
}

function governanceFindings(server: InventoryServer | undefined): readonly InventoryFinding[] {
  const { governance } = server ?? {};
  if (server === undefined || governance === null || governance === undefined || governance.kind === 'governed')
    return [];
  return governance.kind === 'shadow'
    ? [finding('server-shadow', at(server), server.line, server.name, 'the policy has no such server')]
    : [
        finding(
          'server-differs',
          at(server),
          server.line,
          server.name,
          'the policy has this name with another identity',
        ),
      ];
}

function reachFindings(server: InventoryServer | undefined): readonly InventoryFinding[] {
  if (server?.reach.kind !== 'failed') return [];
  return [finding('server-unreachable', at(server), server.line, server.name, server.reach.reason)];
}

function at({ host, file }: InventoryServer): Pick<InventoryFile, 'host' | 'path'> {
  return { host, path: file };
}

function finding(
  id: FlagId,
  { host, path }: Pick<InventoryFile, 'host' | 'path'>,
  line: number | null,
  server: string | null,
  message: string,
): InventoryFinding {
  return { id, severity: FLAGS[id].severity, host, file: path, line, server, message };
}

/** By file, in the order they were read, and by line; the order of one line stays. */
function inOrder(findings: readonly InventoryFinding[], files: readonly InventoryFile[]): readonly InventoryFinding[] {
  const places = new Map(files.map(({ host, path }, index) => [`${host}\n${path}`, index]));
  const placeOf = ({ host, file }: InventoryFinding): number => places.get(`${host}\n${file}`) ?? files.length;
  return findings.toSorted((a, b) => placeOf(a) - placeOf(b) || (a.line ?? 0) - (b.line ?? 0));
}
