import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { shellKind } from '../src/index.ts';
import { readLine } from '../src/shell/read-line.ts';
import { compileKind, passes } from './support/kind-contract.ts';

interface Row {
  readonly id: string;
  readonly text: string;
  readonly platform?: string;
}

const corpora = process.env['CALLGATE_CORPORA'];
const isAvailable = corpora !== undefined && existsSync(`${corpora}/shell`);

function rows(name: string): readonly Row[] {
  const text = gunzipSync(readFileSync(`${corpora ?? ''}/shell/${name}.jsonl.gz`)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

describe.skipIf(!isAvailable)('corpora (skipped, set CALLGATE_CORPORA to run)', () => {
  const strict = compileKind(shellKind, {
    programs: { ls: { flags: ['-l'], operands: ['<path>'], paths: ['docs'] }, grep: { operands: ['<word>'] } },
  });
  const open = compileKind(shellKind, { programs: { ls: 'any' } });

  test('a fragment behind an argument that may be a path below a root adds nothing to it', () => {
    const passed = rows('injection_patt').filter(({ text }) => passes(strict, `ls docs/a${text}`));
    expect(rows('injection_patt').filter(({ text }) => passes(strict, `ls docs/a ${text}`))).toStrictEqual([]);
    // what is left is quoted, or means nothing to a shell: it joins the name of the one operand
    for (const { id, text } of passed) {
      const read = readLine(`ls docs/a${text}`, 1);
      expect('line' in read && read.line.commands[0]?.words.length, id).toBe(2);
    }
    expect(passed.length).toBeLessThan(50);
  });

  test('a fragment behind an argument that may be anything adds words to it, and never more', () => {
    for (const { id, text } of rows('injection_patt')) {
      const line = `ls a${text}`;
      if (!passes(open, line)) continue;
      const read = readLine(line, 1);
      expect('line' in read && read.line.commands.length === 1 && read.line.commands[0]?.words[0] === 'ls', id).toBe(
        true,
      );
    }
  });

  test('most documented lines can be allowed', () => {
    const all = rows('tldr_benign').filter(({ platform }) => platform === 'common' || platform === 'linux');
    const read = all.filter(({ text }) => 'line' in readLine(text, 16));
    expect(read.length / all.length).toBeGreaterThan(0.85);
  });
});
