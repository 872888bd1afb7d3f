import type { JsonObject } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { decide, type Decision, type ServerDocument } from '../src/index.ts';
import { policyOf, request, serverRequest, toolCall } from './support/policies.ts';

function ask(server: ServerDocument, method: string, params: JsonObject = {}): Decision {
  return decide(policyOf(server), request(method, params));
}

function hear(server: ServerDocument, method: string, params: JsonObject = {}): Decision {
  return decide(policyOf(server), serverRequest(method, params));
}

describe('client to server', () => {
  it.each([
    'initialize',
    'server/discover',
    'ping',
    'tools/list',
    'subscriptions/listen',
    'notifications/initialized',
    'notifications/cancelled',
    'notifications/progress',
  ])('%s is allowed for every registered server', (method) => {
    expect(ask({}, method).effect).toBe('allow');
  });

  it.each([
    'acme/reindex',
    'tools/delete',
    'sampling/createMessage',
    'roots/list',
    '',
    '__proto__',
    'constructor',
    'x'.repeat(500),
  ])('%s is denied by default', (method) => {
    expect(ask({}, method).code).toBe('method.not_allowed');
  });

  it.each<[string, ServerDocument, string]>([
    ['resources/list', { resources: { allow: ['docs://**'] } }, 'resources'],
    ['resources/templates/list', { resources: { allow: ['docs://**'] } }, 'resources'],
    ['prompts/list', { prompts: { greet: 'any' } }, 'prompts'],
    ['tasks/get', { tasks: 'allow' }, 'tasks'],
    ['tasks/result', { tasks: 'allow' }, 'tasks'],
    ['tasks/list', { tasks: 'allow' }, 'tasks'],
    ['tasks/cancel', { tasks: 'allow' }, 'tasks'],
    ['tasks/update', { tasks: 'allow' }, 'tasks'],
    ['notifications/roots/list_changed', { roots: { allow: ['file:///srv/**'] } }, 'roots'],
  ])('%s is allowed only where the server entry permits its family', (method, server) => {
    expect(ask({}, method).effect).toBe('deny');
    expect(ask(server, method).effect).toBe('allow');
  });

  it('logging/setLevel is allowed unless denied', () => {
    expect(ask({}, 'logging/setLevel', { level: 'debug' }).effect).toBe('allow');
    expect(ask({ logging: 'deny' }, 'logging/setLevel', { level: 'debug' })).toMatchObject({
      effect: 'deny',
      determining: [{ rule: '/servers/inventory/logging' }],
    });
  });
});

describe('resources', () => {
  const server: ServerDocument = {
    resources: { allow: ['docs://guide/*', 'file:///srv/public/**', 'https://docs.example/**', 'note:a/*'] },
  };
  it.each([
    'docs://guide/a',
    'docs://guide/50%25',
    'file:///srv/public/a/b.txt',
    'file:///srv/public/a%2Fb.txt',
    'file://localhost/srv/public/a',
    'HTTPS://DOCS.example:443/a?b=c#d',
    'note:a/b',
  ])('%s may be read', (uri) => {
    expect(ask(server, 'resources/read', { uri })).toMatchObject({ effect: 'allow', ring: 0 });
  });
  it.each([
    'docs://guide/a/b',
    'docs://guide/../secret',
    'docs://guide/%2e%2e',
    'docs://guide/..%2fsecret',
    'docs://guide/%252e%252e%252fsecret',
    'file:///srv/public/../private/a',
    'file:///srv/public/..\\..\\private',
    'file:///srv/public/a\u0000.txt',
    'file:///srv/public/%00',
    'file:///srv/public/a b',
    'file://user:pass@host/srv/public/a',
    'file:///etc/passwd',
    // a server that decodes once more would see another path
    'docs://guide/a%2Fb',
    'docs://guide/a%5cb',
    'docs://guide/a%25252fb',
    // other parsers see another host, or another path, than the WHATWG one
    'https://docs.example\\.evil.example/a',
    'https:docs.example/a',
    'https:/docs.example/a',
    'https:///docs.example/a',
    'file:srv/public/a',
    'file:\\\\\\srv\\public\\a',
    'docs://guide/a\\b',
    '',
    `docs://guide/${'a'.repeat(10_000)}`,
  ])('%j may not', (uri) => {
    expect(ask(server, 'resources/read', { uri }).code).toBe('resource.not_allowed');
  });
  it('a URI that is not text may not', () => {
    for (const uri of [null, 5, ['docs://guide/a'], { uri: 'docs://guide/a' }]) {
      expect(ask(server, 'resources/read', { uri }).code).toBe('resource.not_allowed');
    }
    expect(ask(server, 'resources/read').code).toBe('resource.not_allowed');
  });
  it('are subscribed to only with `subscribe`, each URI by itself', () => {
    const open: ServerDocument = { resources: { allow: ['docs://**'], subscribe: true } };
    expect(ask(server, 'resources/subscribe', { uri: 'docs://guide/a' }).effect).toBe('deny');
    expect(ask(open, 'resources/subscribe', { uri: 'docs://guide/a' }).effect).toBe('allow');
    const listen = (uris: readonly string[]): string =>
      ask(open, 'subscriptions/listen', { notifications: { toolsListChanged: true, resourceSubscriptions: uris } })
        .effect;
    expect(listen(['docs://a', 'docs://b'])).toBe('allow');
    expect(listen(['docs://a', 'file:///etc/passwd'])).toBe('deny');
    expect(ask(open, 'subscriptions/listen', { notifications: { resourceSubscriptions: 'docs://a' } }).effect).toBe(
      'deny',
    );
    expect(ask(open, 'subscriptions/listen', { notifications: { taskIds: ['t'] } }).effect).toBe('deny');
  });
  it('follow their ring', () => {
    expect(ask({ resources: { allow: ['**'], ring: 3 } }, 'resources/read', { uri: 'docs://a' }).effect).toBe('hold');
    const nobody = request('resources/read', { uri: 'docs://a' }, { principal: {} });
    expect(decide(policyOf({ resources: { allow: ['**'], ring: 2 } }), nobody).code).toBe('principal.missing');
  });
});

