import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { loadPolicy } from 'callgate';
import { afterAll, describe, expect, it } from 'vitest';

import { splitCommand } from '../src/init/split-command.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const ECHO = fileURLToPath(new URL('support/echo-server.ts', import.meta.url));
const TOKEN = 'canary-9d1f77';
const folder = createFolder();
afterAll(() => folder.clean());

const TOOLS = [
  {
    name: 'get_ticket',
    inputSchema: { type: 'object', properties: { id: { type: 'string', maxLength: 20 } }, required: ['id'] },
  },
  { name: 'send_reply', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } },
  { name: 'delete_ticket' },
];

/** How a test server answers. */
interface Manner {
  readonly isStream?: boolean;
  readonly session?: string;
  readonly pages?: number;
  readonly status?: number;
  readonly body?: string;
}

/** A server of Streamable HTTP, as far as `init` needs one. */
async function withServer<Result>(
  manner: Manner,
  use: (url: string, requests: IncomingMessage[]) => Promise<Result>,
): Promise<Result> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => answer(manner, text, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, requests);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function answer(manner: Manner, text: string, response: ServerResponse): void {
  const { id, method, params } = JSON.parse(text === '' ? '{}' : text) as {
    id?: number;
    method?: string;
    params?: { cursor?: string };
  };
  if (manner.status !== undefined || id === undefined) {
    response.writeHead(manner.status ?? 202).end();
    return;
  }
  const page = Number(params?.cursor ?? '0');
  const isLast = page + 1 >= (manner.pages ?? 1);
  const result =
    method === 'initialize'
      ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'acme/desk', version: '1' } }
      : {
          tools: page === 0 ? TOOLS : [{ name: `list_page_${page}` }],
          ...(isLast ? {} : { nextCursor: String(page + 1) }),
        };
  const body =
    manner.body ??
    JSON.stringify({ jsonrpc: '2.0', id, result }, undefined, 1).replaceAll(
      '\n',
      manner.isStream === true ? ' ' : '\n',
    );
  response.writeHead(200, {
    'content-type': manner.isStream === true ? 'text/event-stream; charset=utf-8' : 'application/json',
    ...(manner.session === undefined ? {} : { 'mcp-session-id': manner.session }),
  });
  const notice = 'data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}';
  response.end(manner.isStream === true ? `: hello\n\n${notice}\r\n\r\nid: 7\ndata: ${body}\n\n` : body);
}

describe('callgate init from a file of tools', () => {
  it.each([
    ['a list', TOOLS],
    ['an object', { tools: TOOLS }],
    ['an answer', { jsonrpc: '2.0', id: 1, result: { tools: TOOLS } }],
  ])('takes %s', async (_what, value) => {
    const tools = folder.write('tools.json', JSON.stringify(value));
    const file = `${folder.path}/starter.yaml`;
    const { code, err } = await runCommand([
      'init',
      '--from-tools',
      tools,
      '--server-name',
      'desk',
      '--approver',
      'role:lead',
      '-o',
      file,
      '--force',
    ]);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect((await loadPolicy(file)).document.servers['desk']?.tools).toEqual({
      get_ticket: { ring: 1, effect: 'read', arguments: { id: { type: 'string', maxLength: 20 } } },
      send_reply: {
        ring: 2,
        effect: 'write',
        arguments: { text: { type: 'string', maxLength: 65_536, optional: true } },
        approval: { by: ['role:lead'] },
      },
      delete_ticket: { ring: 3, effect: 'destructive', arguments: {}, approval: { by: ['role:lead'] } },
    });
    expect(readFileSync(file, 'utf8')).toContain(
      '# destructive: `delete` in its name; ring 3: always held until somebody approves',
    );
    expect((await runCommand(['check', file])).code).toBe(0);
  });

  it('prints it, as YAML or JSON, and takes standard input', async () => {
    const world = { stdin: JSON.stringify(TOOLS) };
    expect((await runCommand(['init', '--from-tools', '-'], world)).out).toContain('get_ticket:');
    const json = await runCommand(['init', '--from-tools', '-', '--format', 'json', '--name', 'first'], world);
    expect(JSON.parse(json.out)).toMatchObject({
      policy: { name: 'first' },
      notes: [{ pointer: '/servers/server/tools/get_ticket' }, {}, {}, {}, {}],
    });
  });

  it('says where there is nothing to write a policy for', async () => {
    expect((await runCommand(['init', '--from-tools', folder.write('none.json', '[]')])).code).toBe(1);
  });

  it('replaces no file without being told to', async () => {
    const there = folder.write('there.yaml', 'mine\n');
    const { code, err } = await runCommand([
      'init',
      '--from-tools',
      folder.write('tools.json', JSON.stringify(TOOLS)),
      '-o',
      there,
    ]);
    expect(code).toBe(2);
    expect(err).toContain('--force');
    expect(readFileSync(there, 'utf8')).toBe('mine\n');
  });
});

