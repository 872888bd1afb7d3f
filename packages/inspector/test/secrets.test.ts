import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CRAFTED } from '../bench/secrets.ts';
import {
  createInspector,
  createInspectorWith,
  findSecrets,
  findSecretsIn,
  STANDARD_DETECTORS,
  type Treatment,
} from '../src/index.ts';
import { crcDigits } from '../src/secrets/checksums.ts';
import { SERVICES } from '../src/secrets/formats/services.ts';
import { TOKEN_FORMATS } from '../src/secrets/token-formats.ts';
import { isPlaceholder } from '../src/inspect/placeholder.ts';
import { entropyOf } from '../src/secrets/entropy.ts';
import { sampleOf, seeded } from './support/sample-of.ts';

const inspector = createInspector();
const rulesIn = (text: string): readonly string[] => findSecrets(text).map(({ rule }) => rule);

/**
 * A text of the format with at least its entropy: few samples of short formats fall below it. A percent sign in a token begins an escape
 * (RFC 3986 §2.1); one that does not is that of a template, such as `%s`.
 */
function tokenOf(format: (typeof TOKEN_FORMATS)[number], seed: number): string {
  const random = seeded(seed);
  for (let attempt = 0; ; attempt += 1) {
    const token = sampleOf(format.pattern, random).replaceAll(/%(?![0-9a-f]{2})/giu, 'a');
    format.pattern.lastIndex = 0;
    const isWhole = format.pattern.exec(token)?.[0] === token;
    if ((isWhole && entropyOf(token) >= format.minEntropy) || attempt > 200) return token;
  }
}

describe('tokens of services', () => {
  test.each(TOKEN_FORMATS.map((format) => [format.id, format] as const))(
    '%s is found, whole, and masked',
    (id, format) => {
      for (let seed = 1; seed <= 5; seed += 1) {
        const token = tokenOf(format, seed * 7919);
        const text = `see "${token}" there`;
        const found = findSecrets(text);
        expect(
          found.some(({ start, end }) => start <= 5 + token.length / 2 && end >= 5 + token.length),
          `${id}: ${token}`,
        ).toBe(true);
        const { value } = inspector.inspect(text, { surface: 'result' });
        expect(value).not.toContain(token.slice(-12));
        expect(rulesIn(value as string)).toStrictEqual([]);
      }
    },
  );

  test.each(TOKEN_FORMATS.filter(({ minEntropy }) => minEntropy > 0).map((format) => [format.id, format] as const))(
    '%s is not found where one character is repeated or it is cut short',
    (id, format) => {
      const token = tokenOf(format, 104_729);
      const prefix = token.slice(0, 6);
      expect(rulesIn(`"${prefix}${'x'.repeat(token.length - 6)}"`)).not.toContain(`secrets.${id}`);
      expect(rulesIn(`"${token.slice(0, 8)}"`)).not.toContain(`secrets.${id}`);
    },
  );

  test.each([
    ['gh', 'p_'],
    ['np', 'm_'],
  ])('a right checksum makes it critical, a wrong one does not make it harmless', (one, other) => {
    const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5';
    const severityOf = (token: string): unknown =>
      inspector.inspect(token, { surface: 'result' }).findings[0]?.severity;
    expect(severityOf(`${one}${other}${body}${crcDigits(body)}`)).toBe('critical');
    expect(severityOf(`${one}${other}${body}${crcDigits(`${body}x`)}`)).toBe('high');
  });

  test('ids are unique, and every format has a source', () => {
    const ids = [...TOKEN_FORMATS, ...SERVICES].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(isPlaceholder(`[redacted:secrets.${id}]`)).toBe(true);
  });
});

describe('credentials that the name of a service tells', () => {
  test.each(SERVICES.map((service) => [service.id, service] as const))('%s', (id, service) => {
    const random = seeded(15_485_863);
    let value = '';
    for (let attempt = 0; attempt < 200 && (entropyOf(value) < 2.5 || !/\d/u.test(value)); attempt += 1) {
      value = sampleOf(service.pattern, random);
    }
    const name = `${service.names[0] ?? ''}_credential`.replace('__', '_');
    for (const text of [
      `${name} = "${value}"`,
      `${name}: ${value}`,
      `export ${name.toUpperCase()}=${value}`,
      `{"${name}": "${value}"}`,
    ]) {
      const found = findSecrets(text);
      expect(found.length, `${id}: ${text}`).toBeGreaterThan(0);
      expect(text.slice(found[0]?.start, found[0]?.end)).toContain(value.slice(0, 8));
    }
    const { findings } = inspector.inspect({ [name]: value }, { surface: 'result' });
    expect(findings.length, id).toBeGreaterThan(0);
  });
});

