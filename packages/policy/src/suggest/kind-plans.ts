import type { JsonValue } from '@callgate/canonical';

import { parseUrl } from '../internal/url.ts';
import { listed, steps } from './facets.ts';
import { looksSecret } from './listable.ts';
import type { Facet, KindPlan } from './kind-learner.ts';
import { rootsWith } from './root-folders.ts';

const textThat =
  (pattern: RegExp): KindPlan['fits'] =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : '';
}

const hexCase = steps('case', ['lower', 'any']);

const ids: readonly KindPlan[] = [
  {
    kind: 'id',
    fits: textThat(/^[0-9a-f]{8}-/iu),
    fixed: { format: 'uuid' },
    facets: [hexCase, listed('versions', (value) => [Number(value[14])])],
  },
  {
    kind: 'id',
    fits: textThat(/^[0-7][0-9A-Z]{25}$/u),
    fixed: { format: 'ulid' },
    facets: [steps('case', ['upper', 'any'])],
  },
  { kind: 'id', fits: textThat(/^[0-9a-f]{24}$/iu), fixed: { format: 'objectid' }, facets: [hexCase] },
];

const NEW_TIMES = 'no `earliest` or `latest`: new calls have new times';

const times: readonly KindPlan[] = [
  {
    kind: 'time',
    fits: textThat(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(?:Z|[+-][0-9]{2}:[0-9]{2})$/u),
    fixed: { form: 'date-time' },
    facets: [steps('zone', ['utc', 'offset']), steps('fraction', [0, 3, 6, 9])],
    remark: NEW_TIMES,
  },
  {
    kind: 'time',
    fits: textThat(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+$/u),
    fixed: { form: 'date-time', zone: 'none' },
    facets: [steps('fraction', [0, 3, 6, 9])],
    remark: NEW_TIMES,
  },
  {
    kind: 'time',
    fits: textThat(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u),
    fixed: { form: 'date' },
    facets: [],
    remark: NEW_TIMES,
  },
];

const email: KindPlan = {
  kind: 'email',
  fits: textThat(/^[^\s@]+@[^@]+\.[^@]+/u),
  defaults: { maxRecipients: 1, separators: 'none' },
  facets: [
    {
      key: 'maxRecipients',
      loosest: 10_000,
      ladder: (value, current, isFirst) => {
        const count = addressesOf(value).length;
        return [Math.max(count, isFirst || typeof current !== 'number' ? 1 : current)];
      },
    },
    steps('separators', ['none', 'comma']),
    steps('plus', ['deny', 'allow']),
    listed('domains', (value) =>
      addressesOf(value).map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()),
    ),
  ],
};

function addressesOf(value: JsonValue): readonly string[] {
  return textOf(value)
    .split(',')
    .map((address) => address.trim());
}

const SCHEMES = ['https', 'http', 'wss', 'ws'];

