import { standardKinds } from '@callgate/arguments';
import {
  compilePolicy,
  decide,
  policyYaml,
  suggestPolicy,
  parsePolicy,
  type Call,
  type ObservedCall,
} from '@callgate/policy';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

const asked = Number(process.env['CALLGATE_CASES']);
const RUNS = { numRuns: Number.isInteger(asked) && asked > 0 ? asked : 40 };
const TIMEOUT_MS = 20_000 + RUNS.numRuns * 200;
const kinds = standardKinds;

beforeAll(async () => {
  await Promise.all(kinds.map(async (kind) => kind.load?.()));
});

const word = fc.constantFrom('a', 'b', 'report', 'x1', '.git', 'Data', '2026', '..', 'n o', 'ü', '[slug]');
const host = fc.constantFrom(
  'api.example.com',
  'example.org',
  '10.0.0.1',
  'localhost',
  '8.8.8.8',
  'xn--bcher-kva.example',
);
const SORTS: readonly fc.Arbitrary<string>[] = [
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    'us-east',
    'us-west',
    'T-0042',
    'two words',
    'sk-abcdefghijklmnopqrstu1',
    'Пример',
    'line\nbreak',
    '*',
    '\u202E',
  ),
  fc
    .tuple(fc.constantFrom('', '/', './', '/srv/', 'C:/'), fc.array(word, { maxLength: 4 }))
    .map(([root, names]) => root + names.join('/')),
  fc
    .tuple(
      fc.constantFrom('http', 'https', 'ws'),
      host,
      fc.constantFrom('', ':443', ':8080', ':80'),
      fc.constantFrom('', '/', '/a/b', '?', '?a=1', '#f', '/x?y#z'),
    )
    .map(([scheme, name, port, rest]) => `${scheme}://${name}${port}${rest}`),
  fc
    .array(
      fc.tuple(fc.constantFrom('ann', 'bob+x', '-x', 'c.d'), host).map(([user, name]) => `${user}@${name}`),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join(', ')),
  fc.constantFrom(
    'select 1',
    'select * from monsters where id = $1 limit 10',
    'with x as (select 1) select * from x, habitats limit 5000',
    'delete from monsters',
    'delete from "Monsters" where id = 1',
    'insert into a.b values (1) returning *',
    'explain select pg_sleep(1)',
    'explain select 1',
    'update t set a = 1 where a = ?',
    'drop table t',
    'with recursive r as (select 1 union all select 1 from r) select * from r',
  ),
  fc.constantFrom(
    '2026-11-25T10:00:00Z',
    '2026-11-25T10:00:00.123+01:00',
    '2026-02-30',
    '2026-02-28',
    '2026-11-25T10:00:00',
    '2026-11-25t10:00:00z',
  ),
  fc.constantFrom(
    '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    '3F2504E0-4F89-11D3-9A0C-0305E82C3301',
    '507f1f77bcf86cd799439011',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  ),
  fc.constantFrom('10.0.0.0/8', '10.0.0.0/24', '10.1.2.3', '::1', '2001:db8::/32', '300.1.1.1', '0.0.0.0/0'),
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('{"a":1}', '{"b":[1]}', '[1]', '{"a":1,"a":2}', '{"sk-abcdefghijklmnopqrstu1":1}'),
  fc.constantFrom('*.ts', '**/*', 'docs/**/*.md', '{a,b}*', '?'),
];
const text = fc.oneof(...SORTS);
const ofOneSort = fc.constantFrom(...SORTS).chain((sort) => fc.array(sort, { minLength: 1, maxLength: 30 }));
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1.25, 0.1, 1e21, 12.345),
);
const name = fc.constantFrom('value', 'path', 'pattern', 'amount', 'url', 'sql', 'password');
const args = fc.dictionary(name, fc.oneof(text, number, fc.array(text, { maxLength: 3 }), fc.record({ path: text })), {
  maxKeys: 3,
});

function callOf(given: object): ObservedCall {
  const params = JSON.parse(JSON.stringify({ name: 'use', arguments: given })) as Call['params'];
  const call: Call = {
    server: 's',
    direction: 'client-to-server',
    method: 'tools/call',
    params,
    principal: { user: 'u' },
  };
  return { call };
}

