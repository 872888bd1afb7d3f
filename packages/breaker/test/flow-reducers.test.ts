import type { JsonObject } from '@callgate/canonical';
import type { ControlVerdict, FlowControl, LabelControl } from '@callgate/policy';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import type { CallOutcome, OutcomeKind } from '../src/call-outcome.ts';
import { fingerprintsOf } from '../src/flows/fingerprints.ts';
import { createFlowReducers } from '../src/flows/flow-reducers.ts';
import { casesOr } from './support/cases.ts';
import { CONTROL_BASE, DrivenHistory, codeOf, factsOf, type Reservation } from './support/driven-history.ts';

const CASES = casesOr(300);

const trifecta: FlowControl = {
  ...CONTROL_BASE,
  id: 'lethal-trifecta',
  kind: 'flow',
  then: 'hold',
  seen: ['private', 'untrusted'],
  sink: 'external',
  carried: 'deny',
};
const noPrivate: FlowControl = { ...trifecta, id: 'no-private', seen: ['private'] };

function bringing(labels: readonly string[], declassifies: readonly string[] = []): LabelControl {
  return {
    ...CONTROL_BASE,
    id: `labels-${labels.join()}-${declassifies.join()}`,
    kind: 'labels',
    labels,
    declassifies,
  };
}

let cells: DrivenHistory;

beforeEach(() => {
  cells = new DrivenHistory();
});

interface Where {
  readonly id?: string;
  readonly runs?: readonly string[];
  readonly trust?: 'internal' | 'external';
  readonly server?: string;
  readonly decoded?: readonly string[];
}

function outcomeOf(text: string, outcome: OutcomeKind = 'ok', labels?: readonly string[]): CallOutcome {
  return { outcome, durationMs: 1, bytes: text.length, fingerprints: fingerprintsOf([text]), labels };
}

function read(labels: readonly string[], text = 'nothing much', where: Where = {}, args: JsonObject = {}): void {
  cells.reserve([bringing(labels)], factsOf(args, where)).settle(outcomeOf(text));
}

function mask(labels: readonly string[], where: Where = {}, outcome: OutcomeKind = 'ok'): void {
  cells.reserve([bringing([], labels)], factsOf({}, where)).settle(outcomeOf('masked', outcome));
}

function sending(
  args: JsonObject = { body: 'hello' },
  where: Where = {},
  control: FlowControl = trifecta,
): ControlVerdict {
  return cells.judge(control, factsOf(args, where));
}

/** Sends where it is allowed. */
function send(args: JsonObject, where: Where = {}, controls: readonly FlowControl[] = [trifecta]): string {
  const facts = factsOf(args, where);
  const verdicts = controls.map((control) => cells.judge(control, facts));
  const worst =
    ['deny', 'hold', 'allow'].find((effect) => verdicts.some((verdict) => verdict.effect === effect)) ?? 'error';
  if (worst === 'allow') cells.reserve(controls, facts).settle('ok');
  return worst;
}

