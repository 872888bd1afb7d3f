import { spawn } from 'node:child_process';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { describe, expect, it, onTestFinished } from 'vitest';

import { createPinnedFetch, createPinnedLookup, FetchRefusedError, type PinnedFetchOptions } from '../src/index.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server on loopback, and what it was asked. */
async function listen(
  handle: (request: IncomingMessage, response: ServerResponse, port: number) => void,
): Promise<{ readonly port: number; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of incoming) body += String(chunk);
      seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
      handle(incoming, response, portOf(server));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: portOf(server), seen };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** A fetch for which every name is on loopback, and loopback is permitted. */
function pinned(options: Partial<PinnedFetchOptions> = {}): ReturnType<typeof createPinnedFetch> {
  return createPinnedFetch({
    urls: { schemes: ['http', 'https'], hosts: ['.example.com'], ports: 'any' },
    networks: LOOPBACK,
    resolve: async () => Promise.resolve(['127.0.0.1']),
    ...options,
  });
}

async function refusal(promise: Promise<unknown>): Promise<FetchRefusedError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FetchRefusedError);
  return error as FetchRefusedError;
}

describe('what it fetches', () => {
  it('arrives under the name that was asked for', async () => {
    const { port, seen } = await listen((_, response) => {
      response.writeHead(201, { 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] }).end('done');
    });
    const response = await pinned()(`http://api.example.com:${port}/a?b=1#c`);
    expect([response.status, response.headers.get('x-a'), response.headers.getSetCookie()]).toStrictEqual([
      201,
      '1',
      ['a=1', 'b=2'],
    ]);
    expect(response.url).toBe(`http://api.example.com:${port}/a?b=1#c`);
    expect(response.redirected).toBe(false);
    expect(await response.text()).toBe('done');
    expect(seen).toMatchObject([{ method: 'GET', url: '/a?b=1', headers: { host: `api.example.com:${port}` } }]);
  });

  it.each([
    ['text', 'a=1', 'text/plain;charset=UTF-8'],
    ['a form', new URLSearchParams({ a: '1' }), 'application/x-www-form-urlencoded;charset=UTF-8'],
    ['bytes', new TextEncoder().encode('a=1'), undefined],
    ['a stream', new Blob(['a=1']).stream(), undefined],
  ])('sends %s', async (_, body, type) => {
    const { port, seen } = await listen((_request, response) => response.end());
    await pinned()(new URL(`http://api.example.com:${port}/`), { method: 'POST', body: body as never });
    expect(seen).toMatchObject([{ method: 'POST', body: 'a=1' }]);
    expect(seen[0]?.headers['content-type']).toBe(type);
    expect(seen[0]?.headers['content-length']).toBe('3');
  });

  it('cannot be told another host, or how to frame a message', async () => {
    const { port, seen } = await listen((_, response) => response.end());
    const headers = { host: 'internal.example', connection: 'upgrade', upgrade: 'h2c', te: 'trailers', 'x-a': '1' };
    await pinned()(`http://api.example.com:${port}/`, { headers });
    expect(seen[0]?.headers).toMatchObject({ host: `api.example.com:${port}`, 'x-a': '1' });
    expect(seen[0]?.headers.upgrade).toBeUndefined();
    expect(seen[0]?.headers.te).toBeUndefined();
  });

  it('is decompressed', async () => {
    const { port } = await listen((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('done'));
    });
    expect(await (await pinned()(`http://api.example.com:${port}/`)).text()).toBe('done');
  });

  it('keeps the name for TLS', async () => {
    const hello = new Promise<Buffer>((resolve) => {
      const server = createNetServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (data) => {
          resolve(data);
          socket.destroy();
        });
      });
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        void pinned()(`https://api.example.com:${port}/`).catch(() => undefined);
      });
      onTestFinished(() => void server.close());
    });
    expect((await hello).includes('api.example.com')).toBe(true);
  });

  it('goes past proxies that the environment names', async () => {
    const trap = await listen((_, response) => response.end('proxied'));
    const target = await listen((_, response) => response.end('direct'));
    const source = `
      import { createPinnedFetch } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const fetch = createPinnedFetch({
        urls: { schemes: ['http'], hosts: ['api.example.com'], ports: 'any' },
        networks: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'],
      });
      process.stdout.write(await (await fetch('http://api.example.com:${target.port}/')).text());`;
    const proxy = `http://127.0.0.1:${trap.port}`;
    const child = spawn(process.execPath, ['--conditions=@callgate/source', '--input-type=module', '-e', source], {
      env: { ...process.env, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy, http_proxy: proxy, ALL_PROXY: proxy },
    });
    let printed = '';
    for await (const chunk of child.stdout) printed += String(chunk);
    expect(printed).toBe('direct');
    expect(trap.seen).toStrictEqual([]);
  });
});

