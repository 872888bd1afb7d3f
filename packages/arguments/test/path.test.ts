import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { pathKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

kindContract(pathKind, [
  {
    specification: {},
    pass: [
      '.',
      './',
      'a',
      './a',
      'src/a.ts',
      'docs/',
      'app/[...slug]/page.tsx',
      'a b/c',
      '@scope/name',
      'é/ü',
      '.gitignore',
    ],
    fail: [
      '',
      '/a',
      '..',
      '../a',
      'a/../b',
      'a/./b',
      'a//b',
      'C:/a',
      'a\\b',
      'con',
      'a:b',
      'a.',
      '~',
      '~/a',
      '-a',
      5,
      null,
    ],
  },
  {
    specification: { roots: ['/srv/data'] },
    pass: ['/srv/data', '/srv/data/', '/srv/data/a/b.txt', '/srv/data/.env'],
    fail: [
      '.',
      'a',
      '/srv',
      '/srv/database',
      '/srv/data/../x',
      '/srv/Data/a',
      '/',
      '/etc/passwd',
      '/srv//data',
      '//srv/data',
    ],
  },
  {
    specification: {
      roots: ['/srv/data', '.'],
      extensions: ['.md', 'txt'],
      deny: ['**/secret.md', 'private/**', '/srv/data/x/*.txt'],
      hidden: 'deny',
      minDepth: 1,
      maxDepth: 3,
      maxLength: 60,
      wildcards: 'deny',
    },
    pass: ['/srv/data/a.md', 'a/b/c.TXT', '/srv/data/x/a.md', 'x/a.txt'],
    fail: [
      '/srv/data',
      '/srv/data/a',
      '/srv/data/a/b/c/d.md',
      'a/SECRET.md',
      'private/a.md',
      'Private/a.md',
      '/srv/data/x/a.txt',
      '/srv/data/.a.md',
      '.md',
      'a.md/',
      '[a].md',
      `${'a'.repeat(60)}.md`,
    ],
  },
  {
    specification: { roots: ['C:\\data'], platform: 'windows' },
    pass: ['C:\\data\\a', 'c:/DATA/a', 'C:\\data'],
    fail: [
      'C:a',
      'D:\\data\\a',
      '\\data\\a',
      '\\\\server\\share',
      '\\\\?\\C:\\data\\a',
      'C:\\data\\..\\x',
      'C:\\data\\NUL',
    ],
  },
  {
    specification: { roots: ['/srv/data'], base: '/srv/data', platform: 'posix' },
    pass: ['a', '/srv/data/a', '/srv/data/con', 'a:b', 'a./b', 'aux.c'],
    fail: ['../a', '/srv/x', 'C:/a', 'file:///srv/data/a', 'a\\b'],
  },
  {
    specification: { roots: ['/srv/data/sub'], platform: 'posix', wildcards: 'allow', caseSensitive: false },
    pass: ['/srv/data/sub/*', '/SRV/data/sub/a?'],
    fail: ['/srv/data/a'],
  },
  {
    specification: { roots: ['docs', 'src'], hidden: 'deny' },
    pass: ['docs/a', './src'],
    fail: ['.', 'docs/.a', 'doc'],
  },
]);

const SPELLINGS_OF_TRAVERSAL = [
  '../a',
  'a/../../b',
  '..\\a',
  '..',
  './..',
  'a/..',
  'a/.. /b',
  '.. /a',
  '..;/a',
  'a/..;x=1/b',
  '..%00/a',
  '..\u0000/a',
  '....//a',
  '..././a',
  '.../a',
  '...',
  '..//a',
  '%2e%2e/a',
  '%2e%2e%2fa',
  '..%2fa',
  '..%5ca',
  '%2E%2E/a',
  '%252e%252e%252fa',
  '%25252e%25252e%25252fa',
  'a%2f..%2fb',
  '%c0%ae%c0%ae/a',
  '%c0%ae%c0%ae%c0%afa',
  '%e0%80%ae%e0%80%ae/a',
  '%f0%80%80%ae/a',
  '..%c0%afa',
  '..%c1%9ca',
  '%u002e%u002e/a',
  '%uff0e%uff0e%u2215a',
  '%ef%bc%8e%ef%bc%8e/a',
  '\uff0e\uff0e/a',
  '\uff0e\uff0e\uff0fa',
  '..\uff0fa',
  '..\u2215a',
  '..\u29f8a',
  '..\u2044a',
  '..\uff3ca',
  '\u2025/a',
  '\u2024\u2024/a',
  '\ufe52\ufe52/a',
  '.\u200d./a',
  '.\u200b./a',
  '\u012e\u012e/a',
  '..\u042fetc',
  '.\ufe0f./a',
  '0x2e0x2e/a',
  '..0x2fa',
  '0x2e0x2e0x2fa',
  '&#46;&#46;/a',
  '&#x2e;&#x2e;&#x2f;a',
  '&period;&period;&sol;a',
  '.\u00a5./a',
  'a/..\u2028/b',
  '..namedfork/rsrc',
  '..?a',
  '..#a',
  ' ../a',
  '\t../a',
  '"../a',
];

const ELSEWHERE = [
  '/etc/passwd',
  ' /etc/passwd',
  '"/etc/passwd"',
  '%2fetc%2fpasswd',
  '\\etc\\passwd',
  '//server/share/a',
  '\\\\server\\share\\a',
  '\\\\?\\C:\\a',
  '\\\\.\\pipe\\a',
  '\\??\\C:\\a',
  'C:',
  'C:a',
  'C:\\a',
  'c:/a',
  'file:///etc/passwd',
  'file:/etc/passwd',
  'FILE:etc/passwd',
  'php://filter/a',
  'jar:http://a/b!/c',
  'http://a.example/b',
  '~',
  '~root/.ssh',
  '~/.ssh/id_rsa',
  '$HOME/.ssh',
  'a/$HOME/b',
  '${HOME}/a',
  '$(pwd)/a',
  '`pwd`/a',
  '%USERPROFILE%\\a',
  '%APPDATA%/a',
  'a/%TEMP%/b',
  './/etc/passwd',
  './~/../a',
  'a.txt:stream',
  'a.txt::$DATA',
  'CON',
  'con.txt',
  'a/NUL',
  'nul .txt',
  'COM1',
  'COM\u00b9',
  'lpt\u00b2.log',
  'CONIN$',
  'conout$',
  'AUX.c',
  'CLOCK$',
  'a./b',
  'a /b',
  'a\u00a0/b',
  'a.txt.',
  'a.txt ',
  'PROGRA~1/a',
  'GIT~1/config',
  'a\nb',
  'a\u007fb',
  'a\u0085b',
  'a\u202eb',
  'a\u{e0041}b',
  'a\ud800b',
  'a\ufffdb',
  'a*',
  'a?',
  'a|b',
  'a<b',
  '-rf',
  '--output=/a',
  `a/${'b'.repeat(256)}`,
  'cafe\u0301',
];

describe('with no more than the kind', () => {
  const kind = compileKind(pathKind);

  test.each(SPELLINGS_OF_TRAVERSAL)('no spelling of `..` passes: %j', (value) => {
    expect(passes(kind, value)).toBe(false);
    expect(passes(kind, `a/${value}`)).toBe(false);
    expect(passes(compileKind(pathKind, { roots: ['/srv/data'] }), `/srv/data/${value}`)).toBe(false);
  });

  test.each(SPELLINGS_OF_TRAVERSAL)('nor on POSIX only: %j', (value) => {
    expect(passes(compileKind(pathKind, { platform: 'posix' }), value)).toBe(false);
  });

  test.each(SPELLINGS_OF_TRAVERSAL)('nor on Windows only: %j', (value) => {
    expect(passes(compileKind(pathKind, { platform: 'windows' }), value)).toBe(false);
  });

  test.each(ELSEWHERE)('nothing passes that some platform reads otherwise: %j', (value) => {
    expect(passes(kind, value)).toBe(false);
  });
});

describe('names that are only unusual', () => {
  test.each([
    '.env',
    '.github/workflows/a.yml',
    'app/(group)/[...slug]/page.tsx',
    'app/[[...slug]]/route.ts',
    'routes/$id.tsx',
    'Foo$Bar.class',
    '+page.svelte',
    '@scope/pkg/index.js',
    "Rock 'n' Roll.mp3",
    'a.txt~',
    'a~b',
    '100%.txt',
    '50% off.txt',
    'a%20b.txt',
    'caf%C3%A9.txt',
    'caf%C3%A9t%C3%A9%20a',
    'a..b',
    'a...b',
    'v1..v2/diff',
    'Wait\u2026 what.txt',
    '\u5916\u90e8\u30b3\u30fc\u30c9.xml',
    '\u042f/\u0444.txt',
    '\ud83d\udc69\u200d\ud83d\udcbb.png',
    'Screenshot 9.41.00\u202fAM.png',
    'console/a',
    'auxiliary.c',
    'null.ts',
    'common1.js',
    '0x5c69bee701ef/a',
    'a&b;c#d',
    'tmp/a=b,c',
    'proc/self',
    '{a}',
    'a^b!',
  ])('pass: %j', (value) => {
    expect(compileKind(pathKind).check(value)).toStrictEqual([]);
  });

  test('what only Windows reads otherwise passes where the platform is POSIX', () => {
    const kind = compileKind(pathKind, { platform: 'posix' });
    for (const value of ['aux.c', 'a:b', 'a.', 'PROGRA~1', 'a<b', '2020-01-01T10:00:00.log']) {
      expect(passes(kind, value), value).toBe(true);
    }
  });
});

describe('what lies between the roots and a path', () => {
  test('a root of everything does not lead into file systems of the kernel', () => {
    const kind = compileKind(pathKind, { roots: ['/'] });
    for (const value of ['/proc/self/root/etc', '/dev/fd/3', '/sys/a', '/.vol/1/2', '/proc']) {
      expect(kind.check(value).map(({ code }) => code)).toStrictEqual(['path.special']);
    }
    expect(passes(kind, '/srv/proc')).toBe(true);
    expect(passes(compileKind(pathKind, { roots: ['/dev/shm/work'] }), '/dev/shm/work/a')).toBe(true);
  });

  test('what is denied is so in any case, with all that lies below, and in its escaped spelling', () => {
    const kind = compileKind(pathKind, { platform: 'posix', deny: ['**/.git/**', '**/*.k[1]', 'my keys', '**/ſ'] });
    for (const value of ['.git', '.GIT/config', 'a/.git/b/c', 'a.K[1]/b', 'my%20keys/a', 'a/S', 'a/\u017f', 'a/s/b']) {
      expect(
        kind.check(value).map(({ code }) => code),
        value,
      ).toStrictEqual(['path.denied']);
    }
    expect(passes(kind, 'a/my keys')).toBe(true);
  });

  test('letters beyond ASCII are no case of others in a root', () => {
    const kind = compileKind(pathKind, { roots: ['/srv/k'], caseSensitive: false });
    expect(passes(kind, '/SRV/K/a')).toBe(true);
    expect(passes(kind, '/srv/\u212a/a')).toBe(false);
  });

  test('an ending is one of the text as it is, and as a decoder reads it', () => {
    const kind = compileKind(pathKind, { extensions: ['.md'] });
    expect(passes(kind, 'a.md')).toBe(true);
    for (const value of ['a.exe', 'a.m%64', 'a.exe%00.md', 'a.exe;.md.exe', '.md', 'a.\uff4dd'])
      expect(passes(kind, value)).toBe(false);
  });
});

describe('the spelling that stands for all', () => {
  test('is the absolute one where the base is known', () => {
    const kind = compileKind(pathKind, { roots: ['/srv/data', '/srv/docs'], base: '/srv/data' });
    for (const value of ['a/b', './a/b', 'a/b/', '/srv/data/a/b']) expect(kind.canonical(value)).toBe('/srv/data/a/b');
    expect(kind.resources?.('./a')).toStrictEqual([{ type: 'path', name: '/srv/data/a' }]);
    expect(kind.resources?.('../a')).toStrictEqual([]);
  });

  test('has one case where case does not matter, and slashes', () => {
    const kind = compileKind(pathKind, { roots: ['C:\\Data'], platform: 'windows' });
    expect(kind.canonical('c:\\DATA\\X')).toBe('C:/data/x');
    expect(compileKind(pathKind).canonical('./')).toBe('.');
    expect(compileKind(pathKind).canonical('./-a')).toBe('./-a');
  });
});

describe('a specification that cannot be meant', () => {
  test.each([
    [{ roots: ['../a'] }, '/roots/0'],
    [{ roots: ['a', 'a/b'] }, '/roots/1'],
    [{ roots: ['/srv'], platform: 'windows' as const }, '/roots/0'],
    [{ base: 'a' }, '/base'],
    [{ wildcards: 'allow' as const }, '/wildcards'],
    [{ minDepth: 3, maxDepth: 2 }, '/maxDepth'],
    [{ deny: ['../a'] }, '/deny/0'],
    [{ deny: ['**.env'] }, '/deny/0'],
    [{ extensions: ['a/b'] }, '/extensions/0'],
  ])('%j', (specification, pointer) => {
    const reported: string[] = [];
    pathKind.compile(specification, (place) => reported.push(place));
    expect(reported).toStrictEqual([pointer]);
  });
});

describe('how specifications compare', () => {
  const within = (inner: object, outer: object): string =>
    compileKind(pathKind, inner as never).isWithin(compileKind(pathKind, outer as never));

  test.each([
    [{ roots: ['/a/b'] }, { roots: ['/a'] }],
    [{ roots: ['/a'], extensions: ['.md'] }, { roots: ['/a'] }],
    [{ deny: ['**/.env', 'x'] }, { deny: ['**/.env/**'] }],
    [{ hidden: 'deny' }, { deny: ['**/.env', '**/.git/**'] }],
    [
      { roots: ['/a/b'], deny: ['**/x'] },
      { roots: ['/a'], deny: ['**/x'] },
    ],
    [{}, { platform: 'windows' }],
    [{}, { platform: 'posix' }],
    [
      { roots: ['/a/b'], maxDepth: 2 },
      { roots: ['/a'], maxDepth: 3, minDepth: 1 },
    ],
    [{ roots: ['/a'] }, { roots: ['/a'], base: '/a' }],
  ])('%j lies within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('yes');
  });

  test.each([
    [{ roots: ['/a'] }, { roots: ['/a/b'] }],
    [{ roots: ['/a', '/b'] }, { roots: ['/a'] }],
    [{}, { extensions: ['.md'] }],
    [{}, { hidden: 'deny' }],
    [{}, { deny: ['**/.env'] }],
    [{}, { maxDepth: 3 }],
    [{}, { minDepth: 1 }],
    [{}, { maxLength: 1000 }],
    [{}, { wildcards: 'deny' }],
    [{ platform: 'posix' }, {}],
    [{ platform: 'windows' }, {}],
    [{ roots: ['/a'], caseSensitive: false }, { roots: ['/a'] }],
    [{ platform: 'posix', wildcards: 'allow' }, { platform: 'posix' }],
    [{ roots: ['/a'], base: '/a' }, { roots: ['/a'] }],
    [
      { roots: ['/a/.git'], hidden: 'deny' },
      { roots: ['/a'], deny: ['.git/x'] },
    ],
    [{ roots: ['/dev/a'] }, { roots: ['/'] }],
  ])('%j is seen not to lie within %j', (inner, outer) => {
    expect(within(inner, outer)).not.toBe('yes');
  });

  test('what is said to lie within is never contradicted', () => {
    const names = fc.constantFrom('a', 'b', '.git', 'x.md', 'A');
    const folder = fc.array(names, { maxLength: 2 }).map((parts) => `/${parts.join('/')}`);
    const glob = fc.array(fc.constantFrom('**', 'a', 'b', '.git', '*', '.*', '*.md'), { minLength: 1, maxLength: 3 });
    const specification = fc.record(
      {
        roots: fc.array(fc.oneof(folder, fc.constant('.')), { minLength: 1, maxLength: 2 }),
        deny: fc.array(
          glob.map((parts) => parts.join('/')),
          { minLength: 1, maxLength: 2 },
        ),
        hidden: fc.constantFrom('allow' as const, 'deny' as const),
        extensions: fc.constantFrom(['.md'], ['.x.md', '.a']),
        caseSensitive: fc.boolean(),
        minDepth: fc.nat(2),
        maxDepth: fc.nat({ max: 4 }),
        base: fc.constant('/a'),
        platform: fc.constantFrom('any' as const, 'posix' as const),
      },
      { requiredKeys: [] },
    );
    const path = fc
      .tuple(fc.constantFrom('/', '', './'), fc.array(names, { maxLength: 5 }))
      .map(([head, parts]) => head + parts.join('/'));
    const compiled = (one: object): ReturnType<typeof pathKind.compile> | undefined => {
      let isSound = true;
      const kind = pathKind.compile(one as never, () => (isSound = false));
      return isSound ? kind : undefined;
    };
    fc.assert(
      fc.property(specification, specification, fc.array(path, { maxLength: 30 }), (one, other, values) => {
        const inner = compiled(one);
        const outer = compiled({ ...one, ...other });
        if (inner === undefined || outer === undefined || inner.isWithin(outer) !== 'yes') return;
        for (const value of [...values, ...inner.probes(), ...outer.probes()]) {
          if (passes(inner, value)) expect(outer.check(value)).toStrictEqual([]);
        }
      }),
      { numRuns: casesOr(2000) },
    );
  });
});

test('no mixture of attacks makes it throw, and what passes stays where it is for every reader', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      'a',
      '%2e',
      '%2f',
      '%25',
      '%c0%ae',
      '~',
      '$',
      ':',
      ' ',
      '\0',
      '\uff0e',
      '\u2215',
      ';',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const posix = compileKind(pathKind, { platform: 'posix' });
  const kinds = [compileKind(pathKind), posix, compileKind(pathKind, { platform: 'windows' })];
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const value = pieces.join('');
      for (const kind of kinds) {
        if (!passes(kind, value)) continue;
        let text = value;
        for (let round = 0; round < 4; round += 1) {
          for (const reading of [text, text.normalize('NFKC'), text.replaceAll(/\.\.?\//gu, '')]) {
            expect(reading.split(/[/\\]/u)).not.toContain('..');
            expect(reading).not.toMatch(kind === posix ? /^[/\\]/u : /^(?:[/\\]|[a-z]:)/iu);
          }
          try {
            text = decodeURIComponent(text);
          } catch {
            break;
          }
        }
      }
    }),
    { numRuns: casesOr(20_000) },
  );
});
