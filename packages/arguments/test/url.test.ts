import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addressClass, urlKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

kindContract(urlKind, [
  {
    specification: {},
    pass: [
      'https://example.com/',
      'https://example.com',
      'HTTPS://Example.COM/Path?q=1#part',
      'https://example.com:443/',
      'https://8.8.8.8/',
      'https://[2606:4700:4700::1111]/',
      'https://[2606:4700:4700:0:0:0:0:1111]/',
      'https://my_bucket.storage.example.com/a%20b?filter[a]=b&x=%0A',
      'https://r3---sn-a.example.net/',
      'https://de.example.org/wiki/Köln?q=été',
      'https://web.example.org/web/2019/https://example.com/',
      'https://ec2-54-1-2-3.compute.example.com/',
      "https://example.com/it's?it's",
      'https://example.com/a%2Fb',
      'https://example.com/?',
      'https://example.com/a;v=1/b@2:3',
    ],
    fail: [
      7,
      null,
      ['https://example.com/'],
      '',
      'example.com',
      '//example.com/',
      'http://example.com/',
      'ftp://example.com/',
      'vbscript:alert(1)',
      'data:text/html,a',
      'file:///etc/passwd',
      'https:example.com',
      'https:/example.com',
      'https:///example.com',
      'https:\\\\example.com',
      'https://',
      'https:///',
      'https://example.com:8443/',
      'https://example.com:/',
      'https://example.com:0443/',
      'https://example.com:65536/',
      'https://example.com:99999999999/',
      'https://user@example.com/',
      'https://user:pass@example.com/',
      'https://@example.com/',
      'https://example.com@127.0.0.1/',
      'https://example.com\\@127.0.0.1/',
      'https://127.0.0.1#@example.com/',
      'https://example.com/../a',
      'https://example.com/%2e%2E/a',
      'https://example.com/a/..;/b',
      'https://example.com//evil.example',
      'https://example.com/a\tb',
      'https://exam\nple.com/',
      ' https://example.com/',
      'https://example.com/ ',
      'https://example.com/a b',
      'https://example.com/%',
      'https://example.com/%zz',
      'https://example.com/%00',
      'https://example.com/%0d%0aHost:%20a',
      'https://example.com/?a=%00',
      'https://exa%6dple.com/',
      'https://example.com./',
      'https://example..com/',
      'https://.example.com/',
      'https://-example.com/',
      'https://example.com-/',
      `https://${'a'.repeat(64)}.com/`,
      `https://example.com/${'a'.repeat(2048)}`,
      `https://example.com/${'é'.repeat(1000)}`,
    ],
  },
  {
    specification: { hosts: ['api.example.com', '.cdn.example.com', 'xn--bcher-kva.example', '8.8.8.8'] },
    pass: [
      'https://api.example.com/v1',
      'https://API.EXAMPLE.COM/v1',
      'https://a.cdn.example.com/',
      'https://a.b.cdn.example.com/',
      'https://xn--bcher-kva.example/',
      'https://8.8.8.8/',
    ],
    fail: [
      'https://example.com/',
      'https://cdn.example.com/',
      'https://evilcdn.example.com/',
      'https://api.example.com.evil.example/',
      'https://api-example.com/',
      'https://xn--pi-8ka.example.com/',
      'https://xn--a-ecp.cdn.example.com/',
      'https://bücher.example/',
      'https://b\u00fccher.example/',
      'https://аpi.example.com/',
      'https://api.examplе.com/',
      'https://api。example。com/',
      'https://api.example.com\u200b/',
      'https://ａｐｉ.example.com/',
      'https://ⓐⓟⓘ.example.com/',
      'https://1.1.1.1/',
    ],
  },
  {
    specification: {
      schemes: ['https', 'wss'],
      hosts: ['.example.com'],
      ports: [443, 8443],
      paths: ['/docs', '/api/'],
      query: ['page', 'q'],
      fragment: 'deny',
      maxLength: 200,
    },
    pass: [
      'https://a.example.com/docs',
      'https://a.example.com/docs/',
      'https://a.example.com/docs/a?page=1&q=b%26c',
      'wss://a.example.com:8443/api/x',
      'https://a.example.com/api/',
      'https://a.example.com/docs?q',
    ],
    fail: [
      'https://a.example.com/',
      'https://a.example.com',
      'https://a.example.com/docs2',
      'https://a.example.com/api',
      'https://a.example.com/DOCS',
      'https://a.example.com/docs/%2e%2e/admin',
      'https://a.example.com/docs/..%2fadmin',
      'https://a.example.com/docs/%252e%252e/admin',
      'https://a.example.com/docs/..%5cadmin',
      'https://a.example.com/docs//admin',
      'https://a.example.com/docs?token=1',
      'https://a.example.com/docs?page=1&token=1',
      'https://a.example.com/docs?page=1;token=1',
      'https://a.example.com/docs?%70age=1',
      'https://a.example.com/docs?page=1&',
      'https://a.example.com/docs?',
      'https://a.example.com/docs#a',
      'https://a.example.com/docs#',
      'https://a.example.com:80/docs',
      'http://a.example.com/docs',
      `https://a.example.com/docs/${'a'.repeat(200)}`,
    ],
  },
  {
    specification: { addresses: 'names', ports: 'any', query: 'deny' },
    pass: ['https://example.com:1/', 'https://example.com:65535/'],
    fail: ['https://8.8.8.8/', 'https://[2606:4700:4700::1111]/', 'https://example.com/?', 'https://example.com:0/'],
  },
  {
    specification: { schemes: ['http'], addresses: 'private' },
    pass: [
      'http://example.com/',
      'http://127.0.0.1/',
      'http://10.1.2.3/',
      'http://100.64.0.1/',
      'http://[::1]/',
      'http://[fd12::1]/',
      'http://localhost/',
      'http://intranet/',
      'http://wiki.corp.internal/',
    ],
    fail: [
      'http://169.254.169.254/',
      'http://169.254.1.1/',
      'http://[fe80::1]/',
      'http://[fd00:ec2::254]/',
      'http://100.100.100.200/',
      'http://168.63.129.16/',
      'http://metadata.google.internal/',
      'http://METADATA/',
      'http://0.0.0.0/',
      'http://224.0.0.1/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:7f00:1]/',
      'http://127.1/',
    ],
  },
]);

