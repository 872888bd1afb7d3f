import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { DEFINITION_RULES, SIGNALS } from '../src/index.ts';

const rowsOf = async (page: string, beginning: string): Promise<readonly string[]> => {
  const text = await readFile(
    join(import.meta.dirname, '..', '..', '..', 'docs', 'reference', 'inspection', page),
    'utf8',
  );
  return text.split('\n').filter((line) => line.startsWith(beginning));
};

test('docs/reference/inspection/instructions.md is the table of signals, word for word', async () => {
  const byId = new Map(SIGNALS.map((signal) => [signal.id, signal]));
  const expected = [...byId.values()].map(
    ({ id, weight, inDefinition, reason }) => `| \`instructions.${id}\` | ${weight} | ${inDefinition} | ${reason} |`,
  );
  expect(await rowsOf('instructions.md', '| `instructions.')).toStrictEqual(expected);
});

test('docs/reference/inspection/definitions.md is the table of rules, word for word', async () => {
  const expected = Object.entries(DEFINITION_RULES).map(([id, reason]) => `| \`${id}\` | ${reason} |`);
  expect(await rowsOf('definitions.md', '| `definition.')).toStrictEqual(expected);
});
