import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport as InMemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Client as ClientV2, InMemoryTransport as InMemoryV2 } from '@modelcontextprotocol/client';
import { McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { asData, createGate, parsePolicy, readDenial, type Detector, type Gate, type GateOptions } from 'callgate';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const POLICY = parsePolicy(
  `
callgate: 1
name: sdk
version: "1"
servers:
  s:
    tools:
      add: { ring: 1, arguments: { a: { type: number, maximum: 10 }, b: { type: number } } }
`,
  { file: 'sdk.yaml' },
);

/** What tests need of a connected client of either major. */
interface Connected {
  readonly gate: Gate;
  readonly client: {
    callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
    listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
    request(request: { method: string; params: object }, schema: never): Promise<unknown>;
    readonly transport?: unknown;
    close(): Promise<void>;
  };
  /** Names of the tools the server really ran. */
  readonly ran: string[];
}

async function connectV1(options: Partial<GateOptions> = {}): Promise<Connected> {
  const ran: string[] = [];
  const server = new McpServerV1({ name: 's', version: '1' });
  server.registerTool(
    'add',
    { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => {
      ran.push('add');
      return { content: [{ type: 'text', text: String(a + b) }], structuredContent: { sum: a + b } };
    },
  );
  server.registerTool('danger', {}, () => {
    ran.push('danger');
    return { content: [] };
  });
  const [clientEnd, serverEnd] = InMemoryV1.createLinkedPair();
  await server.connect(serverEnd);
  const gate = await createGate({ policy: POLICY, ...options });
  const client = new ClientV1({ name: 'c', version: '1' });
  await client.connect(gate.wrap(clientEnd, { server: 's' }));
  return { gate, client: client as never, ran };
}

async function connectV2(options: Partial<GateOptions> = {}): Promise<Connected> {
  const ran: string[] = [];
  const server = new McpServerV2({ name: 's', version: '1' });
  server.registerTool(
    'add',
    { inputSchema: z.object({ a: z.number(), b: z.number() }), outputSchema: z.object({ sum: z.number() }) },
    ({ a, b }) => {
      ran.push('add');
      return { content: [{ type: 'text', text: String(a + b) }], structuredContent: { sum: a + b } };
    },
  );
  server.registerTool('danger', {}, () => {
    ran.push('danger');
    return { content: [] };
  });
  const [clientEnd, serverEnd] = InMemoryV2.createLinkedPair();
  await server.connect(serverEnd);
  const gate = await createGate({ policy: POLICY, ...options });
  const client = new ClientV2({ name: 'c', version: '1' });
  await client.connect(gate.wrap(clientEnd, { server: 's' }));
  return { gate, client: client as never, ran };
}

describe.each([
  ['v1', connectV1],
  ['v2', connectV2],
])('the SDK client %s behind a gate', (_major, connect) => {
  it('an allowed call returns what the server answered', async () => {
    const { client, ran } = await connect();
    await client.listTools();
    expect(await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })).toMatchObject({
      structuredContent: { sum: 3 },
    });
    expect(ran).toEqual(['add']);
  });

  it('a denied call is a tool error that the model can read, also where the tool has an output schema [legible.model]', async () => {
    const { client, ran } = await connect();
    await client.listTools();
    const result = (await client.callTool({ name: 'add', arguments: { a: 11, b: 2 } })) as {
      readonly isError: boolean;
    };
    expect(result.isError).toBe(true);
    expect(readDenial(result)).toMatchObject({ code: 'arguments.envelope', next: 'fix_arguments' });
    expect(ran).toEqual([]);
  });

  it('a call that would send a secret is denied where policy says so, and the server never sees it', async () => {
    const source = 'servers: { s: { outgoing: { secrets: deny }, tools: { add: { ring: 0 } } } }';
    const { client, ran } = await connect({ policy: parsePolicy(`{ callgate: 1, name: o, version: "1", ${source} }`) });
    const secret = `ghp_${'A1b2C3d4E5'.repeat(4).slice(0, 36)}`;
    const result = await client.callTool({ name: 'add', arguments: { a: 1, b: 2, note: secret } });
    expect(readDenial(result)).toMatchObject({ code: 'arguments.secret', violations: [{ pointer: '/note' }] });
    expect(JSON.stringify(result)).not.toContain(secret);
    expect(ran).toEqual([]);
  });

  it('with `onDeny: throw` it is a protocol error with the decision in its data', async () => {
    const { client } = await connect({ onDeny: 'throw' });
    const error = await client.callTool({ name: 'add', arguments: { a: 11, b: 2 } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: -31_403 });
    expect(readDenial(error)).toMatchObject({ code: 'arguments.envelope' });
  });

  it('an answer that is withheld carries the handle of what is kept, also where the tool has an output schema', async () => {
    const finds: Detector = {
      kind: 'custom',
      keywords: ['12345'],
      find({ hits }, report) {
        for (const { start } of hits)
          report({ rule: 'custom.test', severity: 'high', start, end: start + 5, reason: 'a number of the tests' });
      },
    };
    const { client, gate } = await connect({ detectors: [finds] });
    const withheld = await client.callTool({ name: 'add', arguments: { a: 5, b: 12_340 } });
    const { id = '' } = readDenial(withheld)?.quarantine ?? {};
    const { content } = await gate.quarantine.release(id, { by: 'ada', reason: 'test' });
    expect(content).toMatchObject({ structuredContent: { sum: 12_345 } });
    expect(asData(content, { server: 's', tool: 'add' }).text).toContain('\n| 12345\n');
    expect(asData(withheld, { server: 's' })).toMatchObject({ isError: true, blocks: [{ kind: 'text' }] });
  });

  it('no way of sending goes round the gate [bypass.sdk]', async () => {
    const { client, ran } = await connect();
    const anything = z.looseObject({}) as never;
    const call = { method: 'tools/call', params: { name: 'danger', arguments: {} } };
    expect(readDenial(await client.request(call, anything))).toMatchObject({ code: 'tool.not_allowed' });
    const transport = client.transport as { send(message: object): Promise<void> };
    await transport.send({ jsonrpc: '2.0', id: 'raw', ...call });
    await expect(client.request({ method: 'x/custom', params: {} }, anything)).rejects.toMatchObject({ code: -31_403 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toEqual([]);
  });

  it('tools that policy does not name are not listed', async () => {
    const { client } = await connect();
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['add']);
  });

  it('a server that policy does not know cannot even be connected', async () => {
    const { gate } = await connect();
    const [clientEnd] = InMemoryV1.createLinkedPair();
    const client = new ClientV1({ name: 'c', version: '1' });
    await expect(client.connect(gate.wrap(clientEnd, { server: 'unknown' }))).rejects.toMatchObject({ code: -31_403 });
  });

  it('after a denial, a timeout and a close nothing of a call is left in the SDK', async () => {
    const { client, gate } = await connect();
    for (let index = 0; index < 20; index += 1) await client.callTool({ name: 'danger', arguments: {} });
    const internals = client as unknown as Record<string, { readonly size: number }>;
    expect(internals['_responseHandlers']?.size).toBe(0);
    expect(internals['_timeoutInfo']?.size).toBe(0);
    await gate.close();
  });
});

describe('governClient', () => {
  it('wraps whatever the client is connected to', async () => {
    const gate = await createGate({ policy: POLICY });
    const [clientEnd, serverEnd] = InMemoryV1.createLinkedPair();
    const server = new McpServerV1({ name: 's', version: '1' });
    server.registerTool('danger', {}, () => ({ content: [] }));
    await server.connect(serverEnd);
    const client = gate.governClient(new ClientV1({ name: 'c', version: '1' }), { server: 's' });
    await client.connect(clientEnd);
    expect(readDenial(await client.callTool({ name: 'danger', arguments: {} }))).toMatchObject({
      code: 'tool.not_allowed',
    });
  });
});