describe('labels', () => {
  test('are judged together: one of two is not both', () => {
    read(['private']);
    expect(codeOf(sending())).toBe('allow');
    read(['untrusted']);
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('of a server that is external are untrusted', () => {
    read(['private'], 'page', { trust: 'external' });
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('of an external sink count too: it answers', () => {
    read(['private']);
    cells.reserve([trifecta], factsOf({}, { trust: 'external' })).settle('ok');
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('that inspection found count', () => {
    read(['private']);
    cells.reserve([bringing([])], factsOf({})).settle(outcomeOf('ignore all', 'ok', ['untrusted']));
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test.each(['ok', 'tool_error', 'error', 'timeout', 'cancelled', 'unknown'] as const)(
    'are brought by a call that ended with %s',
    (outcome) => {
      cells.reserve([bringing(['private'])], factsOf({})).settle(outcome);
      expect(codeOf(sending({}, {}, noPrivate))).toBe('flow.blocked');
    },
  );

  test('are not brought by a result that was withheld', () => {
    cells.reserve([bringing(['private'])], factsOf({}, { trust: 'external' })).settle('quarantined');
    expect(codeOf(sending({}, {}, noPrivate))).toBe('allow');
    expect(cells.isEmpty).toBe(true);
  });

  test('are brought by a call when it ends, and not by one that was never sent', () => {
    const first = cells.reserve([bringing(['private'])], factsOf({}));
    expect(codeOf(sending({}, {}, noPrivate))).toBe('allow');
    first.release();
    first.settle('ok');
    expect(codeOf(sending({}, {}, noPrivate))).toBe('allow');
    expect(cells.isEmpty).toBe(true);
  });

  test('are of their run', () => {
    read(['private', 'untrusted']);
    expect(codeOf(sending({}, { runs: ['other'] }))).toBe('allow');
  });

  test('go to the runs around, and from there to all inside', () => {
    read(['private', 'untrusted'], 'x', { runs: ['child', 'parent'] });
    expect(codeOf(sending({}, { runs: ['parent'] }))).toBe('flow.blocked');
    expect(codeOf(sending({}, { runs: ['sibling', 'parent'] }))).toBe('flow.blocked');
    expect(codeOf(sending({}, { runs: ['child'] }))).toBe('flow.blocked');
    expect(codeOf(sending({}, { runs: ['sibling'] }))).toBe('allow');
  });

  test('of a run around are seen inside', () => {
    read(['private'], 'x', { runs: ['parent'] });
    read(['untrusted'], 'x', { runs: ['child', 'parent'] });
    expect(codeOf(sending({}, { runs: ['grandchild', 'child', 'parent'] }))).toBe('flow.blocked');
  });

  test('need a run: without one nothing can be judged', () => {
    expect(codeOf(sending({}, { runs: [] }))).toBe('history.key');
    expect(codeOf(cells.judge(bringing(['private']), factsOf({}, { runs: [] })))).toBe('history.key');
  });

  test('survive a restart, also those of calls under way', () => {
    read(['private']);
    cells.reserve([bringing(['untrusted'])], factsOf({}));
    cells.restart();
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('stay however long it takes', () => {
    read(['private', 'untrusted']);
    cells.now += 10 * 365 * 86_400_000;
    expect(codeOf(sending())).toBe('flow.blocked');
    cells.now = 0;
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('that are too many to keep apart count as all there are', () => {
    for (let index = 0; index < 70; index += 1) read([`own-${index}`]);
    expect(codeOf(sending())).toBe('flow.blocked');
    cells.restart();
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('name the calls that brought them', () => {
    read(['private'], 'x', { id: 'crm-read' });
    read(['untrusted'], 'x', { id: 'web-read' });
    expect(sending()).toMatchObject({
      effect: 'hold',
      notice: {
        message: 'the run has seen `private` and `untrusted`, and this call sends to `external`',
        sources: ['crm-read', 'web-read'],
      },
    });
  });

  test('do not fill the snapshot with values', () => {
    const { labels } = createFlowReducers(1_000);
    const cell = labels.create(bringing(['private']));
    const facts = factsOf({ customer: 'ARGUMENT' });
    const ticket = labels.reserve(bringing(['private']), cell, facts, 0);
    labels.settle(bringing(['private']), cell, ticket, facts, outcomeOf('SECRETRESULT and more of it'), 0);
    expect(JSON.stringify(labels.snapshot(cell, 0))).not.toMatch(/secret|argument/iu);
  });
});

describe('a declassifier', () => {
  test('lifts what it names, when it succeeds', () => {
    read(['private', 'untrusted']);
    for (const outcome of ['tool_error', 'error', 'timeout', 'cancelled', 'quarantined', 'unknown'] as const)
      mask(['private'], {}, outcome);
    expect(codeOf(sending())).toBe('flow.blocked');
    mask(['private']);
    expect(codeOf(sending())).toBe('allow');
    expect(codeOf(sending({}, {}, { ...trifecta, seen: ['untrusted'] }))).toBe('flow.blocked');
  });

  test('lifts nothing that comes later', () => {
    const pending = cells.reserve([bringing(['private'])], factsOf({}));
    read(['private', 'untrusted']);
    mask(['private']);
    expect(codeOf(sending())).toBe('allow');
    pending.settle('ok');
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('inside a run lifts what that run brought, also from the runs around, and nothing else', () => {
    read(['private'], 'x', { runs: ['child', 'parent'] });
    mask(['private'], { runs: ['child', 'parent'] });
    expect(codeOf(sending({}, { runs: ['parent'] }, noPrivate))).toBe('allow');
    read(['private'], 'x', { runs: ['parent'] });
    mask(['private'], { runs: ['child', 'parent'] });
    expect(codeOf(sending({}, { runs: ['parent'] }, noPrivate))).toBe('flow.blocked');
    expect(codeOf(sending({}, { runs: ['child', 'parent'] }, noPrivate))).toBe('flow.blocked');
  });

  test('of a run lifts what runs inside it brought', () => {
    read(['private'], 'x', { runs: ['child', 'parent'] });
    mask(['private'], { runs: ['parent'] });
    expect(codeOf(sending({}, { runs: ['parent'] }, noPrivate))).toBe('allow');
    // The run inside has seen it all the same.
    expect(codeOf(sending({}, { runs: ['child', 'parent'] }, noPrivate))).toBe('flow.blocked');
  });

  test('cannot lift what too many runs brought to tell them apart', () => {
    for (let index = 0; index < 20; index += 1) read(['private'], 'x', { runs: [`child-${index}`, 'parent'] });
    for (let index = 0; index < 20; index += 1) mask(['private'], { runs: [`child-${index}`, 'parent'] });
    mask(['private'], { runs: ['parent'] });
    expect(codeOf(sending({}, { runs: ['parent'] }, noPrivate))).toBe('flow.blocked');
  });

  test('takes the evidence along', () => {
    read(['private', 'other'], 'the access code of the vault is KX77-91QZ-0042');
    mask(['private']);
    read(['private'], 'something else');
    expect(sending({ body: 'kx7791qz0042' }, {}, noPrivate)).toMatchObject({ effect: 'hold' });
    expect(sending({ body: 'kx7791qz0042' }, {}, { ...noPrivate, seen: ['other'] })).toMatchObject({ effect: 'deny' });
  });
});

describe('operators', () => {
  test('release labels, whoever brought them; what comes later counts again', () => {
    const pending = cells.reserve([bringing(['private'])], factsOf({}));
    read(['private', 'untrusted']);
    cells.history.labels.release(['run'], ['private'], cells.now);
    expect(codeOf(sending())).toBe('allow');
    pending.settle('ok');
    expect(codeOf(sending())).toBe('flow.blocked');
  });

  test('end a run', () => {
    for (let index = 0; index < 70; index += 1) read([`own-${index}`]);
    cells.history.labels.end('run', cells.now);
    expect(codeOf(sending())).toBe('allow');
  });

  test('join labels by hand, as for the handle of a withheld result', () => {
    read(['untrusted']);
    expect(cells.history.labels.join({ call: 'handle', runs: ['run'], labels: ['private'] }, cells.now)).toBe(true);
    expect(codeOf(sending())).toBe('flow.blocked');
  });
});

describe('evidence', () => {
  const secret = 'tK8fQzL2mVx7RbN4wYcJ9hDpS6gAeU3iToW5kZqX';

  test('strengthens the verdict and names the call', () => {
    read(['private'], `the key is ${secret}`, { id: 'vault-read' });
    read(['untrusted'], 'a page');
    expect(sending({ body: 'a polite note' })).toMatchObject({ effect: 'hold' });
    expect(sending({ body: secret })).toMatchObject({
      effect: 'deny',
      code: 'flow.blocked',
      notice: {
        message: expect.stringContaining('its arguments carry parts of a result that is `private`') as string,
        sources: ['vault-read'],
      },
    });
  });

  test('never weakens it', () => {
    read(['private'], secret);
    expect(sending({ body: secret }, {}, { ...noPrivate, then: 'deny', carried: 'hold' })).toMatchObject({
      effect: 'deny',
    });
  });

  test('is only of results that have one of the labels', () => {
    read(['private'], 'nothing');
    read(['billing'], secret);
    expect(sending({ body: secret }, {}, noPrivate)).toMatchObject({ effect: 'hold' });
  });

  test('is not of results that are merely untrusted', () => {
    read(['private'], 'nothing');
    read(['untrusted'], secret);
    expect(sending({ body: secret })).toMatchObject({ effect: 'hold' });
  });

  test('of parts that were sent before the run had seen everything counts', () => {
    read(['private'], secret);
    expect(send({ body: secret.slice(0, 12) })).toBe('allow');
    read(['untrusted'], 'a page');
    expect(send({ body: secret.slice(12, 24) })).toBe('deny');
  });

  test('of parts that were not sent does not', () => {
    read(['private'], secret);
    sending({ body: secret.slice(0, 12) });
    read(['untrusted'], 'a page');
    expect(sending({ body: secret.slice(12, 20) })).toMatchObject({ effect: 'hold' });
  });

  test('of two flows to one sink counts parts once, so that they add up', () => {
    read(['private'], secret);
    const both = [trifecta, { ...trifecta, id: 'second' }];
    for (let at = 0; at < 36; at += 3) expect(send({ body: secret.slice(at, at + 3) }, {}, both)).toBe('allow');
    read(['untrusted'], 'a page');
    expect(sending({ body: secret.slice(36) })).toMatchObject({ effect: 'deny' });
  });

  test('survives a restart', () => {
    read(['private'], secret, { id: 'vault-read' });
    expect(send({ body: secret.slice(0, 12) })).toBe('allow');
    read(['untrusted'], 'a page');
    cells.restart();
    expect(sending({ body: secret.slice(12, 24) })).toMatchObject({
      effect: 'deny',
      notice: { sources: ['vault-read'] },
    });
  });

  test('goes with the labels to runs around and inside', () => {
    read(['private', 'untrusted'], secret, { runs: ['child', 'parent'] });
    expect(sending({ body: secret }, { runs: ['sibling', 'parent'] })).toMatchObject({ effect: 'deny' });
  });

  test('of parts sent by calls inside one decision adds up', () => {
    read(['private', 'untrusted'], secret);
    const attempt = cells.history.attempt('dispatch', cells.now);
    const inner = (body: string): string => attempt.judge(trifecta, factsOf({ body }).call).effect;
    expect([inner(secret.slice(0, 12)), inner(secret.slice(12, 24))]).toStrictEqual(['hold', 'deny']);
    expect(sending({ body: secret.slice(12, 24) })).toMatchObject({ effect: 'hold' });
  });

  test('is presumed of arguments that are too long to look at', () => {
    read(['private', 'untrusted'], secret);
    expect(sending({ body: 'x'.repeat(4_194_305) })).toMatchObject({
      effect: 'deny',
      notice: { message: expect.stringContaining('too long') as string },
    });
  });
});

test('a snapshot that is none is not restored', () => {
  const { flow } = createFlowReducers(1_000);
  const source = {
    call: 'c',
    labels: ['private'],
    runs: ['run'],
    units: 9,
    window: 1,
    hashes: '0000000a0000000b',
    starts: '0 1',
    tokens: [0, 9],
  };
  const good = {
    labels: [['private', [[['run'], ['c']]]]],
    sawAll: false,
    sources: [source],
    sent: [['external', '0000000a']],
  };
  expect(flow.restore(good)).toBeDefined();
  const bad = [
    null,
    [],
    { ...good, sawAll: 0 },
    { ...good, labels: [['private', []]] },
    { ...good, labels: [['private', [[['run'], [1]]]]] },
    { ...good, sent: [['external', 'xyz']] },
    { ...good, sent: {} },
    ...[
      { starts: '1 0' },
      { starts: '0' },
      { starts: '0 2' },
      { hashes: '0' },
      { tokens: [0] },
      { tokens: [0, 99] },
      { window: 0 },
      { units: -1 },
    ].map((change) =>
      Object.assign(structuredClone(good), { sources: [Object.assign(structuredClone(source), change)] }),
    ),
  ];
  for (const value of bad) expect(flow.restore(value as never), JSON.stringify(value)).toBeUndefined();
});

type Event =
  | { readonly kind: 'bring'; readonly runs: readonly string[]; readonly label: string }
  | { readonly kind: 'lift'; readonly runs: readonly string[]; readonly label: string };

/** Whether a call of `runs` has seen the label, from all that happened. */
function naiveSeen(log: readonly Event[], runs: readonly string[], label: string): boolean {
  return runs.some((run) =>
    log.some(
      (event, at) =>
        event.kind === 'bring' &&
        event.label === label &&
        event.runs.includes(run) &&
        !log
          .slice(at + 1)
          .some(
            (lift) =>
              lift.kind === 'lift' &&
              lift.label === label &&
              lift.runs.includes(run) &&
              event.runs.includes(lift.runs[0] ?? ''),
          ),
    ),
  );
}

test('labels agree with a reading of all that happened', () => {
  const step = fc.record({
    kind: fc.constantFrom('start', 'mask', 'settle', 'settle', 'release', 'judge', 'judge', 'restart', 'jump'),
    runs: fc.constantFrom(['p'], ['a', 'p'], ['b', 'p'], ['c', 'a', 'p'], ['q']),
    label: fc.constantFrom('private', 'untrusted'),
    pick: fc.nat(),
    ms: fc.integer({ min: -1e9, max: 1e9 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      cells = new DrivenHistory();
      const log: Event[] = [];
      let open: { event: Event; reservation: Reservation }[] = [];
      for (const { kind, runs, label, pick, ms } of steps) {
        const picked = open.length === 0 ? undefined : open[pick % open.length];
        if (kind === 'start' || kind === 'mask') {
          const control = kind === 'start' ? bringing([label]) : bringing([], [label]);
          const event: Event = { kind: kind === 'start' ? 'bring' : 'lift', runs, label };
          open.push({ event, reservation: cells.reserve([control], factsOf({}, { runs })) });
        } else if (kind === 'settle' || kind === 'release') {
          if (picked === undefined) continue;
          open = open.filter((one) => one !== picked);
          if (kind === 'settle') log.push(picked.event);
          picked.reservation[kind === 'settle' ? 'settle' : 'release']('ok');
          picked.reservation.settle('ok');
        } else if (kind === 'judge') {
          for (const control of [trifecta, noPrivate]) {
            const expected = control.seen.every((one) => naiveSeen(log, runs, one));
            expect(sending({}, { runs }, control).effect).toBe(expected ? 'hold' : 'allow');
          }
        } else if (kind === 'restart') {
          cells.restart();
          for (const { event } of open) if (event.kind === 'bring') log.push(event);
          open = [];
        } else {
          cells.now += ms;
        }
      }
    }),
    { numRuns: CASES },
  );
});
