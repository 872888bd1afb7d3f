import { describe, expect, it } from 'vitest';

import { urlKind } from '../src/index.ts';
import { corporaTitle, corpus, hasCorpora } from './support/corpora.ts';
import { compileKind, passes } from './support/kind-contract.ts';

interface Row {
  readonly text: string;
  readonly label: string;
  readonly node_internal: boolean | 'dns' | null;
}

const url = compileKind(urlKind, { schemes: ['https', 'http'], ports: 'any' });

describe.skipIf(!hasCorpora)(corporaTitle, () => {
  it('passes nothing whose host is internal', () => {
    const attacks = corpus<Row>('ssrf/ssrf_attack.jsonl.gz').filter((row) => row.node_internal !== false);
    const passed = attacks.filter((row) => passes(url, row.text));
    expect(passed.filter((row) => row.node_internal !== 'dns')).toStrictEqual([]);
  });

  it('passes what is benign', () => {
    const benign = corpus<Row>('ssrf/urls_benign.jsonl.gz').filter((row) => row.label === 'benign');
    expect(benign.filter((row) => !passes(url, row.text))).toStrictEqual([]);
  });
});