describe('which addresses are dialled', () => {
  it('the ones that were checked: a name is resolved once', async () => {
    const { port, seen } = await listen((_, response) => response.end());
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const asked: string[] = [];
    const fetch = pinned({
      resolve: async (host) => {
        asked.push(host);
        return Promise.resolve(answers.shift() ?? []);
      },
    });
    await fetch(`http://api.example.com:${port}/`);
    expect([asked, seen.length]).toStrictEqual([['api.example.com'], 1]);
    expect(await refusal(fetch(`http://api.example.com:${port}/`))).toMatchObject({ reason: 'address' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [['127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['100.64.0.1']],
    [['0.0.0.0']],
    [['::1']],
    [['fd00::1']],
    [['fe80::1%eth0']],
    [['::ffff:127.0.0.1']],
    [['::ffff:7f00:1']],
    [['64:ff9b::7f00:1']],
    [['2002:7f00:1::']],
    [['2130706433']],
    [['127.1']],
    [['localhost']],
    [['']],
    [Array.from({ length: 65 }, () => '8.8.8.8')],
  ])('none where the name has %j', async (addresses) => {
    const fetch = createPinnedFetch({ urls: {}, resolve: async () => Promise.resolve(addresses) });
    expect(await refusal(fetch('https://api.example.com/'))).toMatchObject({
      code: 'CALLGATE_FETCH_REFUSED',
      reason: 'address',
    });
  });

  it('private ones where the rules say so, and metadata services never', async () => {
    const urls = { schemes: ['http'], addresses: 'private', ports: 'any' } as const;
    const { port } = await listen((_, response) => response.end('done'));
    const fetch = createPinnedFetch({ urls, resolve: async () => Promise.resolve(['127.0.0.1']) });
    expect(await (await fetch(`http://intranet:${port}/`)).text()).toBe('done');
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('done');
    const networks = ['169.254.0.0/16', 'fd00::/8'];
    for (const address of ['169.254.169.254', 'fd00:ec2::254']) {
      const other = createPinnedFetch({ urls, networks, resolve: async () => Promise.resolve([address]) });
      expect(await refusal(other('http://intranet/'))).toMatchObject({ reason: 'address' });
    }
  });

  it('IPv6 as well', async () => {
    const server = createServer((_, response) => response.end('six'));
    const isAvailable = await new Promise<boolean>((resolve) => {
      server.on('error', () => {
        resolve(false);
      });
      server.listen(0, '::1', () => {
        resolve(true);
      });
    });
    onTestFinished(() => void server.close());
    if (!isAvailable) return;
    const fetch = pinned({ resolve: async () => Promise.resolve(['::1']) });
    expect(await (await fetch(`http://api.example.com:${portOf(server)}/`)).text()).toBe('six');
  });

  it('a name without address is a failure of the network', async () => {
    await expect(pinned({ resolve: async () => Promise.resolve([]) })('http://api.example.com/')).rejects.toThrow(
      'fetch failed',
    );
    const cause = new Error('no such name');
    await expect(
      pinned({ resolve: async () => Promise.reject(cause) })('http://api.example.com/'),
    ).rejects.toMatchObject({
      name: 'TypeError',
      cause,
    });
  });
});

describe('which URLs are refused before anything is resolved', () => {
  it.each([
    ['http://other.example/', 'url.host'],
    ['ftp://api.example.com/', 'url.scheme'],
    ['http://user:pass@api.example.com/', 'url.credentials'],
    ['http://127.0.0.1/', 'url.address'],
    ['http://0x7f.1/', 'url.host_spelling'],
    ['http://api.example.com./', 'url.host_spelling'],
    ['/path', 'url.syntax'],
    ['http:\\\\api.example.com\\', 'url.character'],
  ])('%s', async (url, code) => {
    const asked: string[] = [];
    const fetch = pinned({
      resolve: async (host) => {
        asked.push(host);
        return Promise.resolve(['127.0.0.1']);
      },
    });
    const error = await refusal(fetch(url));
    expect(error.reason).toBe('url');
    expect(error.problems).toContain(code);
    expect(asked).toStrictEqual([]);
  });

  it('and what is neither text nor a URL', async () => {
    await expect(pinned()(new Request('http://api.example.com/') as never)).rejects.toThrow('expected text or a URL');
  });

  it('no error repeats the URL', async () => {
    const error = await refusal(pinned()('http://secret-canary.example/?token=secret-canary'));
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('canary');
  });
});

describe('redirects', () => {
  /** Answers `/` with a redirect, and everything else with `done`. */
  async function redirecting(
    status: number,
    location: string | ((port: number) => string),
  ): Promise<{ readonly port: number; readonly seen: Seen[] }> {
    return listen((incoming, response, port) => {
      if (incoming.url !== '/') response.end('done');
      else response.writeHead(status, { location: typeof location === 'string' ? location : location(port) }).end();
    });
  }

  it('are followed', async () => {
    const { port, seen } = await redirecting(302, '/there');
    const response = await pinned()(`http://api.example.com:${port}/`);
    expect([response.redirected, response.url]).toStrictEqual([true, `http://api.example.com:${port}/there`]);
    expect(await response.text()).toBe('done');
    expect(seen.map(({ url }) => url)).toStrictEqual(['/', '/there']);
  });

  it.each([
    ['another host', 'http://other.example/', 'url.host'],
    ['loopback', 'http://127.0.0.1/', 'url.address'],
    ['loopback, spelled otherwise once parsed', 'http://0x7f000001/', 'url.address'],
    ['a metadata service', 'http://169.254.169.254/latest/', 'url.host_metadata'],
    ['credentials', 'http://a@api.example.com/', 'url.credentials'],
    ['a file', 'file:///etc/passwd', 'url.scheme'],
    ['another protocol', 'gopher://api.example.com/', 'url.scheme'],
    ['data', 'data:text/plain,a', 'url.syntax'],
    ['localhost', 'http://localhost/', 'url.host_internal'],
    ['the same host without dot', 'http://api.example.com./', 'url.host_spelling'],
  ])('to %s are refused', async (_, location, code) => {
    const { port, seen } = await redirecting(302, location);
    const error = await refusal(pinned()(`http://api.example.com:${port}/`));
    expect(error.reason).toBe('redirect');
    expect(error.problems).toContain(code);
    expect(seen).toHaveLength(1);
  });

  it('to a permitted name on a private address are refused', async () => {
    const { port, seen } = await redirecting(302, (own) => `http://inner.example.com:${own}/there`);
    const fetch = pinned({
      resolve: async (host) => Promise.resolve([host.startsWith('inner') ? '10.0.0.1' : '127.0.0.1']),
    });
    expect(await refusal(fetch(`http://api.example.com:${port}/`))).toMatchObject({ reason: 'address' });
    expect(seen).toHaveLength(1);
  });

  it('from a name that is on a private address by then are refused', async () => {
    const { port, seen } = await redirecting(302, '/there');
    const answers = ['127.0.0.1', '192.168.0.1'];
    const fetch = pinned({ resolve: async () => Promise.resolve([answers.shift() ?? '']) });
    expect(await refusal(fetch(`http://api.example.com:${port}/`))).toMatchObject({ reason: 'address' });
    expect(seen).toHaveLength(1);
  });

  it('are bounded', async () => {
    const { port, seen } = await listen((_, response) => response.writeHead(302, { location: '/again' }).end());
    expect(await refusal(pinned()(`http://api.example.com:${port}/`))).toMatchObject({ reason: 'redirects' });
    expect(seen).toHaveLength(6);
    expect(await refusal(pinned({ maxRedirects: 0 })(`http://api.example.com:${port}/`))).toMatchObject({
      reason: 'redirects',
    });
  });

  it('are left to the caller who wants them', async () => {
    const { port } = await redirecting(302, 'http://127.0.0.1/');
    const response = await pinned()(`http://api.example.com:${port}/`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toStrictEqual([302, 'http://127.0.0.1/']);
    expect(await refusal(pinned()(`http://api.example.com:${port}/`, { redirect: 'error' }))).toMatchObject({
      reason: 'redirect',
    });
  });

  it('to another origin lose what may be a credential', async () => {
    const headers = { authorization: 'Bearer a', cookie: 'a=1', 'x-api-key': 'a', accept: 'text/html' };
    const { port, seen } = await redirecting(302, (own) => `http://other.example.com:${own}/there`);
    await pinned()(`http://api.example.com:${port}/`, { headers });
    expect(seen[0]?.headers).toMatchObject(headers);
    expect(seen[1]?.headers['accept']).toBe('text/html');
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(seen[1]?.headers[name]).toBeUndefined();
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'a=1'],
    [308, 'POST', 'POST', 'a=1'],
  ])('%i makes of %s %s', async (status, method, followed, body) => {
    const { port, seen } = await redirecting(status, '/there');
    await pinned()(`http://api.example.com:${port}/`, { method, body: 'a=1' });
    expect(seen[1]).toMatchObject({ method: followed, body });
    expect(seen[1]?.headers['content-type'] === undefined).toBe(followed === 'GET');
  });

  it('take no body to another origin', async () => {
    const { port, seen } = await redirecting(307, (own) => `http://other.example.com:${own}/there`);
    const error = await refusal(pinned()(`http://api.example.com:${port}/`, { method: 'POST', body: 'a=1' }));
    expect([error.reason, seen.length]).toStrictEqual(['redirect', 1]);
  });
});

describe('bounds', () => {
  const endless = async (encoding?: string): Promise<number> => {
    const { port } = await listen((_, response) => {
      if (encoding === undefined) response.end('a'.repeat(5000));
      else response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('a'.repeat(1_000_000)));
    });
    return port;
  };

  it('a body that says it is too large', async () => {
    const port = await endless();
    expect(await refusal(pinned({ maxResponseBytes: 4999 })(`http://api.example.com:${port}/`))).toMatchObject({
      reason: 'size',
    });
  });

  it('a body that becomes too large', async () => {
    const { port } = await listen((_, response) => {
      for (let count = 0; count < 10; count += 1) response.write('a'.repeat(1000));
      response.end();
    });
    const response = await pinned({ maxResponseBytes: 4999 })(`http://api.example.com:${port}/`);
    expect(await refusal(response.text())).toMatchObject({ reason: 'size' });
  });

  it('a body that becomes too large when it is decompressed', async () => {
    const response = await pinned({ maxResponseBytes: 20_000 })(`http://api.example.com:${await endless('gzip')}/`);
    expect(await refusal(response.text())).toMatchObject({ reason: 'size' });
  });

  it('a body that ends early', async () => {
    const { port } = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('a', () => response.destroy());
    });
    const response = await pinned()(`http://api.example.com:${port}/`);
    await expect(response.text()).rejects.toThrow(/./u);
  });

  it('time until the headers', async () => {
    const { port } = await listen(() => undefined);
    await expect(pinned({ timeoutMs: 50 })(`http://api.example.com:${port}/`)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await expect(
      pinned({ timeoutMs: 50, resolve: async () => new Promise(() => undefined) })(`http://api.example.com:${port}/`),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a signal', () => {
  it('ends a fetch that waits', async () => {
    const controller = new AbortController();
    const { port } = await listen(() => {
      controller.abort();
    });
    await expect(pinned()(`http://api.example.com:${port}/`, { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await expect(pinned()(`http://api.example.com:${port}/`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('ends a body that is being read', async () => {
    const controller = new AbortController();
    const { port } = await listen((_, response) => response.write('a'));
    const response = await pinned()(`http://api.example.com:${port}/`, { signal: controller.signal });
    const reader = response.body!.getReader();
    await reader.read();
    controller.abort();
    await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('options that are refused', () => {
  it.each([
    [undefined, 'options'],
    [{}, 'urls'],
    [{ urls: { host: ['a.example'] } }, 'urls'],
    [{ urls: { hosts: ['localhost'] } }, 'urls.hosts.0'],
    [{ urls: { schemes: ['wss'] } }, 'urls.schemes'],
    [{ urls: {}, networks: ['10.0.0.1/8'] }, 'networks.within.0'],
    [{ urls: {}, maxRedirects: 21 }, 'maxRedirects'],
    [{ urls: {}, timeoutMs: 0 }, 'timeoutMs'],
    [{ urls: {}, maxResponseBytes: -1 }, 'maxResponseBytes'],
    [{ urls: {}, resolve: '127.0.0.1' }, 'resolve'],
    [{ urls: {}, proxy: 'http://a.example' }, 'options'],
  ])('%j', (options, place) => {
    expect(() => createPinnedFetch(options as never)).toThrow(
      expect.objectContaining({ code: 'CALLGATE_GATE_OPTIONS', message: expect.stringContaining(place) as string }),
    );
  });

  it('by createPinnedLookup too', () => {
    expect(() => createPinnedLookup({ addresses: 'any' as never })).toThrow(/addresses/u);
    expect(() => createPinnedLookup({ networks: ['a'] })).toThrow(/networks/u);
  });
});

describe('createPinnedLookup', () => {
  async function get(lookup: ReturnType<typeof createPinnedLookup>, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      request({ host: 'api.example.com', port, lookup, agent: false }, (incoming) => {
        incoming.setEncoding('utf8').on('data', resolve);
      })
        .on('error', reject)
        .end();
    });
  }

  it('lets node:http dial what it checked', async () => {
    const { port } = await listen((_, response) => response.end('done'));
    const resolve = async (): Promise<readonly string[]> => Promise.resolve(['127.0.0.1']);
    expect(await get(createPinnedLookup({ networks: LOOPBACK, resolve }), port)).toBe('done');
    expect(await refusal(get(createPinnedLookup({ resolve }), port))).toMatchObject({ reason: 'address' });
  });

  it('answers for one family', () => {
    const lookup = createPinnedLookup({ resolve: async () => Promise.resolve(['8.8.8.8', '2606:4700:4700::1111']) });
    const ask = async (family: number, all: boolean): Promise<unknown> =>
      new Promise((resolve) => {
        lookup('api.example.com', { family, all }, (error, address) => {
          resolve(error ?? address);
        });
      });
    return Promise.all([
      expect(ask(4, false)).resolves.toBe('8.8.8.8'),
      expect(ask(6, true)).resolves.toStrictEqual([{ address: '2606:4700:4700::1111', family: 6 }]),
      expect(ask(0, true)).resolves.toHaveLength(2),
    ]);
  });
});