const KEY_BODY = Array.from({ length: 6 }, (_, line) => sampleOf(/[A-Za-z0-9+/]{64}/u, seeded(line + 11)));
const frame = (word: string): string => `-----${word} RSA PRIVATE KEY-----`;

describe('structures', () => {
  const b64 = (text: string): string => Buffer.from(text).toString('base64url');
  const jwt = `${b64('{"alg":"HS256","typ":"JWT"}')}.${b64('{"sub":"1234567","admin":true}')}.${b64('a signature of thirty-two bytes!')}`;
  test.each([
    ['a JWT', `token ${jwt} end`, 'secrets.jwt', jwt],
    ['a JWT without signature', `x ${jwt.split('.').slice(0, 2).join('.')}. y`, 'secrets.jwt', jwt.slice(0, 30)],
    [
      'a private key',
      `a\n${frame('BEGIN')}\n${KEY_BODY.join('\n')}\n${frame('END')}\nb`,
      'secrets.private-key',
      KEY_BODY[3],
    ],
    [
      'one in a string of JSON',
      `"${frame('BEGIN')}\\n${KEY_BODY.join('\\n')}\\n${frame('END')}\\n"`,
      'secrets.private-key',
      KEY_BODY[3],
    ],
    [
      'one in lines of code',
      `"${frame('BEGIN')}\\n" +\n${KEY_BODY.map((line) => `  "${line}\\n" +`).join('\n')}\n "${frame('END')}"`,
      'secrets.private-key',
      KEY_BODY[4],
    ],
    ['one that is cut off', `${frame('BEGIN')}\n${KEY_BODY.join('\n')}`, 'secrets.private-key', KEY_BODY[5]],
    ['a password in a URL', 'postgres://app:s3cr7tPw@db.local:5432/x', 'secrets.url-password', 's3cr7tPw'],
    ['a password in a URL with a slash', 'amqp://app:s3c/r7tPw@mq.local', 'secrets.url-password', 's3c/r7tPw'],
    ['a bearer token', 'Authorization: Bearer mF_9.B5f-4.1JqM_zT3kL', 'secrets.bearer-token', 'mF_9.B5f-4.1JqM_zT3kL'],
    [
      'basic authorization',
      `Authorization: Basic ${Buffer.from('aladdin:open7sesame').toString('base64')}`,
      'secrets.basic-authorization',
      Buffer.from('aladdin:open7sesame').toString('base64'),
    ],
    ['a user of curl', "curl -s -u 'deploy:k3Yb0ard' https://x.host", 'secrets.curl-password', 'k3Yb0ard'],
    [
      'a Kubernetes secret',
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  pin: czNjcjdUUHchIQ==\n',
      'secrets.kubernetes-secret',
      'czNjcjdUUHchIQ==',
    ],
  ])('%s is found', (_, text, rule, secret) => {
    expect(rulesIn(text)).toContain(rule);
    expect(inspector.inspect(text, { surface: 'result' }).value).not.toContain(secret);
  });

  test.each([
    ['a frame without a key', `${frame('BEGIN')}\n...\n${frame('END')}`],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----'],
    ['a URL with a user only', 'https://alice@host.net/x'],
    ['a URL with a placeholder', 'https://user:${PASSWORD}@host.net and mysql://user:<password>@host'],
    ['an at sign in a path', 'https://host.net:8080/@scope/name'],
    ['a header with a placeholder', 'Authorization: Bearer YOUR_ACCESS_TOKEN and Bearer <token>, Bearer {token}'],
    ['the word bearer', 'the bearer authentication scheme of RFC 6750'],
  ])('%s is not', (_, text) => {
    expect(rulesIn(text)).toStrictEqual([]);
  });
});

const PASSWORD = 'Tr0ub4dor&3x';
const RANDOM = 'q7Zk2mX9vB4nL8sW3dF6';