describe('a policy suggested with the standard kinds', () => {
  it(
    'lets pass every call that it was learned from',
    () => {
      fc.assert(
        fc.property(fc.array(args, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), (given, leastSupport) => {
          const calls = given.map(callOf);
          const { document } = suggestPolicy(calls, { holdout: 0, leastSupport, kinds });
          const policy = compilePolicy(document, { kinds });
          for (const { call } of calls) {
            const { effect, violations } = decide(policy, call);
            expect({ effect, violations }).toEqual({ effect: 'allow', violations: [] });
          }
        }),
        RUNS,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'lets pass what it was learned from where one argument is of one sort',
    () => {
      fc.assert(
        fc.property(name, ofOneSort, (key, values) => {
          const calls = values.map((value) => callOf({ [key]: value }));
          const suggestion = suggestPolicy(calls, { holdout: 0, kinds });
          const policy = parsePolicy(policyYaml(suggestion), { kinds });
          expect(calls.filter(({ call }) => decide(policy, call).effect !== 'allow')).toEqual([]);
        }),
        {
          ...RUNS,
          examples: [
            ['value', ['/srv/.git', '/']],
            ['path', ['.git', 'report']],
            ['path', ['/srv/[slug]', '/srv/a']],
          ],
        },
      );
    },
    TIMEOUT_MS,
  );

  it('refuses what lies outside of everything that was seen', () => {
    const twelve = (make: (index: number) => object): ObservedCall[] =>
      Array.from({ length: 12 }, (_, index) => callOf(make(index)));
    const cases: readonly (readonly [(index: number) => object, readonly object[]])[] = [
      [(index) => ({ n: index + 3 }), [{ n: 2 }, { n: 15 }, { n: 3.5 }, { n: '3' }, { n: null }, {}, { n: 3, m: 1 }]],
      [(index) => ({ price: index / 4 }), [{ price: -0.25 }, { price: 3 }, { price: 0.125 }, { price: '1' }]],
      [
        (index) => ({ region: index % 2 === 0 ? 'us-east' : 'us-west' }),
        [{ region: 'eu' }, { region: '*' }, { region: ['us-east'] }],
      ],
      [
        (index) => ({ ticket: `T-${1000 + index}` }),
        [{ ticket: 'T-10' }, { ticket: 'X-1000' }, { ticket: 'T-1000; x' }],
      ],
      [
        (index) => ({ path: `/srv/data/${index}.txt` }),
        [{ path: '/srv/other' }, { path: '/srv/data/../x' }, { path: 'srv/data/1.txt' }],
      ],
      [
        (index) => ({ url: `https://a.example.com/${index}` }),
        [
          { url: 'https://b.example.com/1' },
          { url: 'http://a.example.com/1' },
          { url: 'https://a.example.com:8443/1' },
          { url: 'https://a.example.com/?q' },
        ],
      ],
      [
        (index) => ({ to: `n${index}@example.com` }),
        [{ to: 'n1@example.net' }, { to: 'n1@example.com, n2@example.com' }],
      ],
      [
        (index) => ({ sql: `select a from t where id = ${index} limit 10` }),
        [
          { sql: 'select a from u limit 10' },
          { sql: 'select a from t' },
          { sql: 'delete from t where id = 1' },
          { sql: 'select * from t limit 10' },
        ],
      ],
      [
        (index) => ({ tags: Array.from({ length: 1 + (index % 3) }, () => 'a') }),
        [{ tags: [] }, { tags: ['a', 'a', 'a', 'a'] }, { tags: ['b'] }, { tags: 'a' }],
      ],
      [
        (index) => ({ at: { x: index, y: { z: true } } }),
        [
          { at: { x: 1, y: { z: false } } },
          { at: { x: 1 } },
          { at: { x: 1, y: { z: true }, w: 1 } },
          { at: { x: 12, y: { z: true } } },
        ],
      ],
    ];
    for (const [make, outside] of cases) {
      const { document } = suggestPolicy(twelve(make), { holdout: 0, kinds });
      const policy = compilePolicy(document, { kinds });
      for (const given of outside) {
        const { effect } = decide(policy, callOf(given).call);
        expect({ given, effect }).toEqual({ given, effect: 'deny' });
      }
    }
  });

  it('refuses every number outside of those that were seen', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 9 }), fc.integer(), (seen, other) => {
        const { document } = suggestPolicy(
          seen.map((n) => callOf({ n })),
          { holdout: 0, kinds },
        );
        const { effect } = decide(compilePolicy(document, { kinds }), callOf({ n: other }).call);
        expect(effect).toBe(other >= Math.min(...seen) && other <= Math.max(...seen) ? 'allow' : 'deny');
      }),
      { numRuns: Math.min(RUNS.numRuns, 2000) },
    );
  });
});
