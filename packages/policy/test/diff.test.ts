import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  decide,
  diffPolicies,
  parsePolicy,
  type DiffItem,
  type PolicyDiff,
  type PolicyDocument,
  type RuleDocument,
  type ServerDocument,
  type ToolDocument,
  type ValueSchema,
} from '../src/index.ts';

const SERVER: ServerDocument = { identity: { command: 'npx', args: ['inventory'] } };

function policyOf(server: ServerDocument, more: Partial<PolicyDocument> = {}): ReturnType<typeof compilePolicy> {
  return compilePolicy({
    callgate: 1,
    name: 'test',
    version: '1',
    servers: { shop: { ...SERVER, ...server } },
    ...more,
  });
}

function diffTools(before: Record<string, ToolDocument>, after: Record<string, ToolDocument>): PolicyDiff {
  return diffPolicies(policyOf({ tools: before }), policyOf({ tools: after }));
}

function diffTool(before: ToolDocument, after: ToolDocument): DiffItem | undefined {
  return itemOf(diffTools({ get: before }, { get: after }), 'tool', 'get');
}

function diffValue(before: ValueSchema, after: ValueSchema): DiffItem | undefined {
  return diffTool({ ring: 1, arguments: { value: before } }, { ring: 1, arguments: { value: after } });
}

function itemOf({ items }: PolicyDiff, subject: string, name: string | null = null): DiffItem | undefined {
  return items.find((item) => item.subject === subject && item.name === name);
}

/** `deny→allow, hold→deny` */
function flipsOf(item: DiffItem | undefined): string {
  return item?.flips.map(({ from, to }) => `${from}→${to}`).join(', ') ?? 'none';
}