describe('assignments to names of secrets', () => {
  test.each([
    `password = "${PASSWORD}"`,
    `DB_PASSWORD=${PASSWORD}`,
    `  password: ${PASSWORD}\n`,
    `"password": "${PASSWORD}"`,
    `{\\"password\\":\\"${PASSWORD}\\"}`,
    `<password>${PASSWORD}</password>`,
    `<add key="ClearTextPassword" value="${PASSWORD}" />`,
    `- name: DB_PASSWORD\n  value: ${PASSWORD}`,
    `let password: string = '${PASSWORD}';`,
    `Server=db;User Id=sa;Password=${PASSWORD};Encrypt=true`,
    `the password is ${PASSWORD} today`,
    `--password ${PASSWORD}`.replace(' ', '='),
    `api_key: "${RANDOM}"`,
    `System.setProperty("API_TOKEN", "${RANDOM}")`,
    `client_secret => '${RANDOM}'`,
    `https://host.net/x?access_token=${RANDOM}&page=2`,
    `X-Api-Key: ${RANDOM}`,
  ])('%s', (text) => {
    const found = findSecrets(text);
    expect(found).toHaveLength(1);
    expect(text.slice(found[0]?.start, found[0]?.end)).toMatch(/^(?:Tr0ub4dor&3x|q7Zk2mX9vB4nL8sW3dF6)$/u);
  });

  test.each([
    'password = "changeme"',
    'password: <your-password>',
    'PASSWORD=${DB_PASSWORD}',
    'password = os.environ["DB_PASSWORD"]',
    'const password = getPassword();',
    'password: string;',
    'password: "string"',
    'password = "xxxxxxxx"',
    'password: ********',
    'password is required and must have 8 characters',
    'api_key = "YOUR_API_KEY"',
    'apiKey: "my-api-key"',
    'token = "abcdefghijklmnop"',
    'token: 1234567890123456',
    'max_tokens: 4096',
    'next_page_token: CAUQAA7fX2b9Qm4nL8sW',
    'csrf_token = "q7Zk2mX9vB4nL8sW3dF6"',
    'tokenizer = "cl100k_base_v2_2024"',
    'primary_key = "orders_2024_q1_total"',
    'secret_name: prod/database/credentials-v2',
    'secret = secretsManager.getSecretValue("x")',
    'password_hash = bcrypt.hash(password)',
    'exports.Md5Password = Md5Password;',
    'auth_type=basic user_name=A1b2C3d4:x',
    'key: 550e8400-e29b-41d4-a716-446655440000',
    'commit: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
    'the passenger 12A4-55',
  ])('nothing in %s', (text) => {
    expect(rulesIn(text)).toStrictEqual([]);
  });

  test('the name of a member says it too', () => {
    const value = { password: PASSWORD, settings: { apiKey: RANDOM, note: RANDOM } };
    expect(inspector.inspect(value, { surface: 'result' }).value).toStrictEqual({
      password: '[redacted:secrets.password]',
      settings: { apiKey: '[redacted:secrets.generic-secret]', note: '[redacted:secrets.copy]' },
    });
  });
});

describe('laws', () => {
  const cases = Number(process.env['CALLGATE_CASES'] ?? 60);
  const format = fc.constantFrom(...TOKEN_FORMATS);
  const seed = fc.integer({ min: 1, max: 1_000_000 });
  const around = fc.string({ maxLength: 40, unit: 'binary' });
  const layer = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => Buffer.from(`padding it: ${text} end`).toString('base64'),
    (text) => Buffer.from(text).toString('hex'),
    (text) => Array.from(text, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join(''),
    (text) => Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );

  test('what was masked is nowhere in the output, in any layer, and inspecting the output finds nothing', () => {
    fc.assert(
      fc.property(format, seed, layer, around, around, (one, number, wrap, before, after) => {
        const token = tokenOf(one, number);
        // a few samples of a format are none of its tokens: they hold a template, or begin as no keyword does
        fc.pre(rulesIn(`"${token}"`).length > 0);
        const text = `${before} ${wrap(token)} ${after}`;
        const result = inspector.inspect({ text }, { surface: 'result' });
        const output = JSON.stringify(result.value ?? null);
        expect(output).not.toContain(token);
        expect(output).not.toContain(JSON.stringify(wrap(token)).slice(1, -1));
        if (result.value !== undefined)
          expect(inspector.inspect(result.value, { surface: 'result' }).verdict).toBe('pass');
      }),
      { numRuns: cases },
    );
  });

  test('it never throws, whatever keywords and signs are strung together', () => {
    const words = fc.constantFrom(
      ...(STANDARD_DETECTORS[0]?.keywords ?? []),
      ...' \n"\'=:.,@\\/-<>(){}$'.split(''),
      'aB3',
      '0'.repeat(20),
      'Zz9'.repeat(9),
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const { determining } = inspector.inspect(parts.join(''), { surface: 'result' });
        expect(determining).not.toContain('detector.failed');
      }),
      { numRuns: cases * 5 },
    );
  });

  test.each(Object.entries(CRAFTED))('twice the text is at most twice the work: %s', (_, part) => {
    const work = createInspectorWith({ fuel: { base: 1e9, perUnit: 1000 } }, STANDARD_DETECTORS);
    const fuelOf = (count: number): number => work.inspect(part.repeat(count), { surface: 'result' }).fuel;
    const [once, twice] = [fuelOf(500), fuelOf(1000)];
    expect(twice / once).toBeLessThan(2.3);
  });
});

