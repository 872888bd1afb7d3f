import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The folder of the evaluation corpora, when `CALLGATE_CORPORA` names one. */
export const CORPORA: string | undefined = process.env['CALLGATE_CORPORA'];

/** The name of a test that needs the corpora: says so where they are absent. */
export function corpusTest(name: string): string {
  return CORPORA === undefined ? `${name} (skipped, set CALLGATE_CORPORA to run)` : name;
}

/** The rows of a gzipped JSONL file below the corpora's folder. */
export function readCorpus<T>(path: string): readonly T[] {
  const text = gunzipSync(readFileSync(join(CORPORA ?? '', path))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
