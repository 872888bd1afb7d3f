import type { ControlledCall, MeterControl } from '@callgate/policy';
import fc from 'fast-check';
import { test } from 'vitest';

import { createHistory } from '../src/history.ts';
import { casesOr } from './support/cases.ts';
import { callOf, ended, meter } from './support/controls.ts';
import { answerOf } from './support/model.ts';
import { meterReference, type LoggedEvent } from './support/reference.ts';

const MAX_KEYS = 3;
const WITHIN_MS = 100;

const controls: fc.Arbitrary<MeterControl> = fc
  .record({
    measure: fc.constantFrom(
      { of: 'calls' as const },
      { of: 'distinct' as const, value: { by: 'argument' as const, pointer: '/id' } },
    ),
    max: fc.constantFrom(1, 2),
  })
  .map((changes) => meter({ withinMs: WITHIN_MS, ...changes }));

const steps = fc.array(
  fc.record({
    run: fc.nat(5),
    id: fc.nat(3),
    wait: fc.constantFrom(0, 0, 1, 10, 30, 99, 100, 101),
    finish: fc.constantFrom('settle', 'settle', 'release', 'later'),
    which: fc.nat(9),
    around: fc.boolean(),
  }),
  { maxLength: 60, size: 'max' },
);

test('a full store refuses what is new exactly while nothing has expired, and forgets nothing that counts', () => {
  fc.assert(
    fc.property(controls, steps, (control, played) => {
      const history = createHistory({ limits: { maxKeys: MAX_KEYS } });
      const reference = meterReference(control);
      const logs = new Map<string, LoggedEvent[]>();
      const later: (() => void)[] = [];
      let now = 0;
      const logOf = (key: string): readonly LoggedEvent[] => logs.get(key) ?? [];
      for (const [id, step] of played.entries()) {
        now += step.wait;
        const runs = step.around ? [`r${step.run}`, 'r0'] : [`r${step.run}`];
        const call: ControlledCall = callOf({ runs, args: { id: step.id } });
        const keys = [...new Set(runs)];
        // A key stays for a window after its last change, if it then said anything.
        const live = [...logs]
          .filter(([, log]) => {
            const changedAt = log.at(-1)?.at ?? 0;
            return (
              !reference.isSilent(log, changedAt) && (changedAt + WITHIN_MS > now || !reference.isSilent(log, now))
            );
          })
          .map(([key]) => key);
        const isFull = new Set([...live, ...keys]).size > MAX_KEYS && keys.some((key) => !live.includes(key));
        const answers = keys.map((key) => reference.answer(logOf(key), call, now));
        const expected = isFull ? 'error' : answers.includes('refuse') ? 'refuse' : 'allow';
        const attempt = history.attempt(String(id), now);
        const got = answerOf(attempt.judge(control, call));
        if (got !== expected) throw new Error(`at ${now}: expected ${expected}, got ${got}`);
        if (got === 'allow') {
          const add = (event: LoggedEvent): void => {
            for (const key of keys) logs.set(key, [...logOf(key), event]);
          };
          attempt.reserve();
          add({ type: 'start', id, call, at: now });
          const finish = (): void => {
            if (step.finish === 'release') attempt.release(now);
            else attempt.settle(ended(), now);
            add(
              step.finish === 'release'
                ? { type: 'release', id, at: now }
                : { type: 'settle', id, outcome: ended(), at: now },
            );
          };
          if (step.finish === 'later') later.push(finish);
          else finish();
        }
        if (step.which === 0) later.splice(step.id % Math.max(1, later.length), 1)[0]?.();
      }
    }),
    { numRuns: casesOr(150) },
  );
});
