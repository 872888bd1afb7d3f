import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { pathKind } from '../src/index.ts';
import { compileKind, passes } from './support/kind-contract.ts';

const corpora = process.env['CALLGATE_CORPORA'];
const file = `${corpora ?? ''}/path_traversal/benign.jsonl.gz`;
const isAvailable = corpora !== undefined && existsSync(file);

describe.skipIf(!isAvailable)('paths of real repositories (skipped, set CALLGATE_CORPORA to run)', () => {
  const paths = isAvailable
    ? gunzipSync(readFileSync(file))
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { readonly text: string }).text)
    : [];

  it('all pass with no more than the kind', () => {
    const kind = compileKind(pathKind);
    expect(paths.filter((path) => !passes(kind, path))).toStrictEqual([]);
  });

  it('all pass below an absolute root, and none above or beside it', () => {
    const kind = compileKind(pathKind, { roots: ['/srv/work'] });
    expect(paths.filter((path) => !passes(kind, `/srv/work/${path}`))).toStrictEqual([]);
    for (const prefix of ['', '/srv/', '/srv/worker/', '/srv/work/../', '/srv/work/%2e%2e/', '/srv/work/..\uff0f']) {
      expect(paths.filter((path) => passes(kind, `${prefix}${path}`))).toStrictEqual([]);
    }
  });
});
