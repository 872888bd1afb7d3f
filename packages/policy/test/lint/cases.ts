import type { LintId } from '../../src/index.ts';

/** Policies that a lint finds something in, with the pointer of what it finds, and policies that it finds nothing in. */
export interface LintCase {
  readonly triggers: readonly (readonly [pointer: string, text: string])[];
  readonly spares: readonly string[];
  /** The servers in the lock; without it there is none. */
  readonly locked?: readonly string[];
}

const HEAD = 'callgate: 1\nname: test\nversion: "1"\n';
const OWNERS = 'owners: { policy: team }\n';

function policy(body: string): string {
  return `${HEAD}${OWNERS}${body}\n`;
}

/** A policy with one server `s` that has an identity and these members. */
function server(members: string): string {
  return policy(`servers:\n  s: { identity: { command: serve, args: [] }, ${members} }`);
}

/** A policy whose server `s` has these tools. */
function tools(entries: string): string {
  return server(`tools: { ${entries} }`);
}

/** A policy with a tool `t` of a ring whose argument `a` has this schema. */
function argument(schema: string, ring = 2): string {
  return tools(`t: { ring: ${ring}, arguments: { a: { ${schema} } } }`);
}

/** A policy with servers `shop` (`get_item`, `pay` with label `money`) and `mail` (`send_*`), and one rule. */
function rule(members: string, more = ''): string {
  return policy(
    `servers:
  shop:
    identity: { command: shop, args: [] }
    tools:
      get_item: { ring: 1, arguments: { id: { type: integer }, note: { type: string, optional: true } } }
      pay: { ring: 2, labels: [money], arguments: { amount: { type: integer, minimum: 1, maximum: 9 } } }
  mail: { identity: { command: mail, args: [] }, tools: { send_*: { ring: 2, arguments: any } } }
rules:${more}
  - { id: r, ${members} }`,
  );
}

const WRITE = ', write: { ring: 2, arguments: { a: { enum: [x] } } }';

/** A policy with tools `get` (label `private`) and `send` (a sink) of a server `s`, and one control. */
function control(key: 'meters' | 'breakers' | 'flows', members: string, settings = '', more = ''): string {
  const get =
    'get: { ring: 1, labels: [private], arguments: { id: { type: integer }, note: { type: string, optional: true } } }';
  const send =
    'send: { ring: 2, sink: external, arguments: { to: { enum: [x] }, n: { type: integer, minimum: 0, maximum: 9 } } }';
  const entries = `tools: { ${get}, ${send}${more} }`;
  return `${server(`${settings} ${entries}`).trimEnd()}\n${key}:\n  - { id: c, ${members} }\n`;
}

function pattern(text: string, ring = 1): string {
  return argument(`type: string, maxLength: 64, pattern: '${text.replaceAll("'", "''")}'`, ring);
}

function command(...words: readonly string[]): string {
  const [program, ...args] = words;
  return policy(
    `servers:\n  s: { identity: { command: ${program}, args: ${JSON.stringify(args)} }, tools: { t: { ring: 0 } } }`,
  );
}

function url(text: string, more = ''): string {
  return policy(`servers:\n  s: { identity: { url: "${text}" }, ${more} tools: { t: { ring: 0 } } }`);
}

/** One policy for each pattern. */
function patterns(texts: readonly string[]): LintCase['triggers'] {
  return texts.map((text) => [PATTERN, pattern(text)]);
}

const T = '/servers/s/tools/t';
const A = `${T}/arguments/a`;
const PATTERN = `${A}/pattern`;
const ARGS = '/servers/s/identity/args';

/** One of a credential's form that was never one. */
const fake = (prefix: string, length: number): string => prefix + 'aB3dE5gH7jK9'.repeat(8).slice(0, length);