const anyPublic = compileKind(urlKind, { schemes: ['https', 'http'], ports: 'any' });

describe('no spelling of an address that is not public passes', () => {
  test.each(
    `0.0.0.0 0 127.0.0.1 127.1 127.0.1 127.255.255.254 0177.0.0.1 0x7f.0.0.1 0x7f000001 0x7F000001 2130706433 017700000001 127.0.0.1.
    127.000.000.001 00127.0.0.1 0x7f.1 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.1.1 2852039166
    0xa9fea9fe 0251.0376.0251.0376 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1
    192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 256.256.256.256 1.2.3 1.2.3.4.5 0x 08.8.8.8
    [::] [::1] [0:0:0:0:0:0:0:1] [0000::0001] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1]
    [::ffff:0:7f00:1] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2001:0:7f00:1::1]
    [fe80::1] [fe80::1%25eth0] [fe80::1%eth0] [fec0::1] [fc00::1] [fd00:ec2::254] [fd20:ce::254] [ff02::1] [2001:db8::1] [3fff::1]
    [100::1] [5f00::1] [4000::1] [1::1] [::8.8.8.8] [::ffff:8.8.8.8] [2001:2::1] [2001:10::1] [2001:20::1] [::1 [::1]] [] [:] [g::1]
    [v1.a] [::1]a [::1]:a
    localhost LOCALHOST localhost. a.localhost localhost.localdomain printer.local db.internal wiki.intranet ip6-localhost kubernetes
    router.lan nas.home x.home.arpa a.test a.invalid metadata metadata.google.internal metadata.goog instance-data
    127.0.0.1.nip.io 7f000001.nip.io nip.io app.10.0.0.1.sslip.io localtest.me a.lvh.me 10-0-0-1.evil.example 10.0.0.1.evil.example
    1.127.0.0.1.evil.example make-169-254-169-254-rebind-8.8.8.8-rr.1u.ms
    ①②⑦.⓪.⓪.① １２７.0.0.1 127。0。0。1 127.0.0.1 ⓛocalhost loc%61lhost 127.0.0.1%00 %31%32%37.0.0.1 ｌｏｃａｌｈｏｓｔ localhoﬆ
    xn--localhost localhost%2eevil.example`
      .split(/\s+/u)
      .flatMap((host) => [[`http://${host}/`], [`http://${host}:80/`], [`https://${host}`]]),
  )('%s', (url) => {
    expect(passes(anyPublic, url)).toBe(false);
  });
});