describe('a name and its value that are members side by side', () => {
  const value = 'kf83-Jw0s_vQ29aZ';

  test.each([
    { name: 'API_KEY', value },
    { key: 'api-token', value },
    { Value: value, Key: 'DB_PASSWORD' },
    { header: 'X-Api-Key', enabled: true, value },
  ])('are seen together: %j', (pair) => {
    const { value: masked } = inspector.inspect(
      { env: [{ name: 'REGION', value: 'eu-west-1' }, pair] },
      { surface: 'result' },
    );
    expect(JSON.stringify(masked)).not.toContain(value);
    expect(JSON.stringify(masked)).toContain('eu-west-1');
    expect(findSecretsIn({ env: [pair] })).toHaveLength(1);
  });

  test.each([
    `{"name":"API_KEY","value":"${value}"}`,
    `{"name": "API_KEY", "type": "secret", "required": true, "value": "${value}"}`,
    String.raw`{\"key\":\"API_KEY\",\"value\":\"${value}\"}`,
    `- name: API_KEY\n  value: ${value}`,
    `<add key="ApiKey" value="${value}" />`,
  ])('are seen together in text: %s', (text) => {
    expect(findSecrets(text).map(({ start, end }) => text.slice(start, end))).toStrictEqual([value]);
  });

  test.each([
    { name: 'max_tokens', value: 'kf83-Jw0s_vQ29aZ' },
    { name: 'API_KEY', description: 'kf83-Jw0s_vQ29aZ' },
    { name: 'API_KEY', value: 'your-api-key' },
    { name: `${'word '.repeat(20)}api_key`, value: 'kf83-Jw0s_vQ29aZ' },
    { name: { key: 'API_KEY' }, value: 'kf83-Jw0s_vQ29aZ' },
    { name: 'API_KEY', other: { value: 'kf83-Jw0s_vQ29aZ' } },
  ])('are none where the name says otherwise, or is not beside it: %j', (pair) => {
    expect(findSecretsIn(pair)).toStrictEqual([]);
  });
});

describe('passwords, a class of their own', () => {
  const result = {
    password: 'hunter2-X9',
    text: 'password = hunter2-X9',
    token: `ghp_${'A1b2C3d4E5'.repeat(4).slice(0, 36)}`,
  };
  const verdictOf = (secrets: Treatment, categories: Readonly<Record<string, Treatment>>): unknown => {
    const { verdict, findings } = createInspector({ treatments: { secrets }, categories }).inspect(result, {
      surface: 'result',
    });
    return [verdict, [...new Set(findings.map(({ rule }) => rule))]];
  };

  test.each<[Treatment, Readonly<Record<string, Treatment>>, string, readonly string[]]>([
    ['redact', {}, 'redact', ['secrets.password', 'secrets.github-token']],
    ['redact', { password: 'off' }, 'redact', ['secrets.github-token']],
    ['redact', { password: 'reject' }, 'reject', ['secrets.password', 'secrets.github-token']],
    ['off', { password: 'redact' }, 'redact', ['secrets.password']],
    ['off', { password: 'off' }, 'pass', []],
    ['off', {}, 'pass', []],
  ])('are treated as %s, or as %j says', (secrets, categories, verdict, rules) => {
    expect(verdictOf(secrets, categories)).toStrictEqual([verdict, rules]);
  });

  test('are none where they are hashed', () => {
    expect(findSecretsIn({ encryptedPassword: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4' })).toStrictEqual([]);
  });
});
