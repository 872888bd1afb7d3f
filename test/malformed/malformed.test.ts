import { readFile } from 'node:fs/promises';

import {
  PolicyError,
  type ArgumentSchema,
  type PolicyDocument,
  type Principal,
  type RuleDocument,
  type ToolDocument,
} from '@callgate/policy';
import { compilePolicy, decide, loadKinds, type CompiledPolicy, type Decision } from 'callgate';
import { describe, expect, it } from 'vitest';

import { OPERATORS } from './conditions.ts';
import { ALSO, CONTROLS, TOOL_KEYS } from './controls.ts';
import { KEYWORDS, KINDS } from './schemas.ts';
import { MALFORMED } from './values.ts';

await loadKinds('sql');

// The rows are values that are not what a condition is about, the columns every condition there is: none of them allows.

const WHEN = { now: Date.UTC(2026, 10, 25, 10) };
const SOMEBODY: Principal = { user: 'ada', tenant: 'acme', roles: ['support'] };

function policyOf(tool: ToolDocument, rules: readonly RuleDocument[] = []): CompiledPolicy {
  const document: PolicyDocument = {
    callgate: 1,
    name: 'malformed',
    version: '1',
    servers: { s: { tools: { t: tool } } },
    ...(rules.length === 0 ? {} : { rules }),
  };
  return compilePolicy(document);
}

function decisionOn(policy: CompiledPolicy, args: object, principal: unknown = SOMEBODY): Decision {
  return decide(
    policy,
    {
      server: 's',
      direction: 'client-to-server',
      method: 'tools/call',
      params: { name: 't', arguments: args } as never,
      principal: principal as Principal,
    },
    WHEN,
  );
}

/** The names of the malformed values that a policy allows as the argument `v`, and `absent` where it allows none at all. */
function allowedBy(policy: CompiledPolicy): string[] {
  const calls: [string, object][] = Object.entries(MALFORMED).map(([name, v]) => [name, { v }]);
  return [...calls, ['absent', {}] as const]
    .filter(([, args]) => decisionOn(policy, args).effect === 'allow')
    .map(([name]) => name);
}

describe('[decide.three-valued] an envelope', () => {
  it.each([...KEYWORDS, ...KINDS].map((one) => [one.schema, one] as const))(
    '%j takes nothing malformed',
    (schema: ArgumentSchema, { good, also = [] }) => {
      const policy = policyOf({ ring: 1, arguments: { v: schema } });
      expect(decisionOn(policy, { v: good }).effect).toBe('allow');
      expect(allowedBy(policy).toSorted()).toEqual([...also].toSorted());
    },
  );

  it('has each of its kinds in the table', async () => {
    const { standardKinds } = await import('../../packages/arguments/src/standard-kinds.ts');
    expect(new Set(KINDS.map(({ name }) => name))).toEqual(new Set(standardKinds.map(({ name }) => name)));
  });
});

