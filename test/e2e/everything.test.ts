import { createRequire } from 'node:module';

import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { allowAllPolicy } from '@callgate/testing';
import { createGate, verifyLedger, type Gate, type TransportLike } from 'callgate';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const server = join(dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')), 'dist/index.js');
const parameters = { command: process.execPath, args: [server, 'stdio'], stderr: 'ignore' as const };
const folder = await mkdtemp(join(tmpdir(), 'callgate-everything-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What both majors' clients can do, as far as the session needs it. */
interface AnyClient {
  connect(transport: TransportLike): Promise<void>;
  listTools(): Promise<unknown>;
  listPrompts(): Promise<unknown>;
  listResources(): Promise<unknown>;
  listResourceTemplates(): Promise<unknown>;
  callTool(call: object, ...rest: unknown[]): Promise<unknown>;
  getPrompt(prompt: object): Promise<unknown>;
  getServerCapabilities(): unknown;
  getServerVersion(): unknown;
  getInstructions(): unknown;
  close(): Promise<void>;
}

const CALLS: readonly object[] = [
  { name: 'echo', arguments: { message: 'hello' } },
  { name: 'get-sum', arguments: { a: 2, b: 3 } },
  { name: 'get-structured-content', arguments: { location: 'Chicago' } },
  { name: 'get-tiny-image', arguments: {} },
  { name: 'get-annotated-message', arguments: { messageType: 'error', includeImage: true } },
  { name: 'get-resource-links', arguments: { count: 3 } },
  { name: 'get-sum', arguments: { a: 'not a number', b: 3 } },
  { name: 'no-such-tool', arguments: {} },
];

/** One scripted session: everything a client sees of the server, errors included. */
async function session(client: AnyClient, transport: TransportLike): Promise<readonly unknown[]> {
  await client.connect(transport);
  const seen: unknown[] = [client.getServerCapabilities(), client.getServerVersion(), client.getInstructions()];
  const note = async (step: Promise<unknown>): Promise<void> => {
    seen.push(await step.catch((error: unknown) => `error: ${String(error)}`));
  };
  await note(client.listTools());
  await note(client.listPrompts());
  await note(client.listResources());
  await note(client.listResourceTemplates());
  for (const call of CALLS) await note(client.callTool(call));
  await note(client.getPrompt({ name: 'simple-prompt' }));
  await note(client.getPrompt({ name: 'args-prompt', arguments: { city: 'Madrid' } }));
  await client.close();
  return seen;
}

describe.each([
  [
    'v1',
    (): AnyClient => new ClientV1({ name: 'c', version: '1' }) as never,
    (): TransportLike => new StdioV1(parameters),
  ],
  [
    'v2',
    (): AnyClient => new ClientV2({ name: 'c', version: '1' }) as never,
    (): TransportLike => new StdioV2(parameters),
  ],
])('server-everything over stdio, SDK %s', (major, client, transport) => {
  it('a session under an allow-all policy shows exactly what an ungoverned one shows', async () => {
    const bare = await session(client(), transport());
    const ledger = join(folder, major);
    const gate: Gate = await createGate({ policy: allowAllPolicy('everything'), ledger });
    const governed = await session(client(), gate.wrap(transport, { server: 'everything' }));
    await gate.close();
    expect(governed).toEqual(bare);
    const report = await verifyLedger(ledger);
    expect(report).toMatchObject({ ok: true, inDoubt: [] });
  }, 60_000);
});
