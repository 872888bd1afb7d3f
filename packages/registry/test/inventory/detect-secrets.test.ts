import { describe, expect, it } from 'vitest';

import { detectSecrets } from '../../src/index.ts';
import { isCredentialName } from '../../src/inventory/detect-secrets.ts';

/** A made-up token; joined here so that no scanner takes this file for a leak. */
const token = (prefix: string, body = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'): string => `${prefix}${body}`;

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('what is a secret', () => {
  it.each([
    ['secrets.github-token', token('ghp_')],
    ['secrets.gitlab-token', token('glpat-')],
    ['secrets.aws-access-key-id', token('AKIA', 'ABCDEFGH234567QR')],
    ['secrets.stripe-key', token('sk_live_')],
    ['secrets.npm-token', token('npm_')],
    ['secrets.jwt', `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ sub: 'anna' })}.${token('')}`],
    [
      'secrets.private-key',
      `${token('-----BEGIN RSA ', 'PRIVATE KEY-----')}\n${token('').repeat(4)}\n-----END RSA PRIVATE KEY-----`,
    ],
    // of no known form
    ['random-text', token('ntn_')],
  ])('%s by its form, under any name', (rule, text) => {
    expect(detectSecrets(`ANYTHING=${text}`)).toMatchObject([{ rule, start: 'ANYTHING='.length }]);
    expect(detectSecrets(text)).toMatchObject([{ rule, start: 0 }]);
  });

  it.each([
    'DB_PASSWORD=hunter2',
    'apiKey=correct-horse',
    'X-Api-Key: 91bfc2',
    'Authorization: Bearer abcd-efgh',
    'Authorization=Basic YW5uYTpwdw==',
    'clientSecret="two words"',
    'https://mcp.example.com/?api_key=abcdef',
    'TOKEN=${TOKEN:-written-out}',
  ])('by its name: %s', (text) => {
    expect(detectSecrets(text).map(({ rule }) => rule)).toEqual(['credential-name']);
  });

  it('the password of a connection string, and only that', () => {
    const text = 'DATABASE_URL=postgres://anna:hunter2@db.example.com/shop';
    const [match, ...rest] = detectSecrets(text);
    expect(rest).toEqual([]);
    expect(text.slice(match?.start, match?.end)).toBe('hunter2');
  });

  it('a long random word', () => {
    expect(detectSecrets('SOMETHING=q7Rk2LwX9vTz4NpB8sHd3MfYcJ6g')).toMatchObject([{ rule: 'random-text' }]);
  });
});

describe('what is none', () => {
  it.each([
    'API_KEY=${API_KEY}',
    'API_KEY=${env:API_KEY}',
    'API_KEY=${input:api-key}',
    'API_KEY={env:API_KEY}',
    'API_KEY=$API_KEY',
    'API_KEY=%API_KEY%',
    'API_KEY=${{ secrets.API_KEY }}',
    'API_KEY=${API_KEY:-}',
    'API_KEY=op://vault/item/field',
    'Authorization: Bearer ${TOKEN}',
    'Authorization: Bearer <YOUR_TOKEN>',
    'API_KEY=your-api-key-here',
    'API_KEY=xxxxxxxx',
    'API_KEY=',
    'TOKEN=true',
    'SSH_KEY=/home/anna/.ssh/id_ed25519',
    'MAX_TOKENS=4096',
    'AUTH_TYPE=basic-auth',
    'AWS_ACCESS_KEY_ID_FILE=/run/x',
    '@modelcontextprotocol/server-sequential-thinking@2026.8.31',
    'ghcr.io/github/github-mcp-server@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'integrity=sha512-2WLZ4vUy2fJ8bKqX9w0PzN5sVtQmRhLk7cYdEa3xJgFiBoTuWlHnCvZrMpS6DqGyKe1Xj4A8b5fQt0uIwLz9Vg',
    'https://mcp.example.com/mcp',
    '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  ])('%s', (text) => {
    expect(detectSecrets(text)).toEqual([]);
  });
});

it.each([
  ['OPENAI_API_KEY', true],
  ['accessToken', true],
  ['X-Auth-Token', true],
  ['Cookie', true],
  ['PUBLIC_KEY', false],
  ['MAX_TOKENS', false],
  ['monkey', false],
  ['keyboard', false],
  ['LOG_LEVEL', false],
])('`%s` names a credential: %s', (name, expected) => {
  expect(isCredentialName(name)).toBe(expected);
});

it.each(['a=', 'key: "', 'https://a:', '-----BEGIN ', 'eyJ', 'x'.repeat(24), 'A1a', '${', "k='"])(
  'text made of `%s` takes time in proportion to its length',
  (part) => {
    const timeOf = (length: number): number => {
      const text = part.repeat(length / part.length);
      const times = Array.from({ length: 3 }, () => {
        const start = performance.now();
        detectSecrets(text);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    timeOf(8_192);
    // measured 13 ms; steps in proportion to the square would be 4,000,000,000, which is seconds
    expect(timeOf(65_536)).toBeLessThan(Math.max(400, 32 * timeOf(8_192)));
  },
);