describe('arguments', () => {
  it.each<[string, ValueSchema, ValueSchema]>([
    ['a larger maximum', { type: 'integer', maximum: 25 }, { type: 'integer', maximum: 26 }],
    ['a bound that is no longer exclusive', { type: 'number', exclusiveMaximum: 1 }, { type: 'number', maximum: 1 }],
    ['numbers for integers', { type: 'integer', minimum: 0, maximum: 9 }, { type: 'number', minimum: 0, maximum: 9 }],
    ['a step that is a part of the other', { type: 'number', multipleOf: 0.5 }, { type: 'number', multipleOf: 0.25 }],
    ['one more member of an enum', { enum: ['a', 'b'] }, { enum: ['a', 'b', 'c'] }],
    ['text for an enum', { enum: ['a'] }, { type: 'string', maxLength: 1 }],
    ['longer text', { type: 'string', maxLength: 400 }, { type: 'string', maxLength: 401 }],
    ['a longer pattern', { pattern: '^T-[0-9]{4,8}$' }, { pattern: '^T-[0-9]{4,9}$' }],
    ['a pattern without its anchor', { pattern: '^T-[0-9]{4}$' }, { pattern: '^T-[0-9]{4}' }],
    ['a pattern in either case', { pattern: '^k$' }, { pattern: '(?i)^k$' }],
    ['more items', { type: 'array', maxItems: 100 }, { type: 'array', maxItems: 200 }],
    [
      'items that repeat',
      { type: 'array', items: { type: 'integer' }, uniqueItems: true },
      { type: 'array', items: { type: 'integer' } },
    ],
    [
      'wider items',
      { type: 'array', items: { enum: ['a'] }, minItems: 2 },
      { type: 'array', items: { enum: ['a', 'b'] }, minItems: 2 },
    ],
    [
      'something deep inside',
      { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'integer', maximum: 3 } } } } },
      { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'integer', maximum: 4 } } } } },
    ],
    ['other properties', { type: 'object', properties: {} }, { type: 'object', properties: {}, additional: true }],
    ['one more type', { type: 'string' }, { type: ['string', 'null'] }],
  ])('%s is newly allowed, and the other way round newly denied', (_name, narrow, wide) => {
    const widened = diffValue(narrow, wide);
    expect(flipsOf(widened)).toBe('deny→allow');
    expect(widened).toMatchObject({ direction: 'widened', widens: 'yes', narrows: 'no', reasons: [] });
    const narrowed = diffValue(wide, narrow);
    expect(flipsOf(narrowed)).toBe('allow→deny');
    expect(narrowed).toMatchObject({ direction: 'narrowed', widens: 'no', narrows: 'yes', reasons: [] });
  });

  it.each<[string, ValueSchema, ValueSchema]>([
    ['an enum of what a pattern matches', { enum: ['T-1', 'T-2'] }, { pattern: '^T-[12]$' }],
    ['another spelling of a pattern', { pattern: '^[0-9]+$' }, { pattern: '^\\d{1,}$' }],
    [
      'integers by their step',
      { type: 'integer', minimum: 1, maximum: 3 },
      { type: 'number', multipleOf: 1, minimum: 0.5, maximum: 3.5 },
    ],
    ['integers listed', { type: 'integer', minimum: 1, maximum: 3 }, { enum: [1, 2, 3] }],
    ['other words', { type: 'string' }, { type: 'string', message: 'say something' }],
  ])('%s is proved to be the same', (_name, one, other) => {
    expect(diffValue(one, other)?.direction).toBe('changed');
  });

  it('a required argument that becomes optional is newly allowed without it', () => {
    const item = diffTool(
      { ring: 1, arguments: { a: { type: 'string' } } },
      { ring: 1, arguments: { a: { type: 'string', optional: true } } },
    );
    expect(flipsOf(item)).toBe('deny→allow');
    expect(item?.flips[0]?.witness.params).toEqual({ name: 'get', arguments: {} });
  });

  it('a kind that says nothing of another is unknown, with the reason', () => {
    const item = diffValue({ pattern: '(?i)^é$' }, { pattern: '(?i)^É$' });
    expect(item).toMatchObject({ direction: 'unknown', widens: 'unknown', flips: [] });
    expect(item?.reasons).not.toEqual([]);
  });

  it('nothing that cannot pass is said to be newly allowed', () => {
    const empty: ValueSchema = { type: 'integer', minimum: 0.2, maximum: 0.8 };
    const item = diffTool(
      { ring: 1, arguments: { a: empty, b: { type: 'integer', maximum: 1 } } },
      { ring: 1, arguments: { a: empty, b: { type: 'integer', maximum: 2 } } },
    );
    expect(item).toMatchObject({ direction: 'changed', widens: 'no', narrows: 'no' });
  });
});

