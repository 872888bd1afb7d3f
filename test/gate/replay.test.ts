import { decide, type AuditRecord, type Call } from 'callgate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { govern } from './support.ts';

describe('replay', () => {
  it('the calls behind a ledger decide again to what the ledger says [replay.decisions]', async () => {
    const calls = fc
      .sample(
        fc.record({
          name: fc.constantFrom('lookup', 'adjust', 'remove', 'open', 'other'),
          arguments: fc.dictionary(
            fc.constantFrom('region', 'limit', 'delta', 'x'),
            fc.oneof(fc.constantFrom('us-east', '*', 1, 11, null), fc.jsonValue()),
          ),
        }),
        200,
      )
      .map((call) => JSON.parse(JSON.stringify(call)) as typeof call);
    const { call, records, gate } = await govern();
    for (const { name, arguments: args } of calls) await call(name, args);
    const decided = records().filter(
      (record): record is AuditRecord & { readonly kind: 'decision' } => record.kind === 'decision',
    );
    expect(decided).toHaveLength(calls.length);
    for (const [index, params] of calls.entries()) {
      const again = decide(gate.policy, {
        server: 'inventory',
        direction: 'client-to-server',
        method: 'tools/call',
        params,
        principal: { user: 'u-1' },
        run: 'run-1',
      } as Call);
      const recorded = decided[index];
      expect(recorded).toMatchObject({
        effect: again.effect,
        code: again.code,
        stage: again.stage,
        summary: again.summary,
      });
      expect(recorded?.violations).toEqual(again.violations.map(({ code, pointer }) => ({ code, pointer })));
      expect(recorded?.rules).toEqual(
        again.determining.map(({ rule, location }) => ({ rule, line: location?.line ?? null })),
      );
    }
  });
});