describe('prompts', () => {
  const server: ServerDocument = {
    prompts: { greet: { arguments: { name: { type: 'string', maxLength: 5 } } }, 'free.*': 'any' },
  };
  it('are fetched by name, within their envelope', () => {
    expect(ask(server, 'prompts/get', { name: 'greet', arguments: { name: 'Ada' } }).effect).toBe('allow');
    expect(ask(server, 'prompts/get', { name: 'greet', arguments: { name: 'Ada Lovelace' } }).code).toBe(
      'arguments.envelope',
    );
    expect(ask(server, 'prompts/get', { name: 'free.text', arguments: { x: 'y' } }).effect).toBe('allow');
    expect(ask(server, 'prompts/get', { name: 'other' }).code).toBe('prompt.not_allowed');
    expect(ask(server, 'prompts/get', {}).code).toBe('prompt.not_allowed');
  });
});

describe('completion', () => {
  const server: ServerDocument = {
    completion: 'allow',
    prompts: { greet: 'any' },
    resources: { allow: ['docs://**'] },
  };
  const complete = (ref: JsonObject): string => ask(server, 'completion/complete', { ref }).effect;
  it('needs to be allowed, and its prompt or resource too', () => {
    expect(
      ask({ prompts: { greet: 'any' } }, 'completion/complete', { ref: { type: 'ref/prompt', name: 'greet' } }).effect,
    ).toBe('deny');
    expect(complete({ type: 'ref/prompt', name: 'greet' })).toBe('allow');
    expect(complete({ type: 'ref/prompt', name: 'other' })).toBe('deny');
    expect(complete({ type: 'ref/resource', uri: 'docs://{name}/{+path}' })).toBe('allow');
    expect(complete({ type: 'ref/resource', uri: 'file:///{path}' })).toBe('deny');
    expect(complete({ type: 'other' })).toBe('deny');
  });
});

describe('tasks and answers inside a request', () => {
  it('a task-augmented call needs `tasks: allow`', () => {
    const call = toolCall({});
    const augmented = { ...call, params: { ...call.params, task: { ttl: 1 } } };
    expect(decide(policyOf({ tools: { lookup: { ring: 0 } } }), augmented).code).toBe('method.not_allowed');
    expect(decide(policyOf({ tools: { lookup: { ring: 0 } }, tasks: 'allow' }), augmented).effect).toBe('allow');
  });
  it.each<[string, JsonObject, ServerDocument]>([
    ['elicitation', { action: 'accept', content: {} }, { elicitation: 'allow' }],
    ['sampling', { role: 'assistant', content: { type: 'text', text: 'x' }, model: 'm' }, { sampling: 'hold' }],
    ['roots', { roots: [] }, { roots: { allow: ['file:///a/**'] } }],
  ])('an answer to %s needs what it answers to be permitted', (_, answer, server) => {
    const call = toolCall({});
    const retry = { ...call, params: { ...call.params, inputResponses: { q: answer }, requestState: 's' } };
    expect(decide(policyOf({ tools: { lookup: { ring: 0 } } }), retry).code).toBe('method.not_allowed');
    expect(decide(policyOf({ tools: { lookup: { ring: 0 } }, ...server }), retry).effect).toBe('allow');
  });
  it('an answer of an unknown or double kind is denied', () => {
    const server: ServerDocument = {
      tools: { lookup: { ring: 0 } },
      elicitation: 'allow',
      sampling: 'allow',
      roots: { allow: ['**'] },
    };
    for (const inputResponses of [{ q: {} }, { q: 5 }, [], 'x', { q: { action: 'accept', roots: [] } }]) {
      const call = toolCall({});
      expect(decide(policyOf(server), { ...call, params: { ...call.params, inputResponses } }).effect).toBe('deny');
    }
  });
});

