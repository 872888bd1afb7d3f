import { isJsonArray, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { shellKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes, type KindCase } from './support/kind-contract.ts';

const plain: KindCase = {
  specification: {
    programs: {
      ls: 'any',
      cat: { operands: ['<path>'], paths: ['docs', '/srv/data'], maxOperands: 2 },
      head: { flags: ['-n <number>', '--lines=<number>', '-<number>', '-q', '-v'], operands: ['<path>'], paths: ['.'] },
    },
  },
  pass: [
    'ls',
    'ls -la /tmp',
    'ls \'a b\' "c d"',
    'cat docs/a.md',
    'cat ./docs//./a.md',
    'cat /srv/data/x',
    'head -n 5 a',
    'head -n5 a',
    'head -qv -20 a',
    'head -qn5 a',
    'head --lines=5 a',
    '  ls\t-l  ',
    String.raw`ls \(a\) it\'s`,
    'ls HEAD~1 nixpkgs#hello stash@{0} {} a=b 50%',
    'ls --a --b=c -- -d',
  ],
  fail: [
    '',
    '   ',
    7,
    null,
    ['ls'],
    'rm -rf /',
    './ls',
    '/tmp/ls',
    'LS',
    'cat docs',
    'cat docs/a docs/b docs/c',
    'cat docs/../secret',
    'cat docs/../docs/a.md',
    'cat docs/..%2f..%2fa',
    'cat docs/a%0aid',
    'cat /srv/data/../x',
    'cat -n docs/a',
    'cat -- -n',
    'cat file:///etc/passwd',
    'cat ~/x',
    "cat '~/x'",
    'head -n',
    'head -n -5 a',
    'head -n -q a',
    'head -nq a',
    'head -n x a',
    'head --lines 5 a',
    'head --line=5 a',
    'head -c 5 a',
    'head -qc a',
    'head ../a',
  ].filter((value) => value !== 'cat docs'),
};

const launchers: KindCase = {
  specification: {
    form: 'either',
    programs: {
      git: {
        globalFlags: ['--no-pager'],
        subcommands: {
          status: { flags: ['-s', '--short'] },
          log: {
            flags: ['--oneline', '-n <number>', '--format=<text>', '--color[=<text>]'],
            operands: ['<word>'],
            maxOperands: 1,
          },
          stash: { subcommands: ['list', 'show'] },
        },
      },
      sudo: { flags: ['-n'], commandAfter: 0 },
      timeout: { operands: ['<number>'], commandAfter: 1 },
      find: { flags: ['-name <text>', '-type f|d'], operands: ['<path>', '!'], paths: ['.'] },
    },
  },
  pass: [
    'git status',
    'git --no-pager status -s',
    ['git', 'log', '--oneline', '-n', '5', 'main'],
    'git log --format=%h --color --color=always',
    'git stash list',
    'sudo git status',
    'sudo -n timeout 5 git status --short',
    'find . -name x -type f',
    'find . ! -name x',
    ['find', '.', '-name', '*.ts'],
    "find . -name '*.ts'",
    ['git', 'log', '--format=$(id); rm -rf /\n`id`'],
  ],
  fail: [
    'git',
    'git push',
    'git -c core.pager=id status',
    'git --no-pager -c core.pager=id status',
    'git -ccore.pager=id log',
    'git --exec-path=/tmp status',
    'git -- status',
    'git log -n5 -p',
    'git log --output=/etc/x',
    'git log --format',
    'git log --format --oneline',
    'git log --oneline=1',
    'git log a b',
    'git stash drop',
    'sudo rm x',
    'sudo -u root git status',
    'sudo',
    'sudo sudo sudo sudo sudo git status',
    'sudo PATH=. git status',
    'timeout 5',
    'timeout x git status',
    'find . -exec id',
    'find . -name x -delete',
    'find . -type l',
    'find -- . -delete',
    'find . -nametype x',
    [],
    ['git', 'status\0'],
    ['git', 'log', '\uD800'],
    ['git', 7],
    ['sh', '-c', 'id'],
    ['git', 'log', '-n', '--output=/etc/x'],
  ],
};

const piped: KindCase = {
  specification: {
    programs: { ls: 'any', wc: { flags: ['-l'] }, grep: { flags: ['-i'], operands: ['<text>'] } },
    operators: ['pipe', 'and', 'or', 'sequence', 'background', 'redirect-in', 'redirect-out', 'append', 'merge'],
    redirects: ['out', '/dev/null'],
    maxCommands: 3,
    maxLength: 200,
  },
  pass: [
    'ls | wc -l',
    'ls|grep x|wc -l',
    'ls && ls || ls',
    'ls; ls;',
    'ls & ls &',
    'ls > out/x 2>&1',
    'ls 2>/dev/null >> out/y',
    '> out/x ls',
    'wc -l < out/x',
    'ls >&2',
    "grep 'a|b; c' ",
  ],
  fail: [
    'ls | rm',
    'ls | wc -c',
    'ls | ls | ls | ls',
    'ls > x',
    'ls > out',
    'ls > out/../x',
    'ls > /dev/sda',
    'ls &> out/x',
    'ls >& out/x',
    'ls >| out/x',
    'ls <> out/x',
    'ls << out',
    'ls <<< out',
    'ls |& wc -l',
    'ls 3> out/x',
    'ls x2> out/x',
    'ls {a}> out/x',
    'ls 0> out/x',
    'ls 2< out/x',
    'ls 2>&3',
    'ls 2>&12',
    'ls >',
    'ls > | ls',
    '> out/x',
    '| ls',
    'ls |',
    'ls ;; ls',
    'ls && && ls',
    'ls & ; ls',
    ';',
    '(ls)',
    '{ ls; }',
    'ls <(ls)',
    'ls >(ls)',
    `ls ${'x'.repeat(200)}`,
  ].filter((value) => value !== 'ls > out'),
};

kindContract(shellKind, [
  plain,
  launchers,
  piped,
  { ...piped, specification: { ...piped.specification, maxCommands: 3 } },
]);
kindContract(shellKind, [
  {
    specification: { form: 'argv', programs: { ls: 'any' } },
    pass: [['ls', '-l', '$(id)', '']],
    fail: ['ls', ['LS'], [['ls']]],
  },
  { specification: { programs: { ls: { flags: ['-l'] } } }, pass: ['ls -l'], fail: ['ls -a', 'ls x'] },
]);

describe('what a shell would read as more than words', () => {
  const kind = compileKind(shellKind, { programs: { ls: 'any', export: { operands: ['a=b'] } } });

  test.each([
    [
      'shell.substitution',
      [
        'ls $HOME',
        'ls ${HOME}',
        'ls $(id)',
        'ls `id`',
        'ls "$HOME"',
        'ls "`id`"',
        "ls $'a'",
        'ls $"a"',
        'ls $((1))',
        'ls $[1]',
        'ls "a$"',
      ],
    ],
    [
      'shell.expansion',
      [
        'ls *',
        'ls ?',
        'ls [a]',
        'ls ]',
        'ls {a,b}',
        'ls {1..3}',
        'ls }',
        'ls ~',
        'ls ~root',
        'ls a=~',
        'ls a:~root',
        "ls ''~root",
        'ls !x',
        'ls !!',
        'ls a!',
        'ls "a!b"',
        'ls =id',
        'ls ^a^b',
        'ls !(a)',
        'ls a=#b',
      ],
    ],
    ['shell.assignment', ['PATH=. ls', 'A= ls', 'A+=b ls', 'A=b']],
    ['shell.comment', ['ls #x', '# ls']],
    [
      'shell.operator',
      [
        'ls | ls',
        'ls; ls',
        'ls;',
        'ls &',
        'ls && ls',
        'ls || ls',
        'ls > x',
        'ls < x',
        'ls (x)',
        'ls <<E',
        'ls 2>&1',
        'ls &>x',
        'ls @(a)',
        'ls x)',
      ],
    ],
    [
      'shell.character',
      [
        'ls\nid',
        'ls\r\nid',
        'ls \0',
        'ls \\\n-l',
        "ls 'a\nb'",
        'ls\u00A0-l',
        'ls\u2003-l',
        'ls \u200B',
        'ls \u202Ex',
        'ls \u{E0041}',
        'ls\u0085id',
        'ls\u2028id',
        'ls \u2013la',
        'ls \uFF1B id',
        'ls \u037E id',
        'ls \uFF5Cid',
        'ls \uFF04(id)',
        'ls \u201Ca\u201D',
        'ls \uD800',
        'ls \u001B[2J',
        'ls\fid',
        'ls\vid',
      ],
    ],
    ['shell.syntax', ["ls 'a", 'ls "a', 'ls "a\\"', 'ls \\', 'ls \\n', 'l\\s', 'ls C:\\Users', 'ls "\\!"']],
    [
      'shell.program',
      [
        'if',
        'time ls',
        '! ls',
        '. x',
        'eval ls',
        'exec ls',
        'source x',
        'command ls',
        'builtin ls',
        '{}',
        'function',
        '%1',
        'l"s"x',
        "''",
        '[[ a',
        'coproc ls',
        '\uFF4Cs',
      ],
    ],
  ] as const)('%s', (code, lines) => {
    for (const line of lines) {
      const codes = kind.check(line).map((problem) => problem.code);
      if (line === '[[ a') expect(codes).toStrictEqual(['shell.expansion']);
      else if (line === 'time ls' || line === '! ls' || line === 'if' || line === 'function' || line === 'coproc ls')
        expect(codes.length, line).toBe(1);
      else expect(codes, line).toContain(code);
    }
  });

  test('a quoted name is the program that it spells', () => {
    expect(passes(kind, "'ls' -l")).toBe(true);
    expect(passes(kind, 'l"s"')).toBe(true);
    expect(passes(kind, '"rm"')).toBe(false);
  });

  test('letters of other scripts pass, and their punctuation in quotes', () => {
    for (const line of ['ls файл', 'ls 报告.md', "ls '报告，二（上）！'", "ls '“a” – b'", 'ls é'])
      expect(passes(kind, line), line).toBe(true);
  });

  test('an assignment that a builtin reads is refused, because readers differ on it', () => {
    expect(kind.check('export a=b').map(({ code }) => code)).toStrictEqual(['shell.ambiguous']);
  });
});

describe('a specification that says too little is refused', () => {
  test.each([
    ['an unrestricted launcher', { git: 'any' }],
    ['any flag of a launcher', { git: { flags: 'any', subcommands: ['log'] } }],
    ['any flag of its subcommand', { git: { subcommands: { log: 'any' } } }],
    ['a flag that runs programs', { git: { globalFlags: ['-c <text>'], subcommands: ['log'] } }],
    ['the same for find', { find: { flags: ['-exec <text>'] } }],
    ['by its folder', { '/usr/bin/find': { flags: ['-exec <text>'] } }],
    ['by its version', { 'python3.11': 'any' }],
    ['a subcommand that runs programs', { docker: { subcommands: ['run'] } }],
    ['operands that are code', { awk: { operands: 'any' } }],
    ['operands that are code, of a type', { python3: { operands: ['<path>'], paths: ['.'] } }],
    ['a shell', { sh: { flags: ['-c <text>'], operands: ['<text>'] } }],
    ['a reserved word', { time: 'any' }],
    ['a program with a blank', { 'l s': 'any' }],
    ['a program that is an assignment', { 'a=b': 'any' }],
    ['paths without roots', { cat: { operands: ['<path>'] } }],
    ['a root that climbs', { cat: { operands: ['<path>'], paths: ['../x'] } }],
    ['an unknown type', { cat: { operands: ['<file>'] } }],
    ['a flag that is none', { cat: { flags: ['n'] } }],
    ['a flag twice', { cat: { flags: ['-n', '-n <text>'] } }],
    ['a pattern that does not compile', { cat: { operands: ['</(/>'] } }],
    ['crossed bounds', { cat: { operands: 'any', minOperands: 2, maxOperands: 1 } }],
    ['a command after any flag', { foo: { flags: 'any', commandAfter: 0 } }],
    ['global flags without subcommands', { foo: { globalFlags: ['-n'] } }],
    ['no program', {}],
  ] as const)('%s', (_, programs) => {
    expect(() => compileKind(shellKind, { programs: programs as unknown as JsonValue })).toThrow(/expected/u);
  });

  test('unless it says that it means to', () => {
    const kind = compileKind(shellKind, {
      programs: { awk: { flags: ['-F <text>'], operands: ['<text>'], runsPrograms: true } },
    });
    expect(passes(kind, "awk -F: '{ print $1 }'")).toBe(true);
  });

  test('redirections without places', () => {
    expect(() => compileKind(shellKind, { programs: { ls: 'any' }, operators: ['redirect-out'] })).toThrow(
      /redirects/u,
    );
  });
});

describe('resources', () => {
  const kind = compileKind(shellKind, {
    form: 'either',
    programs: {
      curl: { flags: ['-d <text>', '--output=<text>'], operands: ['<text>'] },
      '/usr/bin/dd': 'any',
      sudo: { commandAfter: 0 },
      git: { subcommands: { show: { operands: ['<text>'] } } },
    },
    operators: ['redirect-out', 'pipe'],
    redirects: ['out'],
  });
  const named = (value: JsonValue): readonly string[] =>
    (kind.resources?.(value) ?? []).map(({ type, name }) => `${type} ${name}`);

  test.each([
    ['sudo curl x', ['program sudo', 'program curl', 'path x']],
    ['curl -d @/etc/../etc/passwd y', ['path /etc/passwd', 'path y']],
    ['curl --output=a//b/./c y', ['path a/b/c']],
    ['/usr/bin/dd if=/etc/shadow of=x', ['program dd', 'path /etc/shadow', 'path x']],
    ['/usr/bin/dd -f/etc/shadow --x=secrets/key', ['path /etc/shadow', 'path secrets/key']],
    ['git show HEAD:.env', ['program git', 'path .env']],
    ["curl 'a b/../.env' | curl x > out/y", ['path .env', 'path out/y']],
  ])('%s', (line, expected) => {
    expect(named(line)).toStrictEqual(expect.arrayContaining(expected));
  });
});

describe('laws', () => {
  const anywhere = compileKind(shellKind, {
    form: 'either',
    programs: { ls: 'any', cat: { operands: ['<word>'] } },
    maxLength: 65_536,
  });
  const argument = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab -\'"\\$`!*?[]{}~#&;|<>()=^%\t,.:/é，'.split('')) }),
    fc.string({ unit: 'grapheme' }).filter((text) => anywhere.check(`ls '${text.replaceAll("'", '')}'`).length === 0),
  );
  const quoted = (words: readonly string[]): string =>
    words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');

  test('arguments in single quotes pass as a line where they pass as an array', () => {
    fc.assert(
      fc.property(fc.constantFrom('ls', 'cat', 'rm'), fc.array(argument, { maxLength: 5 }), (program, rest) => {
        const words = [program, ...rest];
        expect(passes(anywhere, quoted(words))).toBe(passes(anywhere, words));
      }),
      { numRuns: casesOr(2000) },
    );
  });

  test('the canonical form of a line names the words of the array', () => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (rest) => {
        const words = ['ls', ...rest];
        const left = anywhere.canonical(quoted(words));
        const right = anywhere.canonical(anywhere.canonical(quoted(words)) ?? null);
        expect(left).toBeDefined();
        expect(right).toStrictEqual(left);
      }),
      { numRuns: casesOr(100) },
    );
  });

  test('an unquoted character of the shell language is refused wherever it stands', () => {
    const metacharacter = fc.constantFrom(
      '|',
      '&',
      ';',
      '<',
      '>',
      '(',
      ')',
      '$',
      '`',
      '*',
      '?',
      '[',
      '{a,b}',
      '$(id)',
      '\n',
      '\r',
      '\0',
      '&&id',
      '\\\n',
      '\u00A0',
      '\u2028',
    );
    const word = fc.stringMatching(/^[a-z./-]{0,6}$/u);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 4 }),
        word,
        metacharacter,
        word,
        fc.array(word, { maxLength: 4 }),
        (before, left, mark, right, after) => {
          expect(passes(anywhere, ['ls', ...before, left + mark + right, ...after].join(' '))).toBe(false);
        },
      ),
      { numRuns: casesOr(3000) },
    );
  });

  test('no two words come from one that was quoted, and no quoted word names a program', () => {
    fc.assert(
      fc.property(argument, (text) => {
        const line = quoted(['cat', text]);
        const isWord = /^\w[\w.-]*$/u.test(text);
        const isEndOfOptions = text === '--';
        expect(passes(anywhere, line)).toBe(isWord || isEndOfOptions);
      }),
      { numRuns: casesOr(2000) },
    );
  });
});

