import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { HOST_IDS, readHostConfig, type HostId } from '../../src/index.ts';
import { fixtureOf } from '../support/fixtures.ts';

const runs = { numRuns: Number(process.env['CALLGATE_CASES'] ?? 30) };

/** One host of each format, and one of each way to write servers. */
const HOSTS_TO_TRY: readonly HostId[] = ['claude-code', 'opencode', 'continue', 'goose', 'codex'];

/** Pieces that configurations are made of, put together without sense. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        "'",
        '\n',
        ' ',
        '=',
        '#',
        '//',
        '/*',
        '- ',
        '&a',
        '*a',
        '<<: ',
        '|',
        '>',
        '\\',
        '\0',
        '\uFEFF',
        '\ud800',
      ),
      fc.constantFrom(
        'mcpServers',
        'mcp_servers',
        'extensions',
        'mcp',
        'projects',
        'command',
        'args',
        'env',
        'url',
        'name',
        'true',
        'null',
        '1',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** A fixture with one part taken out and another put in. */
const damaged = (host: HostId): fc.Arbitrary<string> => {
  const text = fixtureOf(host);
  return fc
    .tuple(fc.nat(text.length), fc.nat(40), pieces)
    .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));
};

describe.each(HOSTS_TO_TRY)('%s', (host) => {
  it('reads any text without throwing, and says the same twice', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 60 }), pieces, damaged(host)), (text) => {
        const lines = text.split('\n').length;
        const { servers, problems } = readHostConfig(host, text);
        for (const { line } of servers) expect(line).toBeGreaterThan(0);
        for (const { line } of problems) if (line !== null) expect(line).toBeLessThanOrEqual(lines + 1);
        expect(readHostConfig(host, text)).toEqual({
          servers,
          problems,
          projects: expect.any(Array),
          approvals: expect.any(Array),
        });
      }),
      runs,
    );
  });
});

it('any JSON value is read without throwing, for every host', () => {
  fc.assert(
    fc.property(fc.constantFrom(...HOST_IDS), fc.json({ maxDepth: 6 }), (host, text) => {
      expect(readHostConfig(host, `{"mcpServers":${text},"servers":${text},"mcp":${text}}`)).toBeDefined();
    }),
    runs,
  );
});