const ports: Facet = {
  key: 'ports',
  loosest: 'any',
  ladder: (value, current, isFirst) => {
    if (current === 'any') return [];
    const port = /^[a-z]+:\/\/[^/?#]*:([0-9]{1,5})(?:[/?#]|$)/u.exec(textOf(value))?.[1];
    const known = Array.isArray(current) ? (current as readonly number[]) : undefined;
    const steady = isFirst || known === undefined ? undefined : [...known];
    const wider = [...new Set([...(known ?? [80, 443]), ...(port === undefined ? [] : [Number(port)])])];
    return [steady, wider.length > 16 ? 'any' : wider.toSorted((left, right) => left - right)];
  },
};

const url: KindPlan = {
  kind: 'url',
  fits: textThat(/^(?:https?|wss?):\/\//u),
  defaults: { maxLength: 2048, addresses: 'public' },
  facets: [
    listed('schemes', (value) => [value.slice(0, value.indexOf(':'))], { most: 4, loosest: SCHEMES }),
    steps('addresses', ['public', 'private']),
    ports,
    steps('query', ['deny', 'allow']),
    steps('fragment', ['deny', 'allow']),
    steps('maxLength', [2048, 8192]),
    listed('hosts', (value) => {
      const host = parseUrl(value)?.hostname;
      return host === undefined ? undefined : [host];
    }),
  ],
};

const cidr: KindPlan = {
  kind: 'cidr',
  fits: textThat(/^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+)(?:\/[0-9]{1,3})?$/iu),
  facets: [
    listed('versions', (value) => [value.includes(':') ? 6 : 4], { most: 2, loosest: [4, 6] }),
    { key: 'form', loosest: 'either', ladder: (value, current, isFirst) => formsFrom(value, current, isFirst) },
  ],
};

function formsFrom(value: JsonValue, current: JsonValue | undefined, isFirst: boolean): readonly JsonValue[] {
  const form = textOf(value).includes('/') ? 'network' : 'address';
  return isFirst || current === form ? [form] : ['either'];
}

const STATEMENTS = ['select', 'values', 'insert', 'update', 'delete', 'merge', 'explain', 'show'];

const statements: Facet = {
  key: 'statements',
  loosest: STATEMENTS,
  ladder: (_value, current, isFirst) => {
    const known = isFirst || !Array.isArray(current) ? [] : (current as readonly string[]);
    const withKnown = (more: readonly string[]): readonly string[] =>
      STATEMENTS.filter((statement) => known.includes(statement) || more.includes(statement));
    const pairs = STATEMENTS.flatMap((one, index) =>
      STATEMENTS.slice(index + 1).map((other) => withKnown([one, other])),
    );
    return [...(known.length === 0 ? [] : [known]), ...STATEMENTS.map((statement) => withKnown([statement])), ...pairs];
  },
};

function sql(dialect: string): KindPlan {
  return {
    kind: 'sql',
    fits: textThat(/^\s*(?:--|\/\*|\(|(?:select|with|insert|update|delete|values|explain|show|merge|table)\b)/iu),
    fixed: { dialect },
    facets: [
      statements,
      listed(
        'tables',
        (value, compiled) => {
          const named = compiled.resources?.(value) ?? [];
          return named.flatMap(({ type, name }) => (type === 'table' ? [name] : []));
        },
        { most: 32 },
      ),
      {
        key: 'where',
        loosest: [],
        ladder: (_value, current, isFirst) => [isFirst || current === undefined ? undefined : current],
      },
      {
        key: 'recursive',
        loosest: true,
        ladder: (_value, current, isFirst) => [isFirst || current === undefined ? undefined : current],
      },
      steps('wildcards', ['deny', 'allow']),
      steps('joins', [0, 1, 2, 4, 8, 1000]),
      steps('limit', [1, 10, 50, 100, 500, 1000, 10_000, undefined]),
    ],
    remark: `read as ${dialect}: say so if the database is another`,
  };
}

/** A key that is `deny` until a path has what is denied, wherever it has it. */
function marked(key: string, loosest: string, mark: RegExp): Facet {
  return {
    key,
    loosest,
    ladder: (value, current, isFirst) =>
      (isFirst || current === 'deny') && !mark.test(textOf(value)) ? ['deny', loosest] : [loosest],
  };
}

const path: KindPlan = {
  kind: 'path',
  fits: (value, name) =>
    typeof value === 'string' &&
    (/^(?:\/|\.\/|[A-Za-z]:[/\\])/u.test(value) || isPathName(name) || /^[\w.-]+(?:\/[\w.-]+)+$/u.test(value)),
  defaults: { maxLength: 1024 },
  facets: [
    {
      key: 'roots',
      loosest: ['/', '.'],
      ladder: (value, current, isFirst) => {
        const known = isFirst || !Array.isArray(current) ? [] : (current as readonly string[]);
        const roots = rootsWith(known, textOf(value));
        return roots === undefined || roots.some(looksSecret) ? [] : [roots];
      },
    },
    // By the whole path: what is the root of one set of paths is a name below the root of a larger one.
    marked('hidden', 'allow', /(?:^|[/\\])\.(?![/\\]|$)/u),
    marked('wildcards', 'brackets', /[*?[\]{}]/u),
    steps('maxLength', [1024, 8192]),
  ],
};

/** Whether an argument of this name is a path, in the words that servers use. */
export function isPathName(name: string): boolean {
  return /(?:^|[_.-]|[a-z](?=[A-Z]))(?:path|paths|file|files|filename|filepath|dir|directory|folder|source|destination)$/iu.test(
    name,
  );
}

const json: KindPlan = {
  kind: 'json',
  fits: textThat(/^\s*[{[]/u),
  facets: [
    { key: 'type', loosest: undefined, ladder: (value, current, isFirst) => jsonTypes(value, current, isFirst) },
    listed('keys', jsonKeys, { most: 32 }),
    steps('maxDepth', [2, 4, 8, 16, 32, 100]),
  ],
};

function jsonTypes(value: JsonValue, current: JsonValue | undefined, isFirst: boolean): readonly JsonValue[] {
  const type = textOf(value).trimStart().startsWith('{') ? 'object' : 'array';
  if (isFirst || current === type) return [type];
  return current === undefined ? [] : [['object', 'array']];
}

function jsonKeys(value: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? Object.keys(parsed) : undefined;
  } catch {
    return undefined;
  }
}

const glob: KindPlan = {
  kind: 'glob',
  fits: (value, name) => typeof value === 'string' && /glob|pattern|mask/iu.test(name) && value.length <= 512,
  fixed: { maxBranches: 64 },
  facets: [steps('minLiterals', [1, 0]), steps('maxWildcards', [1, 2, 4, 8, 64]), steps('minPrefix', [3, 1, 0])],
};

/** The plans for texts, those that say most first: of several that all values pass, the first is suggested. */
export const TEXT_PLANS: readonly KindPlan[] = [
  ...ids,
  ...times,
  email,
  url,
  cidr,
  sql('postgres'),
  sql('sqlite'),
  json,
  glob,
  path,
];

/** For amounts: numbers of at most two decimals, in arguments that are named so. */
export const MONEY_PLAN: KindPlan = {
  kind: 'money',
  fits: (value, name) =>
    typeof value === 'number' && /(?:^|[_-]|[a-z](?=[A-Z]))(?:amount|price|cost|fee|refund|subtotal)$/iu.test(name),
  facets: [steps('decimals', [0, 1, 2])],
};

/** For texts that are nothing in particular: what shows all it holds. */
export const PROSE_PLAN: KindPlan = {
  kind: 'text',
  fits: (value) => typeof value === 'string',
  fixed: { maxLength: 1_000_000 },
  defaults: { encoded: 'deny', mixedScripts: 'deny', marks: 8 },
  facets: [
    steps('lines', [1, undefined]),
    steps('encoded', ['deny', 'allow']),
    steps('mixedScripts', ['deny', 'allow']),
    steps('marks', [8, 16]),
  ],
};