describe('tools', () => {
  const plain: ToolDocument = { ring: 1, arguments: { limit: { type: 'integer', minimum: 1, maximum: 25 } } };

  it('a policy is the same as itself', () => {
    expect(diffTools({ get: plain }, { get: plain })).toMatchObject({ verdict: 'same', items: [] });
  });

  it('a tool that is added is newly allowed, one that is taken out newly denied', () => {
    const diff = diffTools({ get: plain }, { put: plain });
    expect(itemOf(diff, 'tool', 'put')).toMatchObject({ status: 'added', direction: 'widened' });
    expect(itemOf(diff, 'tool', 'get')).toMatchObject({ status: 'removed', direction: 'narrowed' });
    expect(diff.verdict).toBe('widened');
  });

  it('a tool without an envelope is added to no effect', () => {
    expect(itemOf(diffTools({}, { get: { ring: 1 } }), 'tool', 'get')).toMatchObject({
      direction: 'changed',
      flips: [],
    });
  });

  it('approval taken away, and approval asked for', () => {
    const held = { ...plain, approval: 'required' as const };
    expect(flipsOf(diffTool(held, plain))).toBe('hold→allow');
    expect(diffTool(held, plain)?.flips[0]?.kind).toBe('newly-unheld');
    expect(flipsOf(diffTool(plain, held))).toBe('allow→hold');
    expect(diffTool(plain, held)).toMatchObject({ direction: 'narrowed', widens: 'no' });
  });

  it('one more approver widens, one fewer narrows, and anybody is the widest', () => {
    const by = (...names: readonly string[]): ToolDocument => ({ ...plain, approval: { by: names } });
    expect(diffTool(by('a'), by('a', 'b'))?.direction).toBe('widened');
    expect(diffTool(by('a', 'b'), by('a'))?.direction).toBe('narrowed');
    expect(diffTool(by('a'), { ...plain, approval: 'required' })?.direction).toBe('widened');
    expect(diffTool(by('a'), by('b'))?.direction).toBe('widened');
  });

  it('other approvers narrow as well as they widen, and those of a condition count too', () => {
    const by = (name: string, when?: string): ToolDocument => ({
      ring: 2,
      arguments: { n: { type: 'integer' } },
      approval: { by: [name], ...(when === undefined ? {} : { when }) },
    });
    expect(diffTool(by('a'), by('b'))).toMatchObject({ widens: 'yes', narrows: 'yes' });
    expect(diffTool(by('a', 'arguments.n > 1'), by('b', 'arguments.n > 1'))).toMatchObject({
      widens: 'yes',
      narrows: 'yes',
    });
  });

  it('whom a tool is opened to is somebody whom it was closed to', () => {
    const item = diffTool({ ...plain, who: { roles: ['a'] } }, { ...plain, who: { roles: ['a', 'team-*'] } });
    expect(flipsOf(item)).toBe('deny→allow');
    expect(item?.flips[0]?.witness.principal.roles?.[0]).toMatch(/^team-/u);
    expect(item?.flips[0]?.before.code).toBe('principal.not_allowed');
  });

  it('what changed within the items of a list is told where it stands', () => {
    const items = (maxLength: number): ValueSchema => ({
      type: 'array',
      maxItems: 3,
      items: { type: 'object', properties: { note: { type: 'string', maxLength } } },
    });
    expect(diffValue(items(10), items(20))?.changes).toEqual([
      { key: 'arguments.value.items.properties.note.maxLength', direction: 'widened', before: '10', after: '20' },
    ]);
  });

  it('a longer deadline and a larger result widen without a call to show it', () => {
    expect(diffTool({ ...plain, timeout: '1s' }, { ...plain, timeout: '2s' })).toMatchObject({
      direction: 'widened',
      flips: [],
      changes: [{ key: 'timeout', direction: 'widened', before: '1s', after: '2s' }],
    });
    expect(diffTool({ ...plain, maxResultBytes: '2KiB' }, { ...plain, maxResultBytes: 1024 })?.direction).toBe(
      'narrowed',
    );
  });

  it('words and owners change nothing', () => {
    expect(diffTool(plain, { ...plain, message: 'no', owner: 'me' })).toMatchObject({ direction: 'changed' });
  });

  it('an exact entry that is taken out leaves its calls to a pattern', () => {
    const before = { 'get*': { ring: 0 }, get: { ...plain, approval: 'required' } } as const;
    const item = itemOf(diffTools(before, { 'get*': { ring: 0 } }), 'tool', 'get');
    expect(item).toMatchObject({ status: 'removed', direction: 'widened' });
    expect(flipsOf(item)).toContain('hold→allow');
  });

  it('a pattern is compared by the names that no exact entry judges', () => {
    const diff = diffTools({ 'get_*': plain, get_x: { ring: 0 } }, { 'get_*': { ring: 0 }, get_x: { ring: 0 } });
    const item = itemOf(diff, 'tool', 'get_*');
    expect(flipsOf(item)).toBe('deny→allow');
    expect(item?.flips[0]?.witness.params['name']).not.toBe('get_x');
  });

  it('a narrower pattern with the same entry narrows', () => {
    expect(diffTools({ 'get_*': plain }, { 'get_a*': plain })).toMatchObject({ verdict: 'narrowed' });
    expect(diffTools({ 'get_a*': plain }, { 'get_*': plain })).toMatchObject({ verdict: 'widened' });
  });

  it('a second pattern upon the same names only narrows', () => {
    const diff = diffTools({ 'get_*': { ring: 0 } }, { 'get_*': { ring: 0 }, '*_a': plain });
    expect(itemOf(diff, 'tool', '*_a')?.direction).toBe('widened');
    expect(diffTools({ '*': { ring: 0 } }, { '*': { ring: 0 }, '*_a': plain }).verdict).toBe('narrowed');
  });

  it('a tool in another stage', () => {
    const item = diffTool(plain, { ...plain, stage: 'observe' });
    expect(flipsOf(item)).toBe('deny→allow');
    expect(item?.flips[0]?.after.would).toBe('deny');
  });

  it('a dispatcher that is no longer declared lets pass what it carries', () => {
    const dispatcher: ToolDocument = { ring: 0, dispatch: { tool: '/name', arguments: '/arguments' } };
    const item = diffTool(dispatcher, { ring: 0 });
    expect(flipsOf(item)).toBe('deny→allow');
    expect(diffTool({ ring: 0 }, dispatcher)).toMatchObject({ direction: 'narrowed', widens: 'no' });
  });
});

