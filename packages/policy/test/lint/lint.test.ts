import { describe, expect, it } from 'vitest';

import { LINTS, lint, parsePolicy, type Finding, type LintId } from '../../src/index.ts';
import { CASES } from './cases.ts';

function findingsOf(text: string, locked?: readonly string[]): readonly Finding[] {
  return lint(parsePolicy(text, { file: 'p.yaml' }), locked === undefined ? {} : { locked });
}

/** What tells the policies of the cases apart. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

const ids = Object.keys(LINTS) as readonly LintId[];

describe.each(ids.map((id) => [id, CASES[id]] as const))('%s', (id, { triggers, spares, locked }) => {
  it.each(triggers.map(([pointer, text]) => [pointer, lastLine(text), text]))(
    'is found at %s in %s',
    (pointer, _, text) => {
      const found = findingsOf(text, locked).filter((finding) => finding.id === id);
      expect(found.map((finding) => finding.pointer)).toEqual([pointer]);
      expect(found[0]).toMatchObject({ level: LINTS[id].level, line: expect.any(Number), column: expect.any(Number) });
    },
  );

  it.each(spares.map((text) => [lastLine(text), text]))('is not found in %s', (_, text) => {
    expect(findingsOf(text, locked).filter((finding) => finding.id === id)).toEqual([]);
  });
});

const MANY = `callgate: 1
name: test
version: "1"
servers:
  z: { cache: allow, tools: { '*': { ring: 2, arguments: any } } }
  a:
    tools:
      x: { ring: 2, arguments: { b: { type: string }, a: { pattern: x } } }
    sampling: allow
`;

describe('findings', () => {
  const triggers = (id: LintId): readonly Finding[] =>
    CASES[id].triggers.flatMap(([, text]) => findingsOf(text, CASES[id].locked));

  it('say what is so and what to do, in one line of lower case without a final period', () => {
    for (const { message, remedy } of ids.flatMap(triggers)) {
      for (const words of [message, remedy]) {
        expect(words).toMatch(/^[^A-Z\n][^\n]*[^.\n]$/u);
        expect(words.length).toBeLessThan(500);
      }
    }
  });

  it('never repeat what looks like a secret', () => {
    const secrets = triggers('secret-in-policy');
    expect(secrets.length).toBeGreaterThan(5);
    expect(JSON.stringify(secrets)).not.toMatch(/[A-Za-z0-9]{16}|hunter/iu);
  });

  it('come in the order of the text', () => {
    const lines = findingsOf(MANY).map(({ line }) => line ?? 0);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines).toEqual(lines.toSorted((left, right) => left - right));
  });

  it('are the same whatever the order of keys', () => {
    const one = 'callgate: 1\nname: a\nversion: "1"\nservers: { b: {}, a: {} }\n';
    const other = 'servers: { a: {}, b: {} }\nversion: "1"\nname: a\ncallgate: 1\n';
    const told = (text: string): unknown[] =>
      findingsOf(text)
        .map(({ id, pointer, message }) => `${id} ${pointer} ${message}`)
        .toSorted();
    expect(told(one)).toEqual(told(other));
  });
});
