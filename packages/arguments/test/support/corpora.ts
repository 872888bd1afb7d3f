import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = process.env['CALLGATE_CORPORA'];

/** Whether the corpora are here. They are measured with, never copied from. */
export const hasCorpora: boolean = folder !== undefined && existsSync(folder);

/** The name of a suite that needs the corpora. */
export const corporaTitle: string = hasCorpora ? 'corpora' : 'corpora (skipped, set CALLGATE_CORPORA to run)';

/** The rows of one file. */
export function corpus<Row>(path: string): readonly Row[] {
  const text = gunzipSync(readFileSync(`${folder}/${path}`)).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