describe('servers', () => {
  it('a server that is added is newly reached', () => {
    const before = policyOf({});
    const after = policyOf({}, { servers: { shop: SERVER, desk: { tools: { get: { ring: 0 } } } } });
    const diff = diffPolicies(before, after);
    expect(diff.items.map(({ server, subject, status }) => `${server} ${subject} ${status}`)).toEqual([
      'desk server added',
      'desk tool added',
    ]);
    expect(diffPolicies(after, before).verdict).toBe('narrowed');
  });

  it('another identity is newly reached and the old one no longer, and what else changed is told apart', () => {
    const tools = (maximum: number): ServerDocument => ({
      tools: { get: { ring: 1, arguments: { n: { type: 'integer', maximum } } }, put: { ring: 0 } },
    });
    const diff = diffPolicies(
      policyOf(tools(1)),
      policyOf({ ...tools(2), identity: { command: 'npx', args: ['other'] } }),
    );
    expect(diff.items.map(({ subject, name }) => `${subject} ${name}`)).toEqual(['identity null', 'tool get']);
    expect(flipsOf(itemOf(diff, 'identity'))).toBe('deny→allow, allow→deny');
    expect(itemOf(diff, 'tool', 'get')?.flips[0]?.witness.identity).toEqual({ command: 'npx', args: ['other'] });
  });

  it.each<[string, ServerDocument, ServerDocument, string]>([
    ['sampling', {}, { sampling: 'hold' }, 'deny→hold'],
    [
      'elicitation',
      { elicitation: { form: 'allow' } },
      { elicitation: { form: 'allow', secrets: 'allow' } },
      'deny→allow',
    ],
    [
      'elicitation',
      { elicitation: { url: { then: 'allow', hosts: ['login.a.example'] } } },
      { elicitation: { url: { then: 'allow', hosts: ['.a.example'] } } },
      'deny→allow',
    ],
    ['logging', { logging: 'deny' }, {}, 'deny→allow'],
    ['tasks', {}, { tasks: 'allow' }, 'deny→allow'],
    ['completion', { prompts: { p: 'any' } }, { prompts: { p: 'any' }, completion: 'allow' }, 'deny→allow'],
    ['resources', { resources: { allow: ['docs://a/*'] } }, { resources: { allow: ['docs://**'] } }, 'deny→allow'],
    [
      'resources',
      { resources: { allow: ['docs://a'] } },
      { resources: { allow: ['docs://a'], subscribe: true } },
      'deny→allow',
    ],
    [
      'resources',
      { resources: { allow: ['docs://a'], ring: 3 } },
      { resources: { allow: ['docs://a'], ring: 1 } },
      'hold→allow',
    ],
    ['roots', {}, { roots: { allow: ['file:///x/**'] } }, 'deny→allow'],
    ['server', {}, { stage: 'observe' }, 'deny→allow'],
  ])('%s', (subject, before, after, flip) => {
    const there = itemOf(diffPolicies(policyOf(before), policyOf(after)), subject);
    expect(flipsOf(there)).toContain(flip);
    expect(there?.direction).toBe('widened');
    expect(diffPolicies(policyOf(after), policyOf(before))).toMatchObject({ verdict: 'narrowed' });
  });

  it.each<[string, ServerDocument, ServerDocument, string | undefined]>([
    ['trust', {}, { trust: 'internal' }, undefined],
    ['limits', { timeout: '1s' }, {}, undefined],
    ['cache', {}, { cache: 'allow' }, undefined],
    ['meta', { meta: { allow: ['a.b'] } }, { meta: { allow: ['a.*'] } }, 'a.x'],
    ['headers', {}, { headers: { allow: ['X-Tenant'] } }, 'x-tenant'],
    ['roots', { roots: { allow: ['file:///x/*'] } }, { roots: { allow: ['file:///x/**'] } }, 'file:///z/z'],
  ])('%s, which no call shows', (subject, before, after, example) => {
    const item = itemOf(diffPolicies(policyOf(before), policyOf(after)), subject);
    expect(item).toMatchObject({ direction: 'widened', flips: [] });
    if (example !== undefined && subject !== 'roots') expect(item?.changes[0]?.example).toBe(example);
    if (subject === 'roots') expect(item?.changes[0]?.example).toMatch(/^file:\/\/\/x\/.+\/.+/u);
    expect(itemOf(diffPolicies(policyOf(after), policyOf(before)), subject)?.direction).toBe('narrowed');
  });

  it('lists of which neither is within the other widen and narrow', () => {
    const lists = (roots: string, header: string): ServerDocument => ({
      roots: { allow: [roots] },
      headers: { allow: [header] },
    });
    const diff = diffPolicies(policyOf(lists('file:///a', 'x-a')), policyOf(lists('file:///b', 'x-b')));
    expect(itemOf(diff, 'roots')).toMatchObject({ widens: 'yes', narrows: 'yes' });
    expect(itemOf(diff, 'headers')).toMatchObject({ widens: 'yes', narrows: 'yes' });
  });

  it('prompts and custom methods are compared as tools are', () => {
    const prompt = (maxLength: number): ServerDocument => ({
      prompts: { p: { arguments: { a: { type: 'string', maxLength } } } },
    });
    expect(flipsOf(itemOf(diffPolicies(policyOf(prompt(1)), policyOf(prompt(2))), 'prompt', 'p'))).toBe('deny→allow');
    const method = (ring: 1 | 2): ServerDocument => ({
      methods: { 'acme/x': { direction: 'client-to-server', ring, params: {} } },
    });
    expect(flipsOf(itemOf(diffPolicies(policyOf(method(2)), policyOf(method(1))), 'method', 'acme/x'))).toBe(
      'deny→allow',
    );
  });
});

