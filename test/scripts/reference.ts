/** Makes the tables of keys in docs/reference/policy.md anew. Usage: npm run reference */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { regenerate } from './reference/regenerate.ts';

const page = join(import.meta.dirname, '..', '..', 'docs', 'reference', 'policy.md');
await writeFile(page, regenerate(await readFile(page, 'utf8')));