describe('[decide.three-valued] a condition', () => {
  const TOOL: ToolDocument = { ring: 1, arguments: { v: { type: 'any', optional: true } } };
  const POSITIONS: Readonly<Record<string, (when: string) => CompiledPolicy>> = {
    deny: (when) => policyOf(TOOL, [{ id: 'r', deny: when }]),
    hold: (when) => policyOf(TOOL, [{ id: 'r', hold: when }]),
    raise: (when) => policyOf(TOOL, [{ id: 'r', raise: { ring: 3, when } }]),
    'approval.when': (when) => policyOf({ ...TOOL, approval: { when } }),
  };

  describe.each(Object.entries(POSITIONS))('of %s', (_, position) => {
    it.each(OPERATORS.map((one) => [one.holds, one] as const))(
      'keeps what is malformed from passing where only what %s holds for may',
      (holds, { good, also = [] }) => {
        const policy = position(`!(${holds})`);
        expect(decisionOn(policy, { v: good }).effect).toBe('allow');
        expect(allowedBy(policy).toSorted()).toEqual([...also].toSorted());
      },
    );
  });

  it('has each of its operators and functions in the table', async () => {
    const page = await readFile(new URL('../../docs/reference/conditions.md', import.meta.url), 'utf8');
    const section = page.split('## Operators and functions')[1]?.split('\n\nNumbers')[0] ?? '';
    const named = [...section.matchAll(/`(?<code>[^`]+)`/gu)].map((match) =>
      (match.groups?.['code'] ?? '').replaceAll(String.raw`\|`, '|'),
    );
    const used = new Set(OPERATORS.flatMap(({ uses }) => uses));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((code) => !used.has(code))).toEqual([]);
  });
});

describe('[decide.three-valued] a control over many calls', () => {
  const TOOL: ToolDocument = {
    ring: 2,
    arguments: { v: { type: 'string', optional: true } },
    labels: ['private'],
    sink: 'external',
    cost: 1,
  };
  /** Words of the author, names and patterns of names: any text will do, and there is nothing else to compare them with. */
  const TEXT_KEYS = new Set(['id', 'message', 'owner', 'server', 'tool', 'labels']);

  function loads(tool: object, controls: object = {}): boolean {
    const servers = { s: { tools: { t: tool } } };
    try {
      compilePolicy({ callgate: 1, name: 'malformed', version: '1', servers, ...controls } as PolicyDocument);
      return true;
    } catch (error) {
      if (error instanceof PolicyError) return false;
      throw error;
    }
  }

  /** The places of a value where one of its keys, or of the objects in it, stands. */
  function placesIn(value: object, path: readonly string[] = []): readonly (readonly string[])[] {
    return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
      const place = [...path, key];
      if (typeof member !== 'object' || member === null || Array.isArray(member)) return [place];
      const below: readonly (readonly string[])[] = placesIn(member, place);
      return below.concat([place]);
    });
  }

  function withValue(value: object, [key = '', ...rest]: readonly string[], member: unknown): object {
    const inner = rest.length === 0 ? member : withValue((value as Record<string, object>)[key] ?? {}, rest, member);
    return { ...value, [key]: inner };
  }

  /** Of each place, which malformed values load there although nothing says that they are good. */
  function taken(value: object, isLoaded: (value: object) => boolean): readonly string[] {
    expect(isLoaded(value)).toBe(true);
    return placesIn(value).flatMap((place) => {
      const key = place.at(-1) ?? '';
      if (TEXT_KEYS.has(key)) return [];
      const also = ALSO[key] ?? [];
      return Object.entries(MALFORMED)
        .filter(
          ([name, member]) => member !== undefined && !also.includes(name) && isLoaded(withValue(value, place, member)),
        )
        .map(([name]) => `${place.join('.')}: ${name}`);
    });
  }

  it.each(CONTROLS.map((row) => [`${row.list} ${JSON.stringify(row.control)}`, row] as const))(
    '%s takes nothing malformed',
    (_, { list, control }) => {
      expect(taken(control, (changed) => loads(TOOL, { [list]: [changed] }))).toEqual([]);
    },
  );

  it('is asked for by a tool in no malformed words', () => {
    const flows = [{ id: 'f', seen: ['private'], sink: 'external' }];
    expect(taken(TOOL_KEYS, (changed) => loads({ ...TOOL, ...changed }, { flows }))).toEqual([]);
  });
});

describe('[decide.three-valued] who', () => {
  const MEMBERS = { users: 'user', agents: 'agent', tenants: 'tenant', workloads: 'workload', teams: 'team' } as const;

  it.each(Object.entries(MEMBERS))('%s takes nobody malformed', (dimension, member) => {
    const policy = policyOf({ ring: 0, who: { [dimension]: ['us-east-1'] } });
    expect(decisionOn(policy, {}, { [member]: 'us-east-1' }).effect).toBe('allow');
    const allowed = [...Object.entries(MALFORMED), ['a list', ['us-east-1']] as const].filter(
      ([, value]) => decisionOn(policy, {}, { [member]: value }).effect === 'allow',
    );
    expect(allowed).toEqual([]);
    expect(decisionOn(policy, {}, {}).effect).toBe('deny');
  });

  it('roles takes nobody malformed', () => {
    const policy = policyOf({ ring: 0, who: { roles: ['us-east-1'] } });
    expect(decisionOn(policy, {}, { roles: ['us-east-1'] }).effect).toBe('allow');
    const rows: [string, unknown][] = [
      ...Object.entries(MALFORMED),
      ...Object.entries(MALFORMED).map(([name, value]): [string, unknown] => [`a list of ${name}`, [value]]),
      ['a text', 'us-east-1'],
      ['a list in a list', [['us-east-1']]],
      ['an object like a list', { 0: 'us-east-1', length: 1 }],
      ['a set', new Set(['us-east-1'])],
    ];
    expect(rows.filter(([, roles]) => decisionOn(policy, {}, { roles }).effect === 'allow')).toEqual([]);
  });
});

describe('[decide.three-valued] a rule about resources', () => {
  const SPELLINGS: Readonly<Record<string, { readonly match: string; readonly texts: readonly string[] }>> = {
    paths: {
      match: '/etc/**',
      texts: [
        '/etc/passwd',
        '/ETC/Passwd',
        '//etc//passwd',
        '/srv/../etc/passwd',
        '/./etc/passwd',
        String.raw`\etc\passwd`,
        'file:///etc/passwd',
        'file://localhost/etc/passwd',
        '%2fetc%2fpasswd',
        '%252fetc%252fpasswd',
        '/etc/passwd\0.png',
        '/etc/passwd\n',
        ' /etc/passwd',
        '\uFF0Fetc\uFF0Fpasswd',
        'cat /etc/passwd',
      ],
    },
    hosts: {
      match: '.evil.example',
      texts: [
        'evil.example',
        'https://EVIL.example/',
        'https://a.evil.example./',
        'https://user@evil.example:8443/x',
        '//evil.example/x',
        'https://evil.example%2f',
        'https:\\\\evil.example\\',
        'https://ev\u00ADil.example/',
        'https://\uFF45vil.example/',
        'mailto:a@evil.example',
      ],
    },
    tables: {
      match: 'salaries',
      texts: [
        'salaries',
        'SALARIES',
        'hr.salaries',
        '"salaries"',
        'SELECT * FROM salaries',
        'select 1 from `salaries`',
      ],
    },
    programs: {
      match: 'rm',
      texts: ['rm', '/bin/rm', 'rm -rf x', 'sudo rm x', 'ls; rm x', 'ls && /usr/bin/rm x', String.raw`r\m x`, `'rm' x`],
    },
    addresses: {
      match: '*@evil.example',
      texts: [
        'a@evil.example',
        'A@EVIL.EXAMPLE',
        'Ada <a@evil.example>',
        'mailto:a@evil.example',
        'x@y.z, a@evil.example',
      ],
    },
  };

  it.each(Object.entries(SPELLINGS))('%s meets every spelling, at any depth', (dimension, { match, texts }) => {
    const policy = policyOf({ ring: 0, arguments: 'any' }, [
      { id: 'r', match: { resources: { [dimension]: [match] } }, deny: true },
    ]);
    expect(decisionOn(policy, { v: 'an ordinary text' }).effect).toBe('allow');
    const allowed = texts.filter((text) =>
      [{ v: text }, { v: [text] }, { v: { w: [{ x: text }] } }].some(
        (args) => decisionOn(policy, args).effect === 'allow',
      ),
    );
    expect(allowed).toEqual([]);
  });
});