describe('rules', () => {
  const server: ServerDocument = {
    tools: {
      read: { ring: 0, arguments: { path: { type: 'string' } } },
      write: { ring: 2, effect: 'write', arguments: { path: { type: 'string' } } },
    },
  };
  const ruled = (...rules: readonly RuleDocument[]): ReturnType<typeof policyOf> => policyOf(server, { rules });

  it('a rule about a resource that is taken out is shown by a call that names it', () => {
    const item = itemOf(
      diffPolicies(ruled({ id: 'no-etc', match: { resources: { paths: ['/etc/**'] } }, deny: true }), ruled()),
      'rule',
      'no-etc',
    );
    expect(item).toMatchObject({ status: 'removed', direction: 'widened' });
    expect(JSON.stringify(item?.flips[0]?.witness.params)).toContain('/etc/');
    expect(item?.flips[0]?.before.code).toBe('rule.denied');
  });

  it('a rule that is added, or about more, only narrows', () => {
    const held: RuleDocument = { id: 'writes', match: { effect: 'write' }, hold: true };
    expect(diffPolicies(ruled(), ruled(held))).toMatchObject({ verdict: 'narrowed' });
    expect(diffPolicies(ruled(held), ruled({ ...held, match: { effect: ['write', 'read'] } }))).toMatchObject({
      verdict: 'narrowed',
    });
    expect(diffPolicies(ruled(held), ruled({ id: 'writes', match: { effect: 'write' }, deny: true }))).toMatchObject({
      verdict: 'narrowed',
    });
    expect(diffPolicies(ruled(held), ruled({ ...held, id: 'renamed' }))).toMatchObject({ verdict: 'changed' });
  });

  it('an order of rules is nothing', () => {
    const [one, other]: readonly RuleDocument[] = [
      { id: 'a', match: { tool: 'read' }, hold: true },
      { id: 'b', deny: true, match: { tool: 'write' } },
    ];
    expect(diffPolicies(ruled(one!, other!), ruled(other!, one!))).toMatchObject({ verdict: 'same' });
  });

  it('a tool of another effect is no longer what a rule is about', () => {
    const rule: RuleDocument = { id: 'writes', match: { effect: 'write' }, hold: true };
    const before = policyOf({ tools: { put: { ring: 2, effect: 'write', arguments: {} } } }, { rules: [rule] });
    const after = policyOf({ tools: { put: { ring: 2, effect: 'read', arguments: {} } } }, { rules: [rule] });
    expect(flipsOf(itemOf(diffPolicies(before, after), 'tool', 'put'))).toBe('hold→allow');
    expect(diffPolicies(after, before).verdict).toBe('narrowed');
  });

  it('a rule that raises rings only narrows, whatever others are about', () => {
    const deny: RuleDocument = { id: 'low', match: { ring: 0 }, deny: true };
    const raise: RuleDocument = { id: 'up', match: { tool: 'read' }, raise: { ring: 2 } };
    expect(diffPolicies(ruled(deny), ruled(deny, raise))).toMatchObject({ verdict: 'narrowed' });
    expect(diffPolicies(ruled(raise), ruled({ ...raise, raise: { ring: 3 } }))).toMatchObject({ verdict: 'narrowed' });
    expect(diffPolicies(ruled(raise), ruled())).toMatchObject({ verdict: 'widened' });
  });

  it('a condition that is written otherwise is shown by a call that it names, or is unknown', () => {
    const hold = (condition: string): RuleDocument => ({ id: 'etc', match: { tool: 'read' }, hold: condition });
    const one = ruled(hold("arguments.path == '/etc/passwd'"));
    const item = itemOf(diffPolicies(one, ruled(hold("arguments.path == '/etc/shadow'"))), 'rule', 'etc');
    expect(flipsOf(item)).toBe('hold→allow, allow→hold');
    expect(item?.flips[0]?.witness.params).toMatchObject({ arguments: { path: '/etc/passwd' } });
    const alike = diffPolicies(one, ruled(hold("arguments.path + '' == '/etc/passwd'")));
    expect(itemOf(alike, 'rule', 'etc')).toMatchObject({ direction: 'unknown', flips: [] });
    expect(itemOf(alike, 'rule', 'etc')?.reasons[0]).toContain('condition');
  });

  it('a condition that holds for more is proved to, where it compares one value at a time', () => {
    const rule = (more: Partial<RuleDocument>): ReturnType<typeof policyOf> =>
      ruled({ id: 'r', match: { tool: 'read' }, ...more });
    const deny = (condition: string): ReturnType<typeof policyOf> => rule({ deny: condition });
    const hold = (condition: string): ReturnType<typeof policyOf> => rule({ hold: condition });
    const narrows = [
      [deny("arguments.path.startsWith('/etc/x')"), deny("arguments.path.startsWith('/etc')")],
      [hold("arguments.path in ['a']"), hold("arguments.path in ['a', 'b']")],
      [hold('size(arguments.path) > 5'), hold('size(arguments.path) >= 3')],
      [
        hold("principal.tenant == 'a' && size(arguments.path) > 5"),
        hold("principal.tenant == 'a' && size(arguments.path) > 3"),
      ],
      [
        deny("principal.tenant == 'a' || size(arguments.path) > 5"),
        deny("principal.tenant == 'a' || size(arguments.path) > 3"),
      ],
      [hold("arguments.path == 'a'"), deny("arguments.path == 'a'")],
    ] as const;
    for (const [before, after] of narrows) {
      expect(diffPolicies(before, after)).toMatchObject({ verdict: 'narrowed' });
      expect(diffPolicies(after, before)).toMatchObject({ verdict: 'widened' });
    }
  });

  it('to hold where a condition cannot be evaluated is wider than to deny there', () => {
    const hold = (condition: true | string): ReturnType<typeof policyOf> =>
      ruled({ id: 'r', match: { tool: 'read' }, hold: condition });
    expect(diffPolicies(hold("principal.tenant == 'a'"), hold(true))).toMatchObject({ verdict: 'widened' });
    const or = diffPolicies(
      hold("principal.tenant == 'a' || arguments.path == 'b'"),
      hold("principal.tenant == 'a' || arguments.path in ['b', 'c']"),
    );
    expect(['unknown', 'widened']).toContain(or.verdict);
  });

  it('a condition that reads the time is shown at a time', () => {
    const night: RuleDocument = {
      id: 'night',
      hold: "now.window('Mon-Fri 20:00-06:00', 'UTC')",
      match: { tool: 'read' },
    };
    const [flip] = itemOf(diffPolicies(ruled(night), ruled()), 'rule', 'night')?.flips ?? [];
    expect(flip).toMatchObject({ from: 'hold', to: 'allow' });
    expect(decide(ruled(night), flip!.witness, { now: flip!.at! }).effect).toBe('hold');
  });

  it('an approval on another condition is shown by the values that it names', () => {
    const pay = (when: string): ToolDocument => ({
      ring: 2,
      arguments: { amount: { type: 'number', minimum: 0, maximum: 200 } },
      approval: { when },
    });
    const item = diffTool(pay('arguments.amount > 50'), pay('arguments.amount > 80'));
    expect(flipsOf(item)).toBe('hold→allow');
    expect(diffTool({ ...pay('true'), approval: 'required' }, pay('arguments.amount > 50'))?.direction).toBe('widened');
    expect(diffTool(pay('arguments.amount > 50'), pay('arguments.amount > 50'))).toBeUndefined();
  });
});

