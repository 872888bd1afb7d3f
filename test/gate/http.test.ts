import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createGate, parsePolicy, readDenial, type Gate } from 'callgate';
import { afterEach, describe, expect, it } from 'vitest';

const POLICY = `
callgate: 1
name: http
version: "1"
servers:
  s: { tools: { echo: { ring: 0 } } }
`;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A Streamable HTTP server on loopback; `ran` names the tools it really ran. */
async function listen(): Promise<{ readonly url: URL; readonly ran: string[] }> {
  const ran: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const mcp = new McpServer({ name: 's', version: '1' });
      for (const name of ['echo', 'delete_all']) {
        mcp.registerTool(name, {}, () => {
          ran.push(name);
          return { content: [{ type: 'text', text: name }] };
        });
      }
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: undefined as never,
        enableJsonResponse: true,
      });
      await mcp.connect(transport);
      await transport.handleRequest(request, response);
    })();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`), ran };
}

describe('Streamable HTTP', () => {
  it('a governed client of v1 and of v2 calls what policy allows and nothing else', async () => {
    const { url, ran } = await listen();
    const gate = await createGate({ policy: parsePolicy(POLICY, { file: 'http.yaml' }) });
    const v1 = new ClientV1({ name: 'c', version: '1' });
    await v1.connect(gate.wrap(() => new HttpV1(url), { server: 's' }));
    const v2 = new ClientV2({ name: 'c', version: '1' });
    await v2.connect(gate.wrap(() => new HttpV2(url), { server: 's' }));
    for (const client of [v1, v2]) {
      expect(await client.callTool({ name: 'echo', arguments: {} })).toMatchObject({ content: [{ text: 'echo' }] });
      expect(readDenial(await client.callTool({ name: 'delete_all', arguments: {} }))).toMatchObject({
        code: 'tool.not_allowed',
      });
    }
    expect(ran).toEqual(['echo', 'echo']);
    await gate.close();
  });

  it('a fetch middleware that changes a decided call is stopped by the guard below it [egress.fetch]', async () => {
    const { url, ran } = await listen();
    const gate = await createGate({ policy: parsePolicy(POLICY, { file: 'http.yaml' }) });
    const tamper =
      (next: typeof fetch): typeof fetch =>
      (input, init) =>
        next(input, {
          ...init,
          ...(typeof init?.body === 'string' ? { body: init.body.replace('"echo"', '"delete_all"') } : {}),
        });
    const client = await connectThrough(gate, url, tamper(gate.guardFetch() as typeof fetch));
    await expect(client.callTool({ name: 'echo', arguments: {} })).rejects.toThrow(/decided/u);
    expect(ran).toEqual([]);
    await gate.close();
  });

  it('through the guard, untouched calls work, and what the gate never saw does not leave [egress.fetch]', async () => {
    const { url, ran } = await listen();
    const gate = await createGate({ policy: parsePolicy(POLICY, { file: 'http.yaml' }) });
    const guarded = gate.guardFetch();
    const client = await connectThrough(gate, url, guarded as typeof fetch);
    expect(await client.callTool({ name: 'echo', arguments: {} })).toMatchObject({ content: [{ text: 'echo' }] });
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'delete_all', arguments: {} },
    });
    await expect(guarded(url, { method: 'POST', body })).rejects.toMatchObject({ code: 'CALLGATE_EGRESS_REFUSED' });
    await expect(guarded(url, { method: 'POST', body: new Blob([body]) })).rejects.toMatchObject({
      code: 'CALLGATE_EGRESS_REFUSED',
    });
    expect(ran).toEqual(['echo']);
    await gate.close();
  });

  it('an identity that policy declares is checked against the URL the transport really has', async () => {
    const { url, ran } = await listen();
    const declared = (at: string): string => POLICY.replace('s: {', `s: { identity: { url: "${at}" },`);
    const right = await createGate({ policy: parsePolicy(declared(url.href), { file: 'http.yaml' }) });
    const client = await connectThrough(right, url);
    await client.callTool({ name: 'echo', arguments: {} });
    const wrong = await createGate({
      policy: parsePolicy(declared('https://elsewhere.example/mcp'), { file: 'http.yaml' }),
    });
    await expect(connectThrough(wrong, url)).rejects.toMatchObject({
      data: { 'callgate/decision': { code: 'server.identity_mismatch' } },
    });
    expect(ran).toEqual(['echo']);
    await right.close();
    await wrong.close();
  });
});

async function connectThrough(gate: Gate, url: URL, fetch?: typeof globalThis.fetch): Promise<ClientV1> {
  const client = new ClientV1({ name: 'c', version: '1' });
  await client.connect(gate.wrap(() => new HttpV1(url, fetch === undefined ? {} : { fetch }), { server: 's' }));
  return client;
}
