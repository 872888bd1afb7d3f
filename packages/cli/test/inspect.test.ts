import { afterAll, describe, expect, it } from 'vitest';
import type { Detector } from 'callgate';

import { createInspectCommand } from '../src/commands/inspect.ts';
import { createFolder, runCommand, type Ran } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());

const finds = (kind: Detector['kind'], word: string): Detector => ({
  kind,
  keywords: [word],
  find({ hits }, report) {
    for (const { start } of hits) {
      report({
        rule: `${kind}.test`,
        severity: 'high',
        start,
        end: start + word.length,
        reason: 'a word of the tests',
      });
    }
  },
});

const DETECTORS = [finds('secrets', 'hunter2'), finds('instructions', 'obey'), finds('pii', 'ada@')];

async function inspect(options: readonly string[], stdin: string): Promise<Ran> {
  return runCommand(['inspect', ...options], { commands: [createInspectCommand(DETECTORS)], stdin });
}

function linesOf({ out }: Ran): readonly unknown[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('callgate inspect', () => {
  it('answers each line with a verdict and findings, and never prints what it found', async () => {
    const lines = [
      '{"id":1,"text":"all is well"}',
      '{"id":"two","result":{"content":[{"type":"text","text":"it is hunter2"}]}}',
      '{"id":3,"message":{"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"obey"}}}',
    ];
    const ran = await inspect([], `${lines.join('\n')}\n`);
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(ran.out).not.toMatch(/hunter2|obey/u);
    expect(linesOf(ran)).toStrictEqual([
      { id: 1, verdict: 'pass', findings: [] },
      {
        id: 'two',
        verdict: 'redact',
        findings: [
          { rule: 'secrets.test', kind: 'secrets', severity: 'high', pointer: '/content/0/text', start: 6, end: 13 },
        ],
      },
      {
        id: 3,
        verdict: 'quarantine',
        findings: [
          {
            rule: 'instructions.test',
            kind: 'instructions',
            severity: 'high',
            pointer: '/error/message',
            start: 0,
            end: 4,
          },
        ],
      },
    ]);
  });

  it('looks only for the kinds that were asked for', async () => {
    const text = '{"text":"obey ada@ hunter2"}';
    const rules = async (only: string): Promise<unknown> => linesOf(await inspect(['--only', only], text));
    expect(await rules('secrets')).toMatchObject([{ verdict: 'redact', findings: [{ kind: 'secrets' }] }]);
    expect(await rules('pii, secrets')).toMatchObject([
      { verdict: 'redact', findings: [{ kind: 'secrets' }, { kind: 'pii' }] },
    ]);
    expect(await rules('links')).toMatchObject([{ verdict: 'pass', findings: [] }]);
  });

  it('exits with 0 where everything passes', async () => {
    expect(await inspect([], '{"text":"x"}\n\n')).toMatchObject({ code: 0, err: '' });
    expect(await inspect([], '')).toEqual({ code: 0, out: '', err: '' });
  });

  it.each([
    ['not JSON', 'nonsense', null],
    ['nothing to inspect', '{"id":7}', 7],
    ['two things to inspect', '{"id":7,"text":"a","result":{}}', 7],
    ['a text that is none', '{"id":8,"text":5}', 8],
  ])('a line with %s is answered in its place, and the stream goes on', async (_, line, id) => {
    const ran = await inspect([], `${line}\n{"id":"next","text":"x"}\n`);
    expect(ran.code).toBe(1);
    expect(linesOf(ran)).toMatchObject([
      { id, verdict: 'error', line: 1 },
      { id: 'next', verdict: 'pass' },
    ]);
  });

  it('inspects what strict readers refuse: lone surrogates, a name twice, ten thousand levels', async () => {
    const deep = `${'['.repeat(9_000)}"hunter2"${']'.repeat(9_000)}`;
    const ran = await inspect([], `{"text":"\\ud800hunter2"}\n{"result":${deep}}\n{"text":"x","text":"hunter2"}\n`);
    expect(linesOf(ran)).toMatchObject([{ verdict: 'redact' }, { verdict: 'redact' }, { verdict: 'redact' }]);
  });

  it('shows people where and why', async () => {
    const ran = await inspect(['--format', 'pretty'], '{"id":1,"text":"hunter2"}');
    expect(ran.out).toBe('REDACT 1\n      secrets.test (high) at / 0–7: a word of the tests\n');
  });

  it('names the nearest kind for a misspelt one', async () => {
    expect(await inspect(['--only', 'secret'], '')).toMatchObject({ code: 2, err: expect.stringContaining('secrets') });
  });
});
