import { afterAll, describe, expect, it } from 'vitest';

import { createArgumentsCommand } from '../src/commands/arguments.ts';
import { createFolder, runCommand, type Ran, type World } from './support/run-command.ts';
import { createWordKind } from './support/word-kind.ts';

const folder = createFolder();
afterAll(() => folder.clean());
const SPEC = '{"words":["a","b"]}';
const JUDGE = ['--kind', 'word', '--spec', SPEC];

async function judge(options: readonly string[], stdin: World['stdin'] = '', world: World = {}): Promise<Ran> {
  const commands = [createArgumentsCommand([createWordKind()])];
  return runCommand(['arguments', ...options], { ...world, commands, stdin });
}

function linesOf({ out }: Ran): readonly unknown[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('callgate arguments', () => {
  it('answers each value with its verdict and the code of its first problem', async () => {
    const values = ['{"id":1,"value":"a b"}', '{"id":"two","value":"a c d"}', '{"id":3,"value":["?"]}'];
    const ran = await judge(JUDGE, `${values.join('\n')}\n`);
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(ran.out).toBe(
      '{"id":1,"verdict":"pass","code":null}\n{"id":"two","verdict":"fail","code":"word.unknown"}\n{"id":3,"verdict":"error","code":"word.unreadable"}\n',
    );
  });

  it('exits with 0 where everything passes, an input without lines included', async () => {
    expect(await judge(JUDGE, '{"id":1,"value":"a"}\n\n')).toMatchObject({ code: 0, err: '' });
    expect(await judge(JUDGE, '')).toEqual({ code: 0, out: '', err: '' });
  });

  it.each([['null'], ['true'], ['5'], ['{}']])(
    '%s, which is of no type that the kind takes, fails as `type`',
    async (value) => {
      const ran = await judge(JUDGE, `{"id":1,"value":${value}}`);
      expect(linesOf(ran)).toEqual([{ id: 1, verdict: 'fail', code: 'type' }]);
    },
  );

  it('a kind that throws could not judge, and nothing of its error is shown', async () => {
    const ran = await judge([...JUDGE, '--verbose'], '{"id":1,"value":"choke"}');
    expect(linesOf(ran)).toMatchObject([{ id: 1, verdict: 'error', code: 'word.evaluation' }]);
    expect(ran.out).not.toContain('choke');
  });

  it.each([
    ['not JSON', 'nonsense', null],
    ['no object', '"a"', null],
    ['no value', '{"id":7,"valeu":"a"}', 7],
    ['a name twice', '{"id":8,"value":"a","value":"x"}', null],
    ['a lone surrogate', String.raw`{"id":9,"value":"\ud800"}`, null],
    ['a depth beyond 64', `{"id":10,"value":${'['.repeat(70)}${']'.repeat(70)}}`, null],
  ])('a line with %s is answered in its place, and the stream goes on', async (_, line, id) => {
    const ran = await judge(JUDGE, `{"id":1,"value":"a"}\n${line}\n{"id":2,"value":"b"}\n`);
    expect(ran.code).toBe(1);
    expect(linesOf(ran)).toEqual([
      { id: 1, verdict: 'pass', code: null },
      { id, verdict: 'error', code: 'input.malformed', line: 2, message: expect.stringContaining('expected') },
      { id: 2, verdict: 'pass', code: null },
    ]);
  });

  it('a line that is no UTF-8 or too long is answered as well', async () => {
    const chunks = [Uint8Array.of(0xff, 0x0a), '{"id":1,"value":"', 'x'.repeat(17 * 1024 * 1024), '"}\n{"value":"a"}'];
    const ran = await judge(JUDGE, chunks);
    expect(linesOf(ran)).toMatchObject([
      { code: 'input.malformed', line: 1, message: 'expected UTF-8 text' },
      { code: 'input.malformed', line: 2 },
      { id: null, verdict: 'pass' },
    ]);
  });

  it('ignores other members, and echoes only ids that are text or numbers', async () => {
    const ran = await judge(JUDGE, '{"id":{"a":1},"label":"benign","value":"a"}\n{"value":"b"}');
    expect(linesOf(ran)).toEqual([
      { id: null, verdict: 'pass', code: null },
      { id: null, verdict: 'pass', code: null },
    ]);
  });

  it('is verbose where asked: every problem, what was expected, and what to do', async () => {
    const ran = await judge([...JUDGE, '-v'], '{"id":1,"value":"a x"}');
    const expected = 'at most 4 of `a`, `b`';
    expect(linesOf(ran)).toEqual([
      {
        id: 1,
        verdict: 'fail',
        code: 'word.unknown',
        problems: [
          {
            code: 'word.unknown',
            verdict: 'fail',
            pointer: '/1',
            expected,
            got: 'something else',
            hint: 'use a known word',
          },
        ],
      },
    ]);
  });

  it('is pretty where asked', async () => {
    const values = ['{"id":1,"value":"a"}', '{"id":"x\\u202e","value":"a b a b c"}', '{"value":5}', 'nonsense'];
    const ran = await judge([...JUDGE, '--format', 'pretty'], values.join('\n'));
    const [last, ...lines] = ran.out.trimEnd().split('\n').toReversed();
    expect(lines.toReversed()).toEqual([
      'PASS 1',
      'FAIL x\\u{202e}: at /4: expected at most 4 of `a`, `b`, got something else; use a known word [word.unknown]',
      '      expected at most 4 of `a`, `b`, got something else [word.many]',
      'FAIL: expected at most 4 of `a`, `b`, got a number [type]',
    ]);
    expect(last).toMatch(/^ERROR line 4: expected JSON/u);
  });

  it('takes the kind and its keys from a file, as an envelope has them', async () => {
    const file = folder.write('spec.json', '{"kind":"word","words":["x"],"optional":true,"message":"a word"}');
    for (const options of [
      ['--spec-file', file],
      ['--spec', `@${file}`],
      ['-k', 'word', '--spec-file', file],
    ]) {
      expect(linesOf(await judge(options, '{"value":"x"}\n{"value":"a"}'))).toMatchObject([
        { verdict: 'pass' },
        { verdict: 'fail' },
      ]);
    }
  });

  it.each([
    [[], 'expected `--kind <name>`'],
    [['--kind', 'wrod'], 'unknown kind `wrod`; did you mean `word`?'],
    [['--kind', 'zzzzz'], 'unknown kind `zzzzz`; expected one of `word`'],
    [['--kind', 'word', '--spec', '{"kind":"sql"}'], 'expected one kind'],
    [['--kind', 'word', '--spec', '[]'], 'expected the specification to be an object'],
    [['--kind', 'word', '--spec', '{'], 'expected JSON'],
    [['--kind', 'word', '--spec', '-'], 'standard input has the values'],
    [['--kind', 'word', '--spec', '{}', '--spec-file', 'x'], '`--spec` or `--spec-file`, not both'],
    [['--kind', 'word', '--spec-file', '/nowhere/spec.json'], 'ENOENT'],
    [['--kind', 'word'], 'specification of `word`: at `/words`: missing key `words`: expected a list of words'],
    [['--kind', 'word', '--spec', '{"wrods":["a"],"words":["a"]}'], 'unknown key `wrods`; did you mean `words`?'],
    [['--kind', 'word', '--spec', '{"words":["a",5]}'], 'at `/words/1`: expected a word, got a number'],
    [['--kind', 'word', '--spec', '{"words":[]}'], 'at `/words`: expected at least one word, got none'],
  ])('%j ends with 2 before a value is judged', async (options, message) => {
    const ran = await judge(options, '{"value":"a"}');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(message);
  });

  it('stops reading when the reader of the answers goes away', async () => {
    let flushed = 0;
    function* lines(): Generator<string> {
      for (let index = 0; index < 20_000; index += 1) {
        flushed += 1;
        yield `{"id":${index},"value":"a"}\n`;
      }
    }
    const ran = await judge(JUDGE, lines(), { readerLeavesAfter: 3 });
    expect(ran.code).toBe(1);
    expect(flushed).toBeLessThan(10);
  });

  it('lists the kinds with their keys', async () => {
    const ran = await judge(['--list', '--format', 'pretty']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toBe(
      [
        'word  one of some words (string, array)',
        '  words  The words that pass (list of text, required)',
        '  most   Most words at once (number)',
        '  mode   How case counts (one of loose, strict)',
        '',
      ].join('\n'),
    );
    const [listed] = linesOf(await judge(['--list', '--kind', 'word']));
    expect(listed).toMatchObject({
      name: 'word',
      types: ['string', 'array'],
      keys: [{ name: 'words', isRequired: true }, {}, {}],
    });
  });
});
