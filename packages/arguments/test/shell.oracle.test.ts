import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { LangVariant, parse } from 'sh-syntax';
import { describe, expect, test } from 'vitest';

import { readLine } from '../src/shell/read-line.ts';
import { confirmsLine } from '../src/shell/confirm-line.ts';
import type { Line } from '../src/shell/line.ts';

const SHELLS: readonly (readonly string[])[] = [
  ['bash'],
  ['bash', '--posix'],
  ['dash'],
  ['zsh'],
  ['ksh'],
  ['mksh'],
  ['busybox', 'ash'],
];

/** Shows each argument, and where a command ends. Where there are no arguments at all, one empty text. */
const SHOW = String.raw`p() { printf '%s\001' "$@"; printf '\002'; }`;
/** The same where `printf` is a program, which would take long to start for each line. */
const MKSH_SHOW = String.raw`p() { [ $# = 0 ] && set -- ''; for a; do print -rn -- "$a"$'\001'; done; print -rn -- $'\002'; }`;

/** A line as the kind reads it, or undefined where it refuses it. */
function read(text: string): Line | undefined {
  const result = readLine(text, 16);
  return 'line' in result && confirmsLine(text, result.line) ? result.line : undefined;
}

const pieces = [
  ...'abz019_-./,:@%+=~#^!{}\'"\\ \t$`*?[]()|&;<>é報'.split(''),

  "\\'",
  '\\"',
  "'a b'",
  '"a b"',
  "''",
  '""',
  ' p ',
  ' | p',
  ' && p',
  '; p',
  '{}',
  '{0}',
  '@{1}',
  'HEAD~1',
  'a#b',
  '\\;',
  '\\*',
  '"\\n"',
  '"\\\\"',
  '"\\$"',
  ' ! ',
  '--x=',
  '=~',
  ':~',
  '~/',
  '#',
];

/** Lines of the program `p`, with everything that could go wrong in them. */
const lines = fc
  .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 })
  .map((parts) => `p ${parts.join('')}`);

/** Lines that the kind reads. */
const accepted = [...new Set(fc.sample(lines, { numRuns: 60_000, seed: 20_261_125 }))].filter(
  (line) => read(line) !== undefined,
);

describe.each(SHELLS.map((command) => [command.join(' '), command] as const))('%s', (_, [program = '', ...options]) => {
  const isThere = spawnSync(program, [...options, '-c', 'exit 7']).status === 7;

  test.skipIf(!isThere)('gives a program the words that were read', () => {
    const cases = accepted.filter(
      (line) =>
        read(line)?.commands.length === 1 &&
        read(line)?.connectors.length === 0 &&
        read(line)?.commands[0]?.redirects.length === 0,
    );
    expect(cases.length).toBeGreaterThan(800);
    const script = ['HOME=/home/expanded', program === 'mksh' ? MKSH_SHOW : SHOW, ...cases].join('\n');
    // a line that a shell reads otherwise may write a file
    const cwd = mkdtempSync(join(tmpdir(), 'callgate-'));
    const run = spawnSync(program, options, {
      cwd,
      input: `${script}\n`,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
      maxBuffer: 64_000_000,
    });
    const outputs = run.stdout.split('\u0002').slice(0, -1);
    const words = outputs.map((output) => output.split('\u0001').slice(0, -1));
    const expected = cases
      .map((line) => read(line)?.commands[0]?.words.slice(1))
      .map((rest) => (rest?.length === 0 ? [''] : rest));
    for (const [index, line] of cases.entries()) expect(words[index], line).toStrictEqual(expected[index]);
    expect(outputs).toHaveLength(cases.length);
    expect(run.stderr).toBe('');
    expect(readdirSync(cwd)).toStrictEqual([]);
    rmSync(cwd, { recursive: true });
  });
});

describe('another parser', () => {
  test.each([LangVariant.LangBash, LangVariant.LangPOSIX, LangVariant.LangMirBSDKorn])(
    'reads as many statements, variant %s',
    async (variant) => {
      for (const line of accepted.slice(0, 40)) {
        const { Stmts } = await parse(line, { variant });
        const separators = read(line)
          ?.connectors.slice(0, (read(line)?.commands.length ?? 1) - 1)
          .filter((one) => one === 'sequence' || one === 'background');
        expect(Stmts.length, line).toBe((separators?.length ?? 0) + 1);
      }
    },
  );
});
