import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport, type StdioServerParameters } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  compilePolicy,
  createGate,
  loadPolicy,
  readDenial,
  type CompiledPolicy,
  type Gate,
  type Principal,
} from 'callgate';

import { filesystemPolicy } from '../filesystem/policy.ts';
import { wordFor, type Screen } from './screen.ts';

/** The people of the story. */
const PEOPLE = {
  maria: { user: 'maria', agent: 'agent:support', tenant: 'acme', roles: ['support'] },
  rex: { user: 'rex', agent: 'agent:crm', tenant: 'acme' },
  wen: { user: 'wen', agent: 'agent:warehouse', tenant: 'acme', roles: ['warehouse'] },
} satisfies Record<string, Principal>;

type Person = keyof typeof PEOPLE;

/** The runs they work in. */
const RUNS: Readonly<Record<Person, string>> = { maria: 'ticket-4711', wen: 'ticket-4711', rex: 'ticket-4712' };

/** Everything a chapter needs. */
export interface Stage {
  readonly screen: Screen;
  readonly gate: Gate;
  /** A scratch folder, removed at the end. */
  readonly folder: string;
  readonly ledgerFolder: string;
  /** The folder that the file server shares, as the policy says. */
  readonly sharedFolder: string;
  /** A governed client of one of the demo's servers. */
  readonly connect: (server: ServerName) => Promise<Client>;
  /** Calls a tool, prints what became of it, and fails unless that is `expected`: a code, or `allowed`. */
  readonly call: (
    client: Client,
    person: Person,
    tool: string,
    callArguments: Record<string, unknown>,
    expected: string,
  ) => Promise<string>;
  readonly close: () => Promise<void>;
}

type ServerName = 'inventory' | 'support' | 'reports' | 'crm' | 'files';

/** Sets the stage: one policy over four servers, one gate, one ledger on disk. */
export async function openStage(screen: Screen): Promise<Stage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'callgate-demo-')));
  const ledgerFolder = join(folder, 'ledger');
  const sharedFolder = join(folder, 'shared');
  const servers = serverCommands(sharedFolder);
  const gate = await createGate({ policy: await demoPolicy(servers, sharedFolder), ledger: ledgerFolder });

  const connect = async (server: ServerName): Promise<Client> => {
    const client = new Client({ name: 'demo', version: '1.0.0' });
    const open = (): StdioClientTransport => new StdioClientTransport({ ...servers[server], stderr: 'ignore' });
    await client.connect(gate.wrap(open, { server }));
    return client;
  };

  const call: Stage['call'] = async (client, person, tool, callArguments, expected) => {
    const result = await gate.as(PEOPLE[person], { run: RUNS[person] }, () =>
      client.callTool({ name: tool, arguments: callArguments }),
    );
    const [first] = result.content as readonly { readonly text: string }[];
    const text = first?.text ?? '';
    const denial = readDenial(result);
    screen.row(wordFor(denial), person, tool, asked(callArguments, folder), denial?.message ?? inFewWords(text));
    assert.equal(denial?.code ?? 'allowed', expected, `${person} ${tool}`);
    return text;
  };

  const close = async (): Promise<void> => {
    await gate.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { screen, gate, folder, ledgerFolder, sharedFolder, connect, call, close };
}

function serverCommands(sharedFolder: string): Record<ServerName, StdioServerParameters & { args: string[] }> {
  const inventorySupport = join(import.meta.dirname, '..', 'inventory-support');
  const manifest = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/package.json'));
  return {
    inventory: { command: 'node', args: ['inventory-server.ts'], cwd: inventorySupport },
    support: { command: 'node', args: ['support-server.ts'], cwd: inventorySupport },
    reports: { command: 'node', args: ['reports-server.ts'], cwd: import.meta.dirname },
    crm: { command: 'node', args: ['crm-server.ts'], cwd: join(import.meta.dirname, '..', 'runaway') },
    files: { command: 'node', args: [join(dirname(manifest), 'dist', 'index.js'), sharedFolder] },
  };
}

/** The policies of the other examples and one for the misbehaving server, in one document. */
async function demoPolicy(servers: ReturnType<typeof serverCommands>, sharedFolder: string): Promise<CompiledPolicy> {
  const { document } = await loadPolicy(join(import.meta.dirname, '..', 'inventory-support', 'callgate.yaml'));
  const { document: runaway } = await loadPolicy(join(import.meta.dirname, '..', 'runaway', 'callgate.yaml'));
  const { meters = [], breakers = [], flows = [] } = runaway;
  const { command, args } = servers.files;
  return compilePolicy({
    ...document,
    name: 'demo',
    meters,
    breakers,
    flows,
    servers: {
      ...document.servers,
      ...runaway.servers,
      ...filesystemPolicy({ command, args }, sharedFolder).servers,
      reports: {
        identity: { command: servers.reports.command, args: servers.reports.args },
        timeout: '10s',
        maxResultBytes: '64KiB',
        tools: { 'report.*': { ring: 0 }, 'report.build': { ring: 0, timeout: '300ms' } },
      },
    },
  });
}

/** Arguments in a few words, with the scratch folder as `~`. */
function asked(callArguments: Record<string, unknown>, folder: string): string {
  const words = Object.entries(callArguments).map(
    ([name, value]) => `${name} ${short([value].flat().join('+').replaceAll(folder, '~'))}`,
  );
  return words.join(', ');
}

/** An answer in a few words: rows of these servers' JSON, or the first line of text. */
function inFewWords(text: string): string {
  try {
    const answer = JSON.parse(text) as unknown;
    if (Array.isArray(answer)) return `${answer.length} rows`;
  } catch {
    // Not JSON: plain text.
  }
  return short(text.split('\n')[0] ?? '', 80);
}

function short(text: string, length = 40): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
