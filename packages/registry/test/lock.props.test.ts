import { canonicalize, clonePlain, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  approvePending,
  checkManifest,
  classifyDrift,
  DRIFT_CLASSES,
  driftLines,
  EMPTY_LOCK,
  observeServer,
  parseLock,
  pendingTargets,
  printLock,
  readManifest,
  revokeDigest,
  type DriftPolicy,
} from '../src/index.ts';
import { toolList, toolPair, withKeysReversed } from './support/arbitraries.ts';
import { APPROVAL, IDENTITY, lockOf } from './support/servers.ts';

const numRuns = Number(process.env['CALLGATE_CASES'] ?? 30);
const seen = { name: 'files', identity: IDENTITY };

/** The item of the one tool of a list. */
function itemOf(tool: { readonly name: string }) {
  const item = readManifest({ tools: [tool] })
    .items.get('tool')
    ?.get(tool.name);
  if (item === undefined) throw new Error('expected an item');
  return item;
}

describe('a manifest', () => {
  it('is the same whatever the order of keys and lists', () => {
    fc.assert(
      fc.property(toolList, (tools) => {
        const other = tools.map(withKeysReversed).toReversed();
        expect(readManifest({ tools: other }).digest).toBe(readManifest({ tools }).digest);
      }),
      { numRuns },
    );
  });

  it('of two different definitions is different, and the drift has a class; of two equal ones it is the same', () => {
    fc.assert(
      fc.property(toolPair, ([before, after]) => {
        const isSame = canonicalize(clonePlain(before)) === canonicalize(clonePlain(after));
        const drifts = classifyDrift(itemOf(before), itemOf(after));
        expect(drifts.length === 0).toBe(isSame);
        for (const drift of drifts) {
          expect(DRIFT_CLASSES).toHaveProperty(drift.class);
          expect(driftLines(drift).some(({ mark }) => mark !== ' ')).toBe(true);
        }
        const check = checkManifest(lockOf({ tools: [before] }), seen, readManifest({ tools: [after] }));
        expect(check.isClean).toBe(isSame);
        expect(check.tools.get(before.name)?.call).toBe(isSame ? 'allow' : 'deny');
      }),
      { numRuns },
    );
  });

  it('tells a drift from the pinned definition to the seen one as the mirror of the way back', () => {
    const mirror: Readonly<Record<string, string>> = {
      'schema-narrowed': 'schema-widened',
      'schema-widened': 'schema-narrowed',
    };
    fc.assert(
      fc.property(toolPair, ([before, after]) => {
        const there = classifyDrift(itemOf(before), itemOf(after));
        const back = classifyDrift(itemOf(after), itemOf(before));
        for (const drift of there.filter(
          (one) => mirror[one.class] !== undefined && !one.pointer.endsWith('/required'),
        )) {
          expect(back.find(({ pointer }) => pointer === drift.pointer)?.class).toBe(mirror[drift.class]);
        }
      }),
      { numRuns },
    );
  });
});

describe('a lock', () => {
  it('is clean once what was seen is approved', () => {
    fc.assert(
      fc.property(toolList, toolList, (first, second) => {
        const manifest = readManifest({ tools: second });
        const observed = observeServer(lockOf({ tools: first }), { ...seen, manifest });
        const { lock } = approvePending(observed, APPROVAL, () => true);
        expect(checkManifest(lock, seen, manifest).isClean).toBe(true);
        expect(pendingTargets(lock)).toEqual([]);
        expect(observeServer(lock, { ...seen, manifest })).toEqual(lock);
      }),
      { numRuns },
    );
  });

  it('trusts nothing more for having seen it', () => {
    fc.assert(
      fc.property(toolList, toolList, (first, second) => {
        const lock = lockOf({ tools: first });
        const manifest = readManifest({ tools: second });
        const observed = observeServer(lock, { ...seen, manifest });
        expect(checkManifest(observed, seen, manifest)).toEqual(checkManifest(lock, seen, manifest));
      }),
      { numRuns },
    );
  });

  it('is what its text says, and its text is what it is', () => {
    fc.assert(
      fc.property(toolList, toolList, (first, second) => {
        const lock = observeServer(lockOf({ tools: first }), { ...seen, manifest: readManifest({ tools: second }) });
        const text = printLock(lock);
        expect(parseLock(text)).toEqual(lock);
        expect(printLock(parseLock(text))).toBe(text);
        const again = JSON.stringify(withKeysReversed(JSON.parse(text)));
        expect(printLock(parseLock(again))).toBe(text);
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  });

  it('does not load after any one change to a definition in its text', () => {
    fc.assert(
      fc.property(toolPair, ([before, after]) => {
        fc.pre(canonicalize(clonePlain(before)) !== canonicalize(clonePlain(after)));
        const lock = lockOf({ tools: [before] });
        const [server] = lock.servers;
        const [item] = server?.pinned ?? [];
        if (server === undefined || item === undefined) throw new Error('expected an item');
        const edited = { ...item, definition: clonePlain(after) as JsonValue };
        const text = printLock({ ...lock, servers: [{ ...server, pinned: [edited] }] });
        expect(() => parseLock(text)).toThrow('the digest of the definition');
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  });

  it('refuses a revoked tool, approved or not, whatever the policy chooses', () => {
    const allowAll = Object.fromEntries(Object.keys(DRIFT_CLASSES).map((id) => [id, 'allow'])) as DriftPolicy;
    fc.assert(
      fc.property(toolList, fc.nat(), (tools, pick) => {
        fc.pre(tools.length > 0);
        const tool = tools[pick % tools.length] ?? { name: '' };
        const { digest } = itemOf(tool);
        const lock = revokeDigest(lockOf({ tools }), digest, APPROVAL);
        const check = checkManifest(lock, seen, readManifest({ tools }), allowAll);
        expect(check.tools.get(tool.name)).toMatchObject({ list: 'withhold', call: 'deny', classes: ['revoked'] });
        const fresh = observeServer(revokeDigest(EMPTY_LOCK, digest, APPROVAL), {
          ...seen,
          manifest: readManifest({ tools }),
        });
        expect(approvePending(fresh, APPROVAL, () => true).refused.map(({ name }) => name)).toEqual([tool.name]);
      }),
      { numRuns },
    );
  });
});