describe('custom methods', () => {
  const server: ServerDocument = {
    methods: {
      'acme/reindex': {
        direction: 'client-to-server',
        ring: 1,
        params: { index: { enum: ['a', 'b'] } },
        who: { roles: ['support'] },
      },
      'acme/event': { direction: 'server-to-client', ring: 0 },
    },
  };
  it('pass within their envelope, in their direction, `_meta` aside', () => {
    expect(ask(server, 'acme/reindex', { index: 'a', _meta: { progressToken: 1 } }).effect).toBe('allow');
    expect(ask(server, 'acme/reindex', { index: 'c' }).code).toBe('arguments.envelope');
    expect(hear(server, 'acme/reindex', { index: 'a' }).code).toBe('method.not_allowed');
    expect(hear(server, 'acme/event', { anything: 1 }).effect).toBe('allow');
    expect(decide(policyOf(server), request('acme/reindex', { index: 'a' }, { principal: {} })).code).toBe(
      'principal.not_allowed',
    );
  });
});

describe('server to client', () => {
  it.each([
    'ping',
    'notifications/progress',
    'notifications/cancelled',
    'notifications/tools/list_changed',
    'notifications/subscriptions/acknowledged',
  ])('%s is allowed', (method) => {
    expect(hear({}, method).effect).toBe('allow');
  });
  it.each<[string, ServerDocument]>([
    ['notifications/resources/list_changed', { resources: { allow: ['**'] } }],
    ['notifications/prompts/list_changed', { prompts: { x: 'any' } }],
    ['notifications/elicitation/complete', { elicitation: { url: { then: 'allow', hosts: ['a.example'] } } }],
    ['notifications/tasks/status', { tasks: 'allow' }],
    ['notifications/tasks', { tasks: 'allow' }],
    ['roots/list', { roots: { allow: ['file:///srv/**'] } }],
    ['sampling/createMessage', { sampling: 'allow' }],
  ])('%s is allowed only where the server entry permits its family', (method, server) => {
    expect(hear({}, method).effect).toBe('deny');
    expect(hear(server, method).effect).toBe('allow');
  });
  it('updates are heard only of permitted resources', () => {
    const server: ServerDocument = { resources: { allow: ['docs://**'] } };
    expect(hear(server, 'notifications/resources/updated', { uri: 'docs://a' }).effect).toBe('allow');
    expect(hear(server, 'notifications/resources/updated', { uri: 'other://a' }).effect).toBe('deny');
  });
  it('messages are heard unless logging is denied', () => {
    expect(hear({}, 'notifications/message', {}).effect).toBe('allow');
    expect(hear({ logging: 'deny' }, 'notifications/message', {}).effect).toBe('deny');
  });
  it('unknown ones are denied', () => {
    expect(hear({}, 'tools/call', { name: 'x' }).code).toBe('method.not_allowed');
    expect(hear({}, 'acme/x').code).toBe('method.not_allowed');
  });
});

describe('sampling', () => {
  it('is attenuated wherever it passes', () => {
    expect(hear({ sampling: 'allow' }, 'sampling/createMessage').obligations.limits).toEqual({
      includeContext: 'none',
      tools: false,
    });
    expect(hear({ sampling: { then: 'hold', maxTokens: 1000 } }, 'sampling/createMessage')).toMatchObject({
      effect: 'hold',
      obligations: { limits: { includeContext: 'none', tools: false, maxTokens: 1000 } },
    });
  });
});