it('says where in the files, and gives both decisions', () => {
  const text = (maximum: number): string =>
    `callgate: 1\nname: a\nversion: "1"\nservers:\n  shop:\n    tools:\n      get: { ring: 1, arguments: { n: { type: integer, maximum: ${maximum} } } }\n`;
  const [before, after] = [parsePolicy(text(1), { file: 'old.yaml' }), parsePolicy(text(2), { file: 'new.yaml' })];
  const [item] = diffPolicies(before, after).items;
  expect(item?.before[0]).toMatchObject({ rule: '/servers/shop/tools/get', location: { file: 'old.yaml', line: 7 } });
  expect(item?.after[0]?.location).toMatchObject({ file: 'new.yaml', line: 7 });
  const [flip] = item?.flips ?? [];
  expect(flip?.before).toEqual(decide(before, flip!.witness));
  expect(flip?.after).toEqual(decide(after, flip!.witness));
  expect(item?.changes).toEqual([
    { key: 'arguments.n', direction: 'widened', before: 'an integer of at most 1', after: 'an integer of at most 2' },
  ]);
});

it('refuses what is no compiled policy', () => {
  expect(() => diffPolicies({} as never, policyOf({}))).toThrow(TypeError);
});

describe('what a diff must not pass over', () => {
  const LONG = `'${'a'.repeat(90)}'`;

  it('a condition that differs only far into a long part is not the same', () => {
    const rule = (name: string): ReturnType<typeof policyOf> =>
      policyOf(
        { tools: { get: { ring: 1, arguments: { a: { type: 'string' } } } } },
        { rules: [{ id: 'r', deny: `arguments.a.lowerAscii() in [${LONG}, '${name}']` }] },
      );
    expect(diffPolicies(rule('evil'), rule('good')).verdict).toMatch(/^(?:widened|unknown)$/u);
  });

  it('a condition that differs only in the white space of a text is not the same', () => {
    const rule = (text: string): ReturnType<typeof policyOf> =>
      policyOf(
        { tools: { get: { ring: 1, arguments: { a: { type: 'string' } } } } },
        { rules: [{ id: 'r', deny: `arguments.a.lowerAscii() == '${text}'` }] },
      );
    expect(diffPolicies(rule('a  b '), rule('a b  ')).verdict).toMatch(/^(?:widened|unknown)$/u);
  });

  it('results that an inherited setting inspects less are widened, although the tool says the same of them', () => {
    const server = (result: ServerDocument['result']): ServerDocument => ({
      ...(result === undefined ? {} : { result }),
      tools: { get: { ring: 0, result: { redact: ['card'] } } },
    });
    const [before, after] = [policyOf(server('off')), policyOf(server({ pass: ['secret'], instructions: 'pass' }))];
    expect(itemOf(diffPolicies(before, after), 'tool', 'get')).toMatchObject({ widens: 'yes' });
  });

  it('an entry that is taken out takes its limits with it, where a pattern lets its calls pass', () => {
    const strict: ToolDocument = { ring: 0, result: { reject: ['secret'] }, maxResultBytes: '1KiB', timeout: '1s' };
    for (const name of ['get_a', 'get_*']) {
      const [before, after] = [{ '*': { ring: 0 } as const, [name]: strict }, { '*': { ring: 0 } as const }];
      const item = itemOf(diffTools(before, after), 'tool', name);
      expect(item).toMatchObject({ status: 'removed', widens: 'yes' });
      expect(item?.changes.map(({ key }) => key)).toEqual(['entry', 'timeout', 'maxResultBytes', 'result']);
      expect(diffTools(after, before).verdict).toBe('narrowed');
    }
    expect(diffTools({ '*': strict, get: strict }, { '*': strict }).verdict).toBe('changed');
  });

  it('a prompt that nobody can get may be completed all the same', () => {
    const none: ToolDocument['arguments'] = { n: { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 1 } };
    const server = (more: ServerDocument['prompts']): ServerDocument => ({
      completion: 'allow',
      prompts: { other: 'any', ...more },
    });
    const diff = diffPolicies(policyOf(server({})), policyOf(server({ closed: { arguments: none } })));
    expect(flipsOf(itemOf(diff, 'completion'))).toBe('deny→allow');
  });

  it('a rule that holds beside another adds those who may approve, and takes them away', () => {
    const holding = (...rules: readonly Omit<RuleDocument, 'hold'>[]): ReturnType<typeof policyOf> =>
      policyOf(
        { tools: { get: { ring: 0 } } },
        { rules: rules.map((rule) => Object.assign({}, rule, { hold: true } as const)) },
      );
    const [lead, intern, anybody] = [
      { id: 'lead', by: ['role:lead'] },
      { id: 'intern', by: ['role:intern'] },
      { id: 'anybody' },
    ];
    const verdictOf = (before: readonly (typeof anybody)[], after: readonly (typeof anybody)[]): string =>
      diffPolicies(holding(...before), holding(...after)).verdict;
    expect(verdictOf([lead], [lead, intern])).toBe('widened');
    expect(verdictOf([lead, anybody], [anybody])).toBe('widened');
    expect(verdictOf([lead], [lead, { ...lead, id: 'lead-too' }])).toBe('changed');
    expect(verdictOf([], [lead])).toBe('narrowed');
  });
});
