import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { REQUIREMENTS } from './requirements.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The ids that tests cite in their names: `[bypass.toctou]`. */
async function citations(): Promise<ReadonlySet<string>> {
  const cited = new Set<string>();
  for (const folder of ['packages', 'test']) {
    const names = await readdir(`${root}${folder}`, { recursive: true });
    for (const name of names.filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))) {
      if (name === 'requirements.test.ts') continue;
      const text = await readFile(`${root}${folder}/${name}`, 'utf8');
      for (const match of text.matchAll(/\[((?:[a-z]+\.)?[a-z]+(?:[.-][a-z]+)*)\]/gu)) cited.add(match[1] as string);
    }
  }
  return cited;
}

describe('the requirements table', () => {
  it('has a test for every promise', async () => {
    const cited = await citations();
    expect(REQUIREMENTS.filter(({ id }) => !cited.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('names each promise once', () => {
    expect(new Set(REQUIREMENTS.map(({ id }) => id)).size).toBe(REQUIREMENTS.length);
  });
});