describe('callgate init asking a stdio server', () => {
  const line = (...flags: readonly string[]): string =>
    [process.execPath, ECHO, ...flags].map((word) => `'${word}'`).join(' ');

  it('starts it, asks it, and declares who it is', async () => {
    const { code, out, err } = await runCommand(['init', '-s', line(), '--format', 'json']);
    expect({ code, err }).toMatchObject({ code: 0 });
    const { policy } = JSON.parse(out) as { policy: { servers: Record<string, { identity: unknown; tools: object }> } };
    const [server] = Object.values(policy.servers);
    expect(server?.identity).toEqual({ command: process.execPath, args: [ECHO] });
    expect(Object.keys(server?.tools ?? {}).length).toBeGreaterThan(0);
  });

  it.each([
    ['a program that is not there', "'/no/such/program'", 'cannot start'],
    ['a program that ends', `'${process.execPath}' -e 1`, 'the server ended'],
    [
      'a program that does not answer',
      `'${process.execPath}' -e 'process.stdin.resume()'`,
      'does not answer `initialize` within 700 ms',
    ],
    ['what only a shell understands', 'npx server | tee log', 'nothing else of a shell'],
  ])('%s is an error', async (_what, command, words) => {
    // Only the one that never answers may run into the limit, however busy the machine.
    const limit = words.includes('700 ms') ? '700ms' : '30s';
    const { code, err } = await runCommand(['init', '-s', command, '--timeout', limit]);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});

describe('callgate init asking a server over HTTP', () => {
  it.each([
    ['JSON', {}],
    ['a stream of events', { isStream: true, session: 's-1' }],
    ['several pages', { pages: 3, session: 's-2' }],
  ])('reads %s', async (_what, manner: Manner) => {
    await withServer(manner, async (url, requests) => {
      const { code, out, err } = await runCommand(
        ['init', '--url', `${url}?key=1`, '--bearer-env', 'DESK', '--format', 'json'],
        { env: { DESK: TOKEN } },
      );
      expect({ code, err }).toMatchObject({ code: 0 });
      const { policy } = JSON.parse(out) as {
        policy: { servers: Record<string, { identity: unknown; tools: object }> };
      };
      expect(policy.servers['desk']?.identity).toEqual({ url });
      expect(Object.keys(policy.servers['desk']?.tools ?? {})).toHaveLength(3 + (manner.pages ?? 1) - 1);
      expect(requests.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
      expect(
        requests
          .slice(1)
          .every(
            ({ headers }) =>
              headers['mcp-session-id'] === manner.session && headers['mcp-protocol-version'] === '2025-11-25',
          ),
      ).toBe(true);
      expect(requests.at(-1)?.method).toBe(manner.session === undefined ? 'POST' : 'DELETE');
      expect(out + err).not.toContain(TOKEN);
    });
  });

  it.each([
    ['refuses', { status: 401 }, 'HTTP 401'],
    ['redirects', { status: 307 }, 'HTTP 307'],
    ['answers something else', { body: '<html>' }, 'expected an answer to `initialize`'],
    [
      'answers with an error',
      { body: '{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}' },
      'with an error: `no`',
    ],
    ['has more pages than end', { pages: 1_000 }, 'expected at most 5000 tools in 100 pages'],
  ])('says so where it %s', async (_what, manner: Manner, words) => {
    await withServer(manner, async (url) => {
      const { code, err } = await runCommand(['init', '--url', url]);
      expect(code).toBe(2);
      expect(err).toContain(words);
    });
  });

  it.each([
    [['--url', 'ftp://a.example']],
    [['--url', 'https://u:p@a.example']],
    [['--url', 'https://a.example', '--from-tools', 'x']],
    [['--server', 'x', '--bearer-env', 'X']],
    [['--server', 'x', '--timeout', 'soon']],
    [[]],
  ])('%j is an error of usage', async (args) => {
    expect((await runCommand(['init', ...args])).code).toBe(2);
  });
});

describe('the words of a command line', () => {
  it.each([
    ['npx -y pkg', ['npx', '-y', 'pkg']],
    [`  a 'b c'  "d \\" e"f\\ g '' `, ['a', 'b c', 'd " ef g', '']],
    [`'C:\\x' "\\n"`, ['C:\\x', '\\n']],
  ])('%s', (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each(['', '  ', "'open", 'a; b', 'a && b', '$HOME/x', '`x`', 'a > b', '"" x'])('%s is none', (line) => {
    expect(() => splitCommand(line)).toThrow(/expected `--server`/u);
  });
});
