import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { REFERENCE_TABLES, withTables } from './support/reference-tables.ts';

const folder = join(import.meta.dirname, '../../../docs/reference/inspection');
const PAGES = ['secrets.md', 'pii.md'];

test.each(PAGES)('%s has the tables of the code (else: CALLGATE_UPDATE_REFERENCE=1 writes them)', (name) => {
  const path = join(folder, name);
  const page = readFileSync(path, 'utf8');
  if (process.env['CALLGATE_UPDATE_REFERENCE'] === '1') writeFileSync(path, withTables(page));
  expect(readFileSync(path, 'utf8')).toBe(withTables(page));
});

test('every table stands in a page', () => {
  const pages = PAGES.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  for (const name of Object.keys(REFERENCE_TABLES)) expect(pages).toContain(`<!-- generated: ${name} -->`);
});