describe('elicitation', () => {
  const form = (properties: JsonObject): JsonObject => ({
    message: 'm',
    requestedSchema: { type: 'object', properties },
  });
  const create = (server: ServerDocument, params: JsonObject): string =>
    hear(server, 'elicitation/create', params).effect;

  it('is denied, allowed or held by mode', () => {
    expect(create({}, form({}))).toBe('deny');
    expect(create({ elicitation: 'hold' }, form({}))).toBe('hold');
    expect(create({ elicitation: { form: 'allow' } }, form({ city: { type: 'string' } }))).toBe('allow');
    expect(create({ elicitation: { form: 'allow' } }, { mode: 'url', url: 'https://a.example/' })).toBe('deny');
    expect(create({ elicitation: 'allow' }, { mode: 'other' })).toBe('deny');
    expect(create({ elicitation: 'allow' }, { message: 'no schema' })).toBe('deny');
  });

  it.each<[string, JsonObject]>([
    ['by name', { password: { type: 'string' } }],
    ['in camel case', { apiKey: { type: 'string' } }],
    ['by title', { field: { type: 'string', title: 'Your one-time code (OTP)' } }],
    ['by description', { field: { type: 'string', description: 'Paste the private key here' } }],
    ['with accents and full width', { x: { title: 'Ｐássｗord' } }],
    ['with invisible characters', { x: { title: 'pass\u200Bword' } }],
    ['as a short word', { 'card-pin': { type: 'string' } }],
    ['nested', { card: { type: 'object', properties: { cvv: { type: 'string' } } } }],
  ])('of a secret is denied: %s', (_, properties) => {
    expect(create({ elicitation: 'allow' }, form(properties))).toBe('deny');
    expect(create({ elicitation: { form: 'allow', secrets: 'allow' } }, form(properties))).toBe('allow');
  });

  it('of everyday fields passes', () => {
    expect(
      create(
        { elicitation: 'allow' },
        form({ shipping: { title: 'Shipping address' }, opinion: { description: 'Spinach?' } }),
      ),
    ).toBe('allow');
  });

  it('by URL needs https and a permitted host', () => {
    const server: ServerDocument = {
      elicitation: {
        url: {
          then: 'allow',
          hosts: ['login.example.com', '.acme.example', 'xn--mnchen-3ya.example', 'Zürich.example'],
        },
      },
    };
    const effectOf = (url: string): string => create(server, { mode: 'url', url });
    for (const url of [
      'https://login.example.com/a?b=c',
      'https://LOGIN.example.com:443/',
      'https://sso.acme.example/',
      'https://münchen.example/',
      'https://zürich.example/',
    ]) {
      expect([url, effectOf(url)]).toEqual([url, 'allow']);
    }
    for (const url of [
      'http://login.example.com/',
      'https://login.example.com.evil.io/',
      'https://evil.io/login.example.com',
      'https://login.example.com@evil.io/',
      'https://user:pw@login.example.com/',
      'https://acme.example/',
      'https://notacme.example/',
      'https://xn--80ak6aa92e.acme.example/',
      'https://lоgin.acme.example/',
      'https:\\\\login.example.com\\',
      'data:text/html,x',
      '//login.example.com/',
      '',
    ]) {
      expect([url, effectOf(url)]).toEqual([url, 'deny']);
    }
  });
});

describe('the public face of a server', () => {
  const server = policyOf({
    sampling: 'hold',
    elicitation: { form: 'allow' },
    meta: { allow: ['com.acme/*'] },
    headers: { allow: ['X-Request-Id'] },
    roots: { allow: ['file:///srv/public/**'] },
    resources: { allow: ['docs://**'] },
    prompts: { 'greet*': 'any' },
    timeout: '5s',
    maxResultBytes: 2048,
  }).servers.get('inventory');

  it('says what policy permits', () => {
    expect(server).toMatchObject({
      trust: 'external',
      identity: null,
      stage: 'enforce',
      timeoutMs: 5000,
      maxResultBytes: 2048,
      permitsLogging: true,
      permitsTasks: false,
    });
    expect(
      ['sampling', 'elicitation.form', 'elicitation.url', 'roots', 'tasks'].map((name) =>
        server?.offers(name as never),
      ),
    ).toEqual([true, true, false, true, false]);
    expect([server?.permitsMeta('com.acme/x'), server?.permitsMeta('com.evil/x')]).toEqual([true, false]);
    expect([server?.permitsHeader('x-request-ID'), server?.permitsHeader('authorization')]).toEqual([true, false]);
    expect([server?.permitsRoot('file:///srv/public/a'), server?.permitsRoot('file:///srv/public/../a')]).toEqual([
      true,
      false,
    ]);
    expect([server?.permitsResource('docs://a'), server?.permitsResource('file:///a')]).toEqual([true, false]);
    expect([server?.permitsPrompt('greeting'), server?.permitsPrompt('other')]).toEqual([true, false]);
  });

  it('says yes to all in the stages that block nothing', () => {
    const observed = policyOf({ stage: 'observe' }).servers.get('inventory');
    expect(observed?.offers('sampling')).toBe(true);
    expect(observed?.permitsRoot('file:///etc')).toBe(true);
  });
});