describe('the class of an address', () => {
  test.each([
    ['8.8.8.8', 'public'],
    ['2a00:1450:4001::1', 'public'],
    ['10.0.0.1', 'private'],
    ['fd12::1', 'private'],
    ['100.64.0.1', 'shared'],
    ['100.100.100.200', 'metadata'],
    ['127.8.8.8', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['0.1.2.3', 'unspecified'],
    ['::ffff:8.8.8.8', undefined],
    ['::ffff:808:808', 'translated'],
    ['::808:808', 'translated'],
    ['64:ff9b::808:808', 'translated'],
    ['2002:808:808::', 'translated'],
    ['203.0.113.9', 'reserved'],
    ['4000::1', 'reserved'],
    ['fe80::1%eth0', undefined],
    ['127.1', undefined],
    ['localhost', undefined],
  ])('%s is %s', (text, expected) => {
    expect(addressClass(text)).toBe(expected);
  });
});

describe('what an author can get wrong', () => {
  test.each([
    [{ hosts: ['localhost'] }],
    [{ hosts: ['10.0.0.1'] }],
    [{ hosts: ['.internal'] }],
    [{ hosts: ['metadata.google.internal'], addresses: 'private' }],
    [{ hosts: ['8.8.8.8', '[fd00:ec2::254]'], addresses: 'private' }],
  ])('a host that never passes: %j', (specification) => {
    expect(() => compileKind(urlKind, specification)).toThrow(/\/hosts\//u);
  });

  test.each([
    [{ hosts: [] }],
    [{ hosts: ['*.example.com'] }],
    [{ hosts: ['https://example.com'] }],
    [{ hosts: ['example.com/path'] }],
    [{ hosts: ['bücher.example'] }],
    [{ hosts: ['.xn--bcher-kva.example'] }],
    [{ hosts: ['[::0]'] }],
    [{ hosts: ['127.1'] }],
    [{ paths: ['docs'] }],
    [{ paths: ['/a/../b'] }],
    [{ paths: ['/a%2fb'] }],
    [{ schemes: ['ftp'] }],
    [{ ports: [0] }],
    [{ query: ['a=b'] }],
    [{ host: ['example.com'] }],
  ])('%j', (specification) => {
    expect(urlKind.specification.safeParse(specification).success).toBe(false);
  });
});

test('the canonical form is what the WHATWG parser writes', () => {
  const compiled = compileKind(urlKind);
  expect(compiled.canonical('HTTPS://EXAMPLE.com:443')).toBe('https://example.com/');
  expect(compiled.canonical('https://[2606:4700:4700:0:0::1111]/')).toBe('https://[2606:4700:4700::1111]/');
  expect(compiled.canonical("https://example.com/ü?é='#ß")).toBe('https://example.com/%C3%BC?%C3%A9=%27#%C3%9F');
});

test('a URL names its host', () => {
  expect(compileKind(urlKind).resources?.('https://API.example.com/a')).toStrictEqual([
    { type: 'host', name: 'api.example.com' },
  ]);
});

describe('containment', () => {
  test.each([
    [{ hosts: ['a.example.com'] }, { hosts: ['.example.com'] }, 'yes'],
    [{ hosts: ['.a.example.com'] }, { hosts: ['.example.com'] }, 'yes'],
    [{ hosts: ['.example.com'] }, {}, 'yes'],
    [{ hosts: ['8.8.8.8'] }, { addresses: 'names' }, 'no'],
    [{ hosts: ['8.8.8.8'], addresses: 'names' }, {}, 'yes'],
    [{ hosts: ['xn--bcher-kva.example'] }, {}, 'no'],
    [{ addresses: 'private' }, {}, 'no'],
    [{ addresses: 'private', hosts: ['example.com'] }, {}, 'yes'],
    [{ ports: [443] }, {}, 'yes'],
    [{}, { ports: [443] }, 'yes'],
    [{}, { ports: [80, 443], schemes: ['https', 'http'] }, 'yes'],
    [{ ports: 'any' }, { ports: [443, 8443] }, 'no'],
    [{ paths: ['/a/b'] }, { paths: ['/a'] }, 'yes'],
    [{ paths: ['/a'] }, { paths: ['/a/'] }, 'no'],
    [{}, { paths: ['/'] }, 'no'],
    [{ query: 'deny' }, { query: ['a'] }, 'yes'],
    [{ query: ['a', 'b'] }, { query: ['a'] }, 'no'],
    [{}, { fragment: 'deny' }, 'no'],
    [{ maxLength: 3000 }, {}, 'no'],
    [{ schemes: ['https', 'http'] }, {}, 'no'],
  ])('%j within %j: %s', (inner, outer, expected) => {
    expect(compileKind(urlKind, inner).isWithin(compileKind(urlKind, outer))).toBe(expected);
  });
});

const pieces = fc.constantFrom(
  ...'https:// http:// https: \\ / // @ : # ? % . .. %2e [ ] [::1] 127.0.0.1 0x7f.1 017700000001 localhost example.com . 。 ① ｅ \t \n \0 ￼ ; & = 443 :443 xn--a %00 %2f 10 ::ffff:'.split(
    ' ',
  ),
  'é',
  'ß',
  '\u00ad',
  '\u200d',
  '\ud800',
);
const mangled = fc
  .tuple(
    fc.constantFrom('https://', 'http://', ''),
    fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 8 }),
  )
  .map(([start, rest]) => start + rest.join(''));

test('what passes names, for the WHATWG parser, the public host that is written', () => {
  fc.assert(
    fc.property(mangled, (text) => {
      const canonical = anyPublic.canonical(text);
      if (typeof canonical !== 'string') return;
      const url = new URL(text);
      expect(url.href).toBe(canonical);
      expect(text.toLowerCase()).toContain(`//${url.hostname}`);
      expect(['public', undefined]).toContain(addressClass(url.hostname.replace(/^\[|\]$/gu, '')));
      expect(passes(anyPublic, canonical)).toBe(true);
    }),
    { numRuns: casesOr(3000) },
  );
});

test('no number is a host unless it is a public address in decimal', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(8, 10, 16), (number, radix) => {
      const prefix = radix === 8 ? '0' : radix === 16 ? '0x' : '';
      expect(passes(anyPublic, `http://${prefix}${number.toString(radix)}/`)).toBe(false);
    }),
    { numRuns: casesOr(100) },
  );
});
