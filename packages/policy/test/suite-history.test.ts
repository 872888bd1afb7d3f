import { describe, expect, it } from 'vitest';

import {
  coverageOf,
  mutateSuite,
  parsePolicy,
  parseSuite,
  PolicyError,
  runSuite,
  type Control,
  type ControlledCall,
  type ControlVerdict,
  type GivenOutcome,
  type SuiteAttempt,
  type SuiteHistory,
} from '../src/index.ts';

const POLICY = parsePolicy(
  `callgate: 1
name: suite
version: '1'
servers:
  crm: { tools: { get: { ring: 1, arguments: { id: { pattern: '^c-[0-9]+$' } } } } }
meters:
  - { id: few, count: calls, per: [run], within: 1h, max: 3 }
`,
  { file: 'p.yaml' },
);

/** Counts the calls of each run that went ahead, and keeps how they ended. */
class CountingHistory implements SuiteHistory {
  static readonly ended: { readonly outcome: GivenOutcome; readonly now: number }[] = [];
  readonly #counts = new Map<string, number>();

  attempt(_id: string, now: number | undefined): SuiteAttempt {
    const asked: string[] = [];
    return {
      judge: (control: Control, call: ControlledCall): ControlVerdict => {
        expect(call.now).toBe(now);
        const key = `${control.id} ${call.runs.join(' ')}`;
        asked.push(key);
        const max = control.kind === 'meter' ? control.max : 0;
        if ((this.#counts.get(key) ?? 0) < max) return { effect: 'allow' };
        return { effect: 'deny', code: 'meter.exceeded', notice: { message: 'all used', hints: [] } };
      },
      reserve: () => {
        for (const key of asked) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
      },
      drop: () => undefined,
      settle: (outcome, at) => CountingHistory.ended.push({ outcome, now: at }),
    };
  }
}

const options = { history: () => new CountingHistory() };

function suite(...tests: readonly string[]): ReturnType<typeof parseSuite> {
  return parseSuite(`callgate: 1
server: crm
now: 2026-11-25T10:00:00Z
principals: { ada: { user: ada }, eve: { user: eve } }
calls:
  get: { tool: get, arguments: { id: c-1 }, run: r1 }
  other: { tool: get, arguments: { id: c-1 }, run: r2, parents: [r0] }
  wrong: { tool: get, arguments: { id: '*' }, run: r1 }
tests:
${tests.map((test) => `  - { principals: ada, ${test} }\n`).join('')}`);
}

function problemsOf(...tests: readonly string[]): readonly (readonly string[])[] {
  return runSuite(suite(...tests), POLICY, options).map(({ problems }) => problems);
}

describe('a test with earlier calls', () => {
  it('is judged after them, in the same run and by the same principal unless they say otherwise', () => {
    expect(
      problemsOf(
        'name: a, given: [{ call: get, times: 2 }], calls: get, expect: allow',
        'name: b, given: [{ call: get, times: 3 }], calls: get, expect: { effect: deny, code: meter.exceeded, rule: few }',
        'name: c, given: [{ call: { tool: get, arguments: { id: c-2 } }, times: 3 }], calls: get, expect: deny',
        'name: d, given: [{ call: other, principal: eve, times: 3 }], calls: get, expect: allow',
        'name: e, given: [{ call: get, times: 3 }], calls: [other, get], expect: { effect: allow }',
      ),
    ).toEqual([[], [], [], [], [], ['expected effect `allow`, got `deny`']]);
  });

  it('tells the history when and how they ended', () => {
    CountingHistory.ended.length = 0;
    problemsOf(
      'name: a, given: [{ call: get, ago: 10m, took: 2s, outcome: tool_error, error: E1, rows: 3, tokens: 4, labels: [private], result: { é: 1 } }], calls: get, expect: allow',
    );
    expect(CountingHistory.ended).toEqual([
      {
        now: Date.UTC(2026, 10, 25, 9, 50, 2),
        outcome: {
          outcome: 'tool_error',
          errorClass: 'E1',
          durationMs: 2000,
          bytes: 8,
          resultDigest: expect.stringMatching(/^sha256:/u),
          rows: 3,
          tokens: 4,
          labels: ['private'],
          result: { é: 1 },
        },
      },
    ]);
  });

  it('fails where they do not go as it says', () => {
    expect(
      problemsOf(
        'name: a, given: [{ call: get, times: 4 }], calls: other, expect: allow',
        'name: b, given: [{ call: wrong, outcome: denied }], calls: get, expect: allow',
        'name: c, given: [{ call: get, outcome: denied }], calls: get, expect: allow',
        'name: d, given: [{ call: { tool: get } }], calls: get, expect: allow',
      ),
    ).toEqual([
      ['expected the earlier call `get` to be allowed, got `meter.exceeded`'],
      [],
      ['expected the earlier call `get` to be refused, and it was allowed'],
      ['expected the earlier call of `get` to be allowed, got `arguments.envelope`'],
    ]);
  });

  it('needs a history, and a time', () => {
    const one = suite('name: a, given: [{ call: get }], calls: get, expect: allow');
    expect(runSuite(one, POLICY).map(({ problems }) => problems)).toEqual([
      ['the case has earlier calls, and there is no history to tell them to', 'expected effect `allow`, got `deny`'],
    ]);
    const text =
      'callgate: 1\nserver: crm\ntests: [{ name: a, given: [{ call: { tool: get } }], calls: { tool: get }, expect: allow }]\n';
    expect(() => parseSuite(text)).toThrow(PolicyError);
    const misnamed = text.replace(
      'given: [{ call: { tool: get } }]',
      'now: 2026-01-01, given: [{ call: get, outcom: ok }]',
    );
    expect(() => parseSuite(misnamed)).toThrow(/unknown key `outcom`; did you mean `outcome`/u);
  });

  it('covers the control that refuses, and notices when it is gone', () => {
    const full = suite(
      'name: a, given: [{ call: get, times: 3 }], calls: get, expect: deny',
      'name: b, calls: get, expect: allow',
      'name: c, calls: wrong, expect: deny',
    );
    const { items } = coverageOf(POLICY, runSuite(full, POLICY, options));
    expect(items.filter(({ kind }) => kind === 'control')).toMatchObject([{ pointer: '/meters/0', isCovered: true }]);
    const removed = (one: typeof full): readonly string[] =>
      mutateSuite(one, POLICY, {}, options).survivors.flatMap(({ what }) => (what.includes('few') ? [what] : []));
    expect(removed(full)).toEqual([]);
    expect(removed(suite('name: b, calls: get, expect: allow'))).toEqual(['meter `few` removed']);
  });
});