export const CASES: Readonly<Record<LintId, LintCase>> = {
  'no-servers': { triggers: [['/servers', policy('servers: {}')]], spares: [tools('t: { ring: 0 }')] },
  'owner-missing': {
    triggers: [
      ['', `${HEAD}servers: { s: { tools: { t: { ring: 0 } } } }\n`],
      ['/owners', `${HEAD}owners: { servers: a }\nservers: { s: { tools: { t: { ring: 1, arguments: {} } } } }\n`],
      [
        '/owners',
        `${HEAD}owners: { servers: a, envelopes: b }\nservers: { s: { tools: { t: { ring: 2, arguments: {}, approval: required } } } }\n`,
      ],
    ],
    spares: [
      `${HEAD}owners: { servers: a }\nservers: { s: { tools: { t: { ring: 1, arguments: {}, owner: b } } } }\n`,
      tools('t: { ring: 3, arguments: {} }'),
      `${HEAD}servers: {}\n`,
    ],
  },
  'not-enforced': {
    triggers: [
      ['/stage', policy('stage: observe\nservers: {}')],
      ['/servers/s/stage', server('stage: off')],
      [`${T}/stage`, tools('t: { ring: 0, stage: observe }')],
      ['/rules/0/stage', rule('deny: true, stage: observe')],
    ],
    spares: [policy('stage: enforce\nservers: {}'), tools('t: { ring: 0, stage: enforce }')],
  },
  'secret-in-policy': {
    triggers: [
      [`${T}/message`, tools(`t: { ring: 0, message: "use ${fake('ghp_', 36)}" }`)],
      [`${T}/message`, tools(`t: { ring: 0, message: "${fake('sk-ant-api03-', 40)}" }`)],
      [`${T}/message`, tools('t: { ring: 0, message: "password: hunter42hunter" }')],
      [`${T}/message`, tools('t: { ring: 0, message: "-----BEGIN RSA PRIVATE KEY-----" }')],
      [`${T}/message`, tools(`t: { ring: 0, message: "AKIA${'Q2W3'.repeat(4)}" }`)],
      [`${ARGS}/1`, command('serve', '--token', 'hunter42hunter')],
      [`${ARGS}/0`, command('serve', '--api-key=a1b2c3d4e5f6')],
      [`${ARGS}/0`, command('serve', 'postgres://app:hunter2@db.internal/app')],
      [`${A}/enum/0`, argument(`enum: ["${fake('eyJ', 20)}.${fake('eyJ', 20)}.${fake('', 20)}"]`)],
    ],
    spares: [
      tools('t: { ring: 0, message: "never paste a token or a password: ask for access" }'),
      tools('t: { ring: 0, message: "the token expired on 2026-11-25" }'),
      command('serve', '--token', '${TOKEN}', '--token-file', '/run/secrets/token'),
      command('serve', 'postgres://app@db.internal/app', 'postgres://app:$PASSWORD@db/app'),
      pattern('^ghp_[A-Za-z0-9]{36}$'),
    ],
  },
  'names-differ-in-case': {
    triggers: [
      ['/servers/S', policy('servers: { s: {}, S: {} }')],
      ['/servers/s/tools/T', tools('t: { ring: 0 }, T: { ring: 0 }')],
      [`${T}/arguments/userid`, tools('t: { ring: 1, arguments: { userId: { const: 1 }, userid: { const: 1 } } }')],
      [`${A}/properties/B`, argument('properties: { b: { const: 1 }, B: { const: 1 } }', 1)],
    ],
    spares: [tools('t: { ring: 0 }, t2: { ring: 0 }')],
  },
  'name-look-alike': {
    triggers: [
      ['/servers/gіthub', policy('servers: { gіthub: {} }')],
      ['/servers/s/tools/re\u200Bad', tools('"re\u200Bad": { ring: 0 }')],
      ['/servers/s/tools/ｒead', tools('ｒead: { ring: 0 }')],
      ['/servers/s/tools/1ist', tools('list: { ring: 0 }, 1ist: { ring: 0 }')],
      ['/servers/s/tools/сору', tools('copy: { ring: 0 }, сору: { ring: 0 }')],
      ['/servers/s/tools/get-user', tools('get_user: { ring: 0 }, get-user: { ring: 0 }')],
    ],
    spares: [
      tools('list: { ring: 0 }, last: { ring: 0 }, größe: { ring: 0 }'),
      tools('получить_файл: { ring: 0 }, 検索: { ring: 0 }'),
    ],
  },
  'server-permits-nothing': {
    triggers: [['/servers/s', server('trust: internal')]],
    spares: [server('resources: { allow: ["docs://a"] }'), server('prompts: { p: any }'), tools('t: { ring: 0 }')],
  },
  'identity-missing': {
    triggers: [['/servers/s', policy('servers: { s: { tools: { t: { ring: 0 } } } }')]],
    spares: [tools('t: { ring: 0 }'), url('https://a.example/mcp')],
  },
  'identity-plaintext': {
    triggers: [['/servers/s/identity/url', url('http://tools.example/mcp')]],
    spares: [
      url('https://tools.example/mcp'),
      url('http://localhost:3000/mcp'),
      url('http://127.0.0.1/mcp'),
      url('http://[::1]:8080/mcp'),
    ],
  },
  'identity-unpinned': {
    triggers: [
      [ARGS, command('npx', '-y', '@acme/server')],
      [ARGS, command('npx', '-y', '@acme/server@latest', '--flag')],
      [ARGS, command('npx', '--yes', '--package=server@^1.2.3', 'server')],
      [ARGS, command('/usr/bin/npx', '-p', 'server@1', 'run')],
      [ARGS, command('npx.cmd', 'server')],
      [ARGS, command('npm', 'exec', '--', 'server')],
      [ARGS, command('pnpm', 'dlx', 'server')],
      [ARGS, command('bunx', 'server')],
      [ARGS, command('uvx', 'server-fetch')],
      [ARGS, command('uvx', '--from', 'git+https://git.example/a', 'server')],
      [ARGS, command('uv', 'tool', 'run', 'server>=1.0')],
      [ARGS, command('pipx', 'run', 'server')],
      [ARGS, command('docker', 'run', '-i', '--rm', '-e', 'TOKEN', 'mcp/server')],
      [ARGS, command('docker', 'run', '-i', 'registry:5000/mcp/server:latest')],
    ],
    spares: [
      command('npx', '-y', '@acme/server@1.4.2', '/data'),
      command('npx', '-y', 'server@1.4.2-rc.1'),
      command('npx', './server'),
      command('npx', '-y', `github:acme/server#${'0a'.repeat(20)}`),
      command('uvx', 'server-fetch==2.0'),
      command('uvx', 'server-fetch@2.0.1'),
      command('uvx', '--from', 'server==1.2.3', 'server'),
      command('docker', 'run', '-i', '--rm', '-v', '/a:/b', 'mcp/server:1.2'),
      command('docker', 'run', '-i', `mcp/server@sha256:${'ab'.repeat(32)}`),
      command('node', 'server.ts'),
      command('npm', 'start'),
    ],
  },
  'trust-plaintext': {
    triggers: [['/servers/s/trust', url('http://tools.example/mcp', 'trust: internal,')]],
    spares: [
      url('http://tools.example/mcp', 'trust: external,'),
      url('https://tools.example/mcp', 'trust: internal,'),
      url('http://localhost/mcp', 'trust: internal,'),
    ],
  },
  'sampling-allowed': {
    triggers: [
      ['/servers/s/sampling', server('sampling: allow')],
      ['/servers/s/sampling', server('sampling: { then: allow, maxTokens: 100 }')],
    ],
    spares: [server('sampling: hold'), server('sampling: { then: hold }'), server('sampling: deny')],
  },
  'elicitation-allowed': {
    triggers: [
      ['/servers/s/elicitation', server('elicitation: allow')],
      ['/servers/s/elicitation', server('elicitation: { form: allow }')],
      ['/servers/s/elicitation', server('elicitation: { url: { then: allow, hosts: [a.example] } }')],
    ],
    spares: [server('elicitation: hold'), server('elicitation: { url: { then: hold, hosts: [a.example] } }')],
  },
  'elicitation-secrets': {
    triggers: [['/servers/s/elicitation/secrets', server('elicitation: { form: hold, secrets: allow }')]],
    spares: [server('elicitation: { form: hold, secrets: deny }')],
  },
  'cache-allowed': { triggers: [['/servers/s/cache', server('cache: allow')]], spares: [server('cache: deny')] },
  'results-uninspected': {
    triggers: [
      ['/servers/s/result', server('result: off')],
      ['/servers/s/result', server('result: { instructions: flag }')],
      ['/servers/s/result', server('result: { pass: [secret] }')],
      ['/servers/s/tools/t/result', tools('t: { ring: 0, result: { flag: [invisible] } }')],
    ],
    spares: [server('result: { instructions: reject, redact: [card] }'), server('result: { flag: [email] }')],
  },
  'secrets-leave': {
    triggers: [
      ['/outgoing/secrets', policy('outgoing: { secrets: pass }\nservers: {}')],
      ['/servers/s/outgoing/secrets', server('outgoing: { secrets: pass }')],
      ['/servers/s/tools/t/outgoing/secrets', tools('t: { ring: 0, outgoing: { secrets: pass } }')],
    ],
    spares: [server('outgoing: { secrets: observe }'), tools('t: { ring: 0, outgoing: { secrets: deny } }')],
  },
  'drift-allowed': {
    triggers: [
      ['/servers/s/drift/added', server('drift: { added: allow }')],
      ['/servers/s/drift/wording', server('drift: { wording: allow, removed: allow }')],
    ],
    spares: [
      server('drift: { wording: hold, added: deny, removed: allow }'),
      server('drift: { protocol-changed: deny }'),
    ],
  },
  'server-not-locked': {
    locked: ['t'],
    triggers: [['/servers/s', server('tools: { t: { ring: 0 } }')]],
    spares: [policy('servers: { t: { identity: { command: serve, args: [] }, tools: { t: { ring: 0 } } } }')],
  },
  'locked-not-in-policy': {
    locked: ['s', 't'],
    triggers: [['/servers', server('tools: { t: { ring: 0 } }')]],
    spares: [policy('servers: { s: { tools: { t: { ring: 0 } } }, t: { tools: { t: { ring: 0 } } } }')],
  },
  'tasks-allowed': { triggers: [['/servers/s/tasks', server('tasks: allow')]], spares: [server('tasks: deny')] },
  'meta-open': {
    triggers: [
      ['/servers/s/meta/allow', server('meta: { allow: ["*"] }')],
      ['/servers/s/meta/allow', server('meta: { allow: [com.acme/id] }')],
    ],
    spares: [tools('t: { ring: 0 }')],
  },
  'headers-open': {
    triggers: [['/servers/s/headers/allow', server('headers: { allow: [x-acme] }')]],
    spares: [tools('t: { ring: 0 }')],
  },
  'uri-any': {
    triggers: [
      ['/servers/s/resources/allow/0', server('resources: { allow: ["**"] }')],
      ['/servers/s/resources/allow/1', server('resources: { allow: ["docs://a", "file:///**"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://**"] }')],
      ['/servers/s/roots/allow/0', server('roots: { allow: ["*"] }')],
    ],
    spares: [
      server('resources: { allow: ["docs://handbook/**", "https://docs.example/**"] }'),
      server('roots: { allow: ["file:///work/**"] }'),
    ],
  },
  'uri-host-open': {
    triggers: [
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://docs.example*"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://*docs.example/**"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://docs.example**"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://**.docs.example/a"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://*/docs/**"] }')],
    ],
    spares: [
      server('resources: { allow: ["https://*.docs.example/**", "https://docs.example/*", "docs://*"] }'),
      server('resources: { allow: ["**"] }'),
    ],
  },
  'uri-never': {
    triggers: [
      ['/servers/s/resources/allow/0', server('resources: { allow: ["HTTPS://docs.example/**"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://Docs.example/**"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://docs.example:443/**"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["file:///a/../b/*"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["file:///a b/*"] }')],
      ['/servers/s/resources/allow/0', server('resources: { allow: ["https://u@docs.example/*"] }')],
    ],
    spares: [server('resources: { allow: ["https://docs.example:8443/**", "HTTPS://Docs.example/a", "docs://A/*"] }')],
  },
  'timeout-long': {
    triggers: [
      ['/servers/s/timeout', server('timeout: 1h')],
      [`${T}/timeout`, tools('t: { ring: 0, timeout: 601s }')],
      [
        '/servers/s/methods/m/timeout',
        server('methods: { m: { direction: client-to-server, ring: 0, params: any, timeout: 11m } }'),
      ],
    ],
    spares: [server('timeout: 10m'), tools('t: { ring: 0, timeout: 600s }')],
  },
  'tool-any': {
    triggers: [['/servers/s/tools/*', tools('"*": { ring: 2, arguments: any }')]],
    spares: [tools('"*": { ring: 1, arguments: any }'), tools('"update_*": { ring: 2, arguments: any }')],
  },
  'exact-escapes-pattern': {
    triggers: [
      [
        '/servers/s/tools/delete_file',
        tools('"delete_*": { ring: 3, arguments: any }, delete_file: { ring: 1, arguments: {} }'),
      ],
      [
        '/servers/s/tools/get_a',
        tools('"get_*": { ring: 1, who: { roles: [r] }, arguments: {} }, get_a: { ring: 1, arguments: {} }'),
      ],
      [
        '/servers/s/tools/put_a',
        tools('"put_*": { ring: 2, approval: required, arguments: {} }, put_a: { ring: 2, arguments: {} }'),
      ],
    ],
    spares: [
      tools('"delete_*": { ring: 3, arguments: any }, get_file: { ring: 1, arguments: {} }'),
      tools('"*": { ring: 0 }, delete_file: { ring: 3, arguments: {} }'),
    ],
  },
  'patterns-contradict': {
    triggers: [
      [
        '/servers/s/tools/get_*',
        tools('"*": { ring: 1, arguments: {} }, "get_*": { ring: 1, arguments: { id: { type: integer } } }'),
      ],
      [
        '/servers/s/tools/get_*',
        tools('"*_*": { ring: 1, arguments: { id: { const: 1 } } }, "get_*": { ring: 1, arguments: {} }'),
      ],
      [
        '/servers/s/tools/a*c*',
        tools(
          '"a*": { ring: 1, arguments: { r: { enum: [x, y] } } }, "a*c*": { ring: 1, arguments: { r: { const: z } } }',
        ),
      ],
    ],
    spares: [
      tools('"get_*": { ring: 1, arguments: {} }, "*_get": { ring: 1, arguments: { id: { const: 1 } } }'),
      tools('"*": { ring: 1, arguments: any }, "get_*": { ring: 1, arguments: { id: { const: 1 } } }'),
      tools(
        '"*": { ring: 1, arguments: { id: { type: integer, optional: true } } }, "get_*": { ring: 1, arguments: { id: { const: 1 } } }',
      ),
    ],
  },
  'who-any': {
    triggers: [
      [`${T}/who/users/0`, tools('t: { ring: 0, who: { users: ["*"] } }')],
      [`${T}/who/roles/1`, tools('t: { ring: 0, who: { roles: [a, "**"] } }')],
    ],
    spares: [tools('t: { ring: 0, who: { users: ["*@acme.example"], roles: [support] } }')],
  },
  'ring-below-effect': {
    triggers: [
      [`${T}/ring`, tools('t: { ring: 1, effect: write, arguments: {} }')],
      [`${T}/ring`, tools('t: { ring: 2, effect: destructive, arguments: {} }')],
    ],
    spares: [
      tools('t: { ring: 2, effect: write, arguments: {} }'),
      tools('t: { ring: 3, effect: read, arguments: {} }'),
    ],
  },
  'effect-below-verb': {
    triggers: [
      ['/servers/s/tools/delete_*', tools('"delete_*": { ring: 1, arguments: any }')],
      ['/servers/s/tools/file.delete/effect', tools('file.delete: { ring: 2, effect: read, arguments: any }')],
      ['/servers/s/tools/gmailSendEmail', tools('gmailSendEmail: { ring: 1, arguments: any }')],
      ['/servers/s/tools/notion-update-page', tools('notion-update-page: { ring: 0 }')],
      ['/servers/s/tools/add_comment', tools('add_comment: { ring: 0 }')],
      ['/servers/s/tools/delete_user__v2', tools('delete_user__v2: { ring: 0 }')],
    ],
    spares: [
      tools('delete_file: { ring: 3, arguments: {} }, update_file: { ring: 2, arguments: {} }'),
      tools('list_deleted: { ring: 0 }, get_update: { ring: 0 }, search_create_options: { ring: 0 }'),
      tools('blog_post_views: { ring: 0 }, charset: { ring: 0 }, query: { ring: 0 }'),
    ],
  },
  'approvers-missing': {
    triggers: [
      [T, tools('t: { ring: 3, arguments: {} }')],
      [`${T}/approval`, tools('t: { ring: 2, arguments: {}, approval: required }')],
      [`${T}/approval`, tools('t: { ring: 3, arguments: {}, approval: {} }')],
      [`${T}/approval`, tools('t: { ring: 2, arguments: {}, approval: { when: "tool.ring > 1" } }')],
      ['/rules/0/hold', rule('match: { tool: pay }, hold: true')],
    ],
    spares: [tools('t: { ring: 3, arguments: {}, approval: { by: [lead] } }'), tools('t: { ring: 2, arguments: {} }')],
  },
  'dispatch-outside-envelope': {
    triggers: [
      [
        `${T}/dispatch/tool`,
        tools(
          't: { ring: 1, arguments: { parameters: { type: object, additional: true } }, dispatch: { tool: /name, arguments: /parameters } }',
        ),
      ],
      [
        `${T}/dispatch/each`,
        tools('t: { ring: 1, arguments: {}, dispatch: { each: /calls, tool: /name, arguments: /parameters } }'),
      ],
    ],
    spares: [
      tools('t: { ring: 1, arguments: any, dispatch: { tool: /name, arguments: "" } }'),
      tools('t: { ring: 1, arguments: { name: { type: string } }, dispatch: { tool: /name, arguments: "" } }'),
    ],
  },
  'envelope-missing': {
    triggers: [
      [T, tools('t: { ring: 1 }')],
      ['/servers/s/methods/m', server('methods: { m: { direction: client-to-server, ring: 2 } }')],
    ],
    spares: [tools('t: { ring: 0 }'), tools('t: { ring: 1, arguments: {} }')],
  },
  'arguments-any': {
    triggers: [
      [`${T}/arguments`, tools('t: { ring: 2, arguments: any }')],
      ['/servers/s/methods/m/params', server('methods: { m: { direction: client-to-server, ring: 3, params: any } }')],
    ],
    spares: [tools('t: { ring: 1, arguments: any }')],
  },
  'envelope-optional': {
    triggers: [[`${T}/arguments`, argument('type: "null", optional: true')]],
    spares: [
      argument('type: "null", optional: true', 1),
      tools('t: { ring: 2, arguments: {} }'),
      tools('t: { ring: 2, arguments: { a: { const: 1, optional: true }, b: { const: 1 } } }'),
    ],
  },
  'additional-open': {
    triggers: [[`${A}/additional`, argument('type: object, additional: true', 1)]],
    spares: [
      argument('type: object, additional: true', 0),
      argument('type: object, additional: false', 1),
      argument('type: object, additional: { type: "null" }', 1),
      tools(
        't: { ring: 1, arguments: { name: { type: string }, a: { type: object, additional: true } }, dispatch: { tool: /name, arguments: /a } }',
      ),
    ],
  },
  'value-any': {
    triggers: [
      [A, argument('type: any')],
      [`${A}/items`, argument('maxItems: 2, items: { type: any }')],
    ],
    spares: [argument('type: any', 1), argument('enum: [1, x, null]'), argument('type: "null"')],
  },
  'string-unbounded': {
    triggers: [
      [A, argument('type: string')],
      [A, argument('type: [string, "null"], minLength: 1')],
      [`${A}/items`, argument('maxItems: 2, items: { type: string }')],
      [`${A}/properties/b`, argument('properties: { b: { type: string } }')],
      [`${A}/additional`, argument('additional: { type: string }')],
      [
        '/servers/s/methods/m/params/p',
        server('methods: { m: { direction: client-to-server, ring: 2, params: { p: { type: string } } } }'),
      ],
    ],
    spares: [
      argument('type: string', 1),
      argument('type: string, maxLength: 200'),
      argument('pattern: "^a$"'),
      argument('enum: [a, b]'),
      argument('const: a'),
    ],
  },
  'number-unbounded': {
    triggers: [
      [A, argument('type: integer')],
      [A, argument('minimum: 0')],
      [A, argument('type: number, exclusiveMaximum: 10')],
    ],
    spares: [argument('type: integer', 1), argument('minimum: 0, exclusiveMaximum: 10'), argument('const: 3')],
  },
  'array-unbounded': {
    triggers: [[A, argument('type: array, items: { const: 1 }')]],
    spares: [
      argument('type: array', 1),
      argument('items: { const: 1 }, maxItems: 3'),
      argument('items: { enum: [a, b] }, uniqueItems: true'),
    ],
  },
  'pattern-universal': {
    triggers: patterns(['.*', '', '^', '$', '^.*$', '.+', '[\\s\\S]*', '(?s)^.*$', '^(a|.*)$', '\\w|\\W', '()']),
    spares: ['^[a-z]+$', '^.{0,100}$', '[^a]', '^[^/]*$', 'a', '^[^\\x00-\\x1f]*$'].map((text) => pattern(text)),
  },
  'pattern-unanchored': {
    triggers: patterns([
      'foo',
      '^foo',
      'foo$',
      '(^foo)',
      '.*@acme\\.com$',
      '^foo|^bar',
      '(?m)^foo$',
      '\\^foo\\$',
      '[^f]oo$',
      '^a(foo$)?',
      '^foo(?m)$',
      '\\Q^foo$\\E',
    ]),
    spares: [
      '^foo$',
      '\\Afoo\\z',
      '^(foo|bar)$',
      '(^foo$)',
      '^foo$|^bar$',
      '(?:^)foo(?:$)',
      '(?i)^foo$',
      '(?i:^foo$)',
      '\\b^foo$\\b',
      '(?m)\\Afoo\\z',
      '^(?P<name>a)$',
      '.*',
    ].map((text) => pattern(text)),
  },
  'pattern-precedence': {
    triggers: patterns(['^a|b$', '^a$|b', 'a|^b$', '(^a|b)$', '^(a|b$)', '^foo|bar|baz$']),
    spares: ['^(a|b)$', '^a$|^b$', 'a|b', '^a\\|b$', '^[a|]b$', '^(?:a|b)$'].map((text) => pattern(text)),
  },
  'pattern-class': {
    triggers: patterns(['.*@[^ourcompany.com$].*', '^[foo|bar]$', '^[^admin|root]$', '^[cat$]$', '^[hello]+$']),
    spares: [
      '^[a-z]+$',
      '^[aeiou]$',
      '^[A-Za-z0-9_$]+$',
      '^[|;&]$',
      '^[[:alpha:]_-]$',
      '^[\\w\\w]$',
      '^[a-zA-Z\\d]$',
    ].map((text) => pattern(text)),
  },
  'pattern-dot': {
    triggers: patterns([
      '^[a-z]+@acme.com$',
      '^https://api.acme.example/',
      '^[a-z]+.example.com$',
      '^(www|api).acme\\.com$',
      '^report.pdf$',
      '^(acme.com|acme\\.org)$',
    ]),
    spares: ['^[a-z]+@acme\\.com$', '^a.b$', '^v1.2$', '^a.*com$', '^.com$', '^acme[.]com$', '^ab.cd[0-9]$'].map(
      (text) => pattern(text),
    ),
  },
  'rule-never': {
    triggers: [
      ['/rules/0', rule('match: { server: shpo }, deny: true')],
      ['/rules/0', rule('match: { tool: [pya, "delete_*"] }, deny: true')],
      ['/rules/0', rule('match: { server: mail, tool: pay }, deny: true')],
      ['/rules/0', rule('match: { labels: secret }, deny: true')],
      ['/rules/0', rule('match: { labels: money, tool: get_item }, deny: true')],
      ['/rules/0', rule('match: { tool: "*", ring: 3 }, deny: true')],
      ['/rules/0', rule('match: { tool: "*", effect: destructive }, deny: true')],
      ['/rules/0', rule('match: { method: tools/cal }, deny: true')],
      ['/rules/0', rule('deny: "false"')],
    ],
    spares: [
      rule('match: { server: [shop, nowhere] }, deny: true'),
      rule('match: { tool: send_mail }, deny: true'),
      rule('match: { tool: "*_mail" }, deny: true'),
      rule('match: { server: "s*", labels: money }, deny: true'),
      rule('match: { tool: "*", ring: 3 }, deny: true', '\n  - { id: up, raise: { ring: 3 } }'),
      rule('match: { method: resources/read }, deny: true'),
      rule('deny: "principal.user == \'x\'"'),
    ],
  },
  'rule-name-unknown': {
    triggers: [
      ['/rules/0/match/server/1', rule('match: { server: [shop, mial] }, deny: true')],
      ['/rules/0/match/tool/0', rule('match: { tool: [pya, "send_*"] }, deny: true')],
      ['/rules/0/match/labels/1', rule('match: { labels: [money, moneys] }, deny: true')],
    ],
    spares: [
      rule('match: { server: [shop, "m*"], tool: [pay, send_mail] }, deny: true'),
      rule('match: { server: nowhere }, deny: true'),
    ],
  },
  'rule-denies-all': {
    triggers: [
      ['/rules/0', rule('deny: true')],
      ['/rules/0', rule('match: { server: "*", tool: "*" }, deny: true')],
    ],
    spares: [
      rule('match: { server: shop }, deny: true'),
      rule('deny: "principal.user == \'x\'"'),
      rule('hold: true, by: [lead]'),
    ],
  },
  'condition-may-err': {
    triggers: [
      ['/rules/0/deny', rule('match: { server: shop }, deny: "arguments.amount > 3"')],
      ['/rules/0/hold', rule('match: { tool: get_item }, hold: "arguments.note == \'x\'", by: [lead]')],
      ['/rules/0/raise/when', rule('match: { server: shop }, raise: { ring: 3, when: "arguments.id > 3" }')],
      [
        `${T}/approval/when`,
        tools(
          't: { ring: 2, arguments: { a: { type: integer, optional: true } }, approval: { by: [lead], when: "arguments.a > 3" } }',
        ),
      ],
      [
        '/servers/s/tools/get_*/approval/when',
        tools(
          '"get_*": { ring: 2, arguments: { a: { type: integer, optional: true } }, approval: { by: [lead], when: "arguments.a > 3" } }',
        ),
      ],
    ],
    spares: [
      rule('match: { tool: pay }, deny: "arguments.amount > 3"'),
      rule('match: { server: shop }, deny: "has(arguments.amount) && arguments.amount > 3"'),
      tools('t: { ring: 2, arguments: { a: { type: integer } }, approval: { by: [lead], when: "arguments.a > 3" } }'),
    ],
  },
  'control-never': {
    triggers: [
      ['/meters/0', control('meters', 'count: calls, per: [run], max: 5, match: { tool: nope }')],
      ['/breakers/0', control('breakers', 'on: denial, per: [run], after: 3, open: 1m, match: { ring: 3 }')],
      ['/flows/0', control('flows', 'seen: [private], sink: external, match: { tool: get }')],
    ],
    spares: [
      control('meters', 'count: calls, per: [run], max: 5'),
      control('meters', 'count: calls, per: [run], max: 5, match: { tool: "*nd" }'),
      control('meters', 'count: calls, per: [run], max: 5, match: { method: resources/read }'),
      control('flows', 'seen: [private], sink: external, match: { tool: send }'),
    ],
  },
  'control-may-err': {
    triggers: [
      ['/meters/0', control('meters', 'count: distinct arguments.id, per: [run], max: 5')],
      ['/meters/0', control('meters', 'count: calls, per: [arguments.note, run], max: 5, match: { tool: get }')],
      ['/meters/0', control('meters', 'sum: arguments.n, per: [run], max: 5, match: { tool: [get, send] }')],
      ['/breakers/0', control('breakers', 'on: denial, per: [arguments.to], after: 3, open: 1m')],
    ],
    spares: [
      control('meters', 'count: distinct arguments.id, per: [run], max: 5, match: { tool: get }'),
      control('meters', 'sum: arguments.n, per: [run], max: 5, match: { ring: 2 }'),
      control('breakers', 'on: denial, per: [arguments], after: 3, open: 1m'),
    ],
  },
  'meter-soft-useless': {
    triggers: [
      ['/meters/0/soft', control('meters', 'count: calls, per: [run], soft: 5, max: 5')],
      ['/meters/0/soft', control('meters', 'sum: rows, per: [run], soft: 6, max: 5')],
    ],
    spares: [control('meters', 'count: calls, per: [run], soft: 4, max: 5')],
  },
  'meter-never-resets': {
    triggers: [
      ['/meters/0', control('meters', 'count: calls, per: [], max: 5')],
      ['/meters/0', control('meters', 'sum: rows, per: [principal.user], max: 5')],
    ],
    spares: [
      control('meters', 'count: calls, per: [run], max: 5'),
      control('meters', 'count: calls, per: [], within: 1h, max: 5'),
      control('meters', 'count: open, per: [], max: 5'),
      control('meters', 'rate: 5/1m, per: []'),
    ],
  },
  'breaker-after-one': {
    triggers: [
      ['/breakers/0/after', control('breakers', 'on: identical failure, per: [run], after: 1, open: 1m')],
      ['/breakers/0/after', control('breakers', 'on: same result, per: [run, tool], after: 1, open: 1m')],
    ],
    spares: [
      control('breakers', 'on: identical failure, per: [run], after: 2, open: 1m'),
      control('breakers', 'on: failure, rate: 50%, of: 20, per: [run], open: 1m'),
    ],
  },
  'flow-label-missing': {
    triggers: [['/flows/0/seen', control('flows', 'seen: [private, untrusted], sink: external', 'trust: internal,')]],
    spares: [
      control('flows', 'seen: [private, untrusted], sink: external'),
      control('flows', 'seen: [private], sink: external', 'trust: internal,'),
    ],
  },
  'sink-below-ring': {
    triggers: [[`${T}/sink`, tools('t: { ring: 1, arguments: { a: { enum: [x] } }, sink: external }')]],
    spares: [tools('t: { ring: 2, arguments: { a: { enum: [x] } }, sink: external }')],
  },
  'sink-missing': {
    triggers: [['/servers/s/tools/write', control('flows', 'seen: [private], sink: external', '', WRITE)]],
    spares: [
      control('flows', 'seen: [private], sink: external', 'trust: internal,', WRITE),
      control('meters', 'count: calls, per: [run], max: 5', '', WRITE),
      control('flows', 'seen: [private], sink: external'),
    ],
  },
  'idempotency-read': {
    triggers: [
      [`${T}/idempotency`, tools('t: { ring: 1, arguments: { a: { type: string } }, idempotency: { key: a } }')],
      [
        `${T}/idempotency`,
        tools('t: { ring: 2, effect: read, arguments: { a: { enum: [x] } }, idempotency: { key: a } }'),
      ],
    ],
    spares: [tools('t: { ring: 2, arguments: { a: { enum: [x] } }, idempotency: { key: a } }')],
  },
  'plan-unused': {
    triggers: [[`${T}/plan`, tools('t: { ring: 0, plan: { name: p, id: /id, ttl: 5m } }')]],
    spares: [
      tools(
        't: { ring: 0, plan: { name: p, id: /id, ttl: 5m } }, do: { ring: 2, arguments: { id: { enum: [x] } }, apply: { plan: p, id: id } }',
      ),
    ],
  },
};
