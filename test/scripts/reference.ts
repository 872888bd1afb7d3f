/**
 * Makes anew what documents take from the code: the tables of keys in docs/reference/policy.md, and what the commands of
 * docs/guide print. Usage: npm run reference
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { regenerate } from './reference/regenerate.ts';
import { rerun } from './reference/transcript.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const reference = join(docs, 'reference', 'policy.md');
await writeFile(reference, regenerate(await readFile(reference, 'utf8')));

for (const name of await readdir(join(docs, 'guide'))) {
  const page = join(docs, 'guide', name);
  const text = await readFile(page, 'utf8');
  await writeFile(page, await rerun(text));
}