describe('containment', () => {
  const base: Readonly<Record<string, JsonValue>> = {
    programs: { ls: { flags: ['-l', '--color=auto|never'], operands: ['<path>'], paths: ['docs'], maxOperands: 2 } },
    operators: ['pipe'],
  };
  const ls = (own: Readonly<Record<string, JsonValue>>): Readonly<Record<string, JsonValue>> => ({
    ...base,
    programs: {
      ls: { flags: ['-l', '--color=auto|never'], operands: ['<path>'], paths: ['docs'], maxOperands: 2, ...own },
    },
  });

  test.each([
    ['a flag more', ls({ flags: ['-l', '-a', '--color=auto|never'] })],
    ['a value more', ls({ flags: ['-l', '--color=auto|never|always'] })],
    ['an operand more', ls({ maxOperands: 3 })],
    ['a root more', ls({ paths: ['docs', 'src'] })],
    ['a wider root', ls({ paths: ['.'] })],
    ['a wider type', ls({ operands: ['<text>'] })],
    ['any operand', ls({ operands: 'any' })],
    ['no bound', { ...base, programs: { ls: 'any' } }],
    ['a program more', { ...base, programs: { ...(base['programs'] as object), pwd: {} } }],
    ['an operator more', { ...base, operators: ['pipe', 'and'] }],
    ['a command more', { ...base, maxCommands: 9 }],
    ['a longer line', { ...base, maxLength: 8193 }],
    ['another form besides', { ...base, form: 'either' }],
  ] as const)('%s widens, and a probe shows it', (_, wider) => {
    const inner = compileKind(shellKind, base);
    const outer = compileKind(shellKind, wider as Readonly<Record<string, JsonValue>>);
    expect(inner.isWithin(outer)).toBe('yes');
    expect(outer.isWithin(inner)).toBe('no');
  });

  test('a flag that takes the next word is not within one that does not', () => {
    const separate = compileKind(shellKind, { programs: { x: { flags: ['-o <text>'], operands: ['a'] } } });
    const bare = compileKind(shellKind, { programs: { x: { flags: ['-o[<text>]'], operands: ['a'] } } });
    expect(separate.isWithin(bare)).not.toBe('yes');
    expect(bare.isWithin(separate)).not.toBe('yes');
  });
});

describe('bounds', () => {
  const kind = compileKind(shellKind, { form: 'either', programs: { ls: 'any', cat: {} }, maxLength: 65_536 });

  test('a great many words or problems do no harm', () => {
    expect(kind.check(`ls${' -a'.repeat(20_000)}`)).toStrictEqual([]);
    expect(kind.check(`cat${' -a'.repeat(20_000)}`)).toHaveLength(16);
    expect(kind.check(Array.from({ length: 30_000 }, () => 'rm'))).toHaveLength(1);
    expect(kind.check(`ls ${'('.repeat(60_000)}`)).toHaveLength(1);
    expect(kind.check(`ls ${'{'.repeat(60_000)}`)).toHaveLength(1);
  });

  test('resources of a long line are found', () => {
    const resources = kind.resources?.(`ls${' a=b,c,d,e'.repeat(5_000)}`) ?? [];
    expect(resources.length).toBeLessThan(20);
    expect(isJsonArray(resources as unknown as JsonValue)).toBe(true);
  });
});
