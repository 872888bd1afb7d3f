import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  DRIFT_CLASSES,
  EMPTY_LOCK,
  approvePending,
  checkManifest,
  observeServer,
  readManifest,
  urlIdentity,
  verdictOf,
  type DriftPolicy,
  type Lock,
  type Verdict,
} from '../src/index.ts';
import { checkPage } from '../src/drift/check-page.ts';

const identity = urlIdentity('https://s.example');
const NAMES = ['a', 'b', 'c', 'd'];

const anyTool = fc.record({
  name: fc.constantFrom(...NAMES),
  description: fc.constantFrom('Does one thing to it.', 'Does another thing to it.'),
  hidden: fc.constantFrom(1, 2),
});
const tools = fc.uniqueArray(anyTool, { selector: ({ name }) => name, maxLength: 4 });
const choices = fc.constantFrom('allow' as const, 'hold' as const, 'deny' as const, 'withhold' as const);
const open = Object.entries(DRIFT_CLASSES).flatMap(([name, { choice }]) => (choice === null ? [] : [name]));
const policies = fc.dictionary(fc.constantFrom(...open), choices) as fc.Arbitrary<DriftPolicy>;

const lockOf = (pinned: readonly object[]): Lock =>
  approvePending(
    observeServer(EMPTY_LOCK, { name: 's', identity, manifest: readManifest({ tools: pinned }), covers: ['tool'] }),
    { by: 'ana', at: '2026-11-25T10:00:00.000Z' },
    () => true,
  ).lock;

const strength = ({ list, call }: Verdict): number =>
  list === 'withhold' ? 3 : ['allow', 'hold', 'deny'].indexOf(call);

describe('a page before the rest is there', () => {
  test('is judged no laxer than the whole listing that it belongs to', () => {
    fc.assert(
      fc.property(tools, tools, fc.nat(4), policies, fc.boolean(), (pinned, listed, size, policy, isLocked) => {
        const lock = isLocked ? lockOf(pinned) : EMPTY_LOCK;
        const server = { name: 's', identity };
        const before = checkManifest(lock, server, readManifest({}), policy);
        const page = [
          ...(readManifest({ tools: listed.slice(0, size) })
            .items.get('tool')
            ?.values() ?? []),
        ];
        const whole = checkManifest(lock, server, readManifest({ tools: listed }), policy);
        const verdicts = checkPage(lock, before, 'tool', page, policy);
        expect([...verdicts.keys()]).toStrictEqual(page.map(({ name }) => name));
        for (const [name, verdict] of verdicts)
          expect(strength(verdict)).toBeGreaterThanOrEqual(strength(verdictOf(whole, 'tool', name)));
      }),
    );
  });

  test('is as it was approved where it is', () => {
    const pinned = [{ name: 'a' }, { name: 'b' }];
    const lock = lockOf(pinned);
    const before = checkManifest(lock, { name: 's', identity }, readManifest({}));
    const page = [
      ...(readManifest({ tools: [{ name: 'b' }] })
        .items.get('tool')
        ?.values() ?? []),
    ];
    expect(checkPage(lock, before, 'tool', page).get('b')).toStrictEqual({ list: 'show', call: 'allow', classes: [] });
  });
});
