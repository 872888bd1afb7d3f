import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../src/command-table.ts';
import { FORMATS } from '../src/format.ts';
import { run } from '../src/index.ts';
import { runCommand } from './support/run-command.ts';

describe('the program', () => {
  it('shows every command in its help, on standard output, with exit code 0', async () => {
    for (const argv of [['--help'], ['-h'], ['help']]) {
      const { code, out, err } = await runCommand(argv);
      expect(code).toBe(0);
      expect(err).toBe('');
      for (const name of ['check', 'explain', 'decide', 'schema', 'ledger verify', 'ledger show', 'ledger tail']) {
        expect(out).toContain(`  ${name} `);
      }
    }
  });

  it('shows help on standard error and exits with 2 when given nothing', async () => {
    const { code, out, err } = await runCommand([]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('Usage  callgate <command>');
  });

  it('prints its version', async () => {
    expect(await runCommand(['--version'])).toEqual({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u),
      err: '',
    });
  });

  it.each([
    [['chek'], 'unknown command `chek`; did you mean `check`?'],
    [['ledger', 'verfy'], 'unknown command `ledger verfy`; did you mean `ledger verify`?'],
    [['ledger'], 'expected one of `ledger verify`, `ledger show`, `ledger tail`'],
    [['--hepl'], 'unknown option `--hepl`; did you mean `--help`?'],
    [['check', '--frmat', 'json', 'x'], 'unknown option `--frmat`; did you mean `--format`?'],
    [
      ['check', '--format', 'jsn', 'x'],
      'expected `--format` to be one of `pretty`, `json`, `junit`, `sarif`, `github`, got `jsn`; did you mean `json`?',
    ],
    [['check'], 'expected <policy…>'],
    [['check', '--strict=yes', 'x'], 'expected no value for `--strict`'],
    [['decide'], 'expected `--policy <file>`'],
    [['decide', '--policy'], 'expected a value for `--policy`'],
    [['decide', '--policy', '--format'], 'expected a value for `--policy`; write `--policy=…`'],
    [['decide', '-p', 'a', '-p', 'b'], 'expected `-p` once, got it twice'],
    [['decide', '-p', 'a', 'surplus'], 'unexpected argument `surplus`'],
    [['schema', 'polcy'], 'expected `policy`, `exceptions`, `record` or `lock`; did you mean `policy`?'],
    [['ledger', 'show', 'x', '--limit', '-1'], 'write `--limit=…` for a value that begins with a dash'],
    [['ledger', 'show', 'x', '--limit=-1'], 'expected `--limit` to be a whole number'],
    [['ledger', 'show', 'x', '--from', 'yesterday'], 'expected `--from` to be a record number or a time'],
  ])('%j is a usage error: exit code 2, said on standard error only', async (argv, message) => {
    const { code, out, err } = await runCommand(argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });

  it.each([
    ['check'],
    ['explain'],
    ['decide'],
    ['schema'],
    ['ledger', 'verify'],
    ['ledger', 'show'],
    ['ledger', 'tail'],
  ])('help of %s %s names its options, exit codes and examples', async (...words) => {
    const viaOption = await runCommand([...words.filter((word) => word !== undefined), '--help']);
    const viaHelp = await runCommand(['help', ...words.filter((word) => word !== undefined)]);
    expect(viaOption).toEqual(viaHelp);
    expect(viaOption.code).toBe(0);
    for (const title of ['Usage', 'Options', 'Exit codes', 'Examples', '--format', '--help']) {
      expect(viaOption.out).toContain(title);
    }
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'help of %s names the formats that it has, and which it takes when told none',
    async (name, command) => {
      const { out } = await runCommand([...name.split(' '), '--help']);
      const words = out.replaceAll(/\s+/gu, ' ');
      for (const format of command.formats) expect(words).toContain(`${format} ${FORMATS[format]}`);
      expect(words).toContain(`(default ${command.formats[0]})`);
    },
  );

  it('a defect exits with 3 and asks for a report', async () => {
    const err: string[] = [];
    const code = await run(['--version'], {
      stdin: (async function* nothing() {})(),
      stdinIsTerminal: false,
      stdout: {
        write: () => {
          throw new TypeError('a defect');
        },
        on: () => undefined,
      },
      stderr: { write: (text, callback) => (err.push(text), callback(), true), on: () => undefined },
      env: {},
      onInterrupt: () => () => {},
    });
    expect(code).toBe(3);
    expect(err.join('')).toContain('callgate: internal error, please report it: TypeError: a defect');
  });

  it('treats what follows -- as arguments, never as options', async () => {
    const { code, out } = await runCommand(['check', '--', '--help']);
    expect(code).toBe(2);
    expect(out).toContain('--help: does not load');
  });

  it('colours only for terminals, unless the environment says otherwise', async () => {
    const hasColour = async (stdoutIsTerminal: boolean, env: Record<string, string>): Promise<boolean> =>
      (await runCommand(['--help'], { stdoutIsTerminal, env })).out.includes('\u001B[');
    expect(await hasColour(true, {})).toBe(true);
    expect(await hasColour(false, {})).toBe(false);
    expect(await hasColour(true, { NO_COLOR: '1' })).toBe(false);
    expect(await hasColour(true, { NO_COLOR: '' })).toBe(true);
    expect(await hasColour(true, { TERM: 'dumb' })).toBe(false);
    expect(await hasColour(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(await hasColour(true, { FORCE_COLOR: '0' })).toBe(false);
    expect(await hasColour(true, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});
