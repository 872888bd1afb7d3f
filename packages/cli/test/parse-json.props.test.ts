import { clonePlain } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseJson } from '../src/input/parse-json.ts';

/** What a text holds, or why it is refused, by the long way: a space at its end keeps it from being read quickly. */
function slowly(text: string): unknown {
  return outcomeOf(() => parseJson(`${text} `));
}

function outcomeOf(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch (error) {
    return { error: (error as Error).message.replace(/, stopped at.*/u, '') };
  }
}

describe('parseJson', () => {
  it('gives the same for a text as programs write it as for any other spelling of it', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary', maxDepth: 5 }), (text) => {
        for (const spelling of [text, JSON.stringify(JSON.parse(text))]) {
          expect(outcomeOf(() => parseJson(spelling))).toEqual(slowly(spelling));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":1}',
    '{"a":{"b":1,"b":2}}',
    '[-0,1e999,1E2,1.0]',
    '-0',
    '1e999',
    '"\\ud800"',
    '{"\\udc00":1}',
    '{"__proto__":{"a":1}}',
    '{"__proto__":1,"__proto__":1}',
    '{"toJSON":1}',
    '{"2":1,"1":2}',
    `${'['.repeat(64)}${']'.repeat(64)}`,
    `${'['.repeat(65)}${']'.repeat(65)}`,
    `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`,
    '"\\uD83D\\uDE00"',
    '\uFEFF{}',
    '"',
    '',
  ])('reads or refuses %j as the long way does', (text) => {
    expect(outcomeOf(() => parseJson(text))).toEqual(slowly(text));
  });

  it('gives frozen plain data', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const value = parseJson(JSON.stringify(JSON.parse(text)));
        expect(isFrozen(value)).toBe(true);
        expect(clonePlain(value)).toEqual(value);
      }),
    );
  });
});

function isFrozen(value: unknown): boolean {
  return (
    Object.isFrozen(value) && (typeof value !== 'object' || value === null || Object.values(value).every(isFrozen))
  );
}
