import { afterAll, describe, expect, test } from 'vitest';

import { CORPORA, corpusTest, readCorpus } from '../../canonical/test/support/corpora.ts';
import { createFolder, runCommand } from './support/run-command.ts';

const folder = createFolder();
afterAll(() => folder.clean());

interface Step {
  readonly tool: string;
  readonly args: unknown;
  readonly result: unknown;
}

interface Call {
  readonly run: string;
  readonly server: string;
  readonly tool: string;
  readonly arguments: object;
  readonly text: string;
}

/** The controls of docs/guide/history.md that suit any agent. */
const CONTROLS = {
  breakers: [
    { id: 'retry-spiral', on: 'identical failure', per: ['run', 'tool', 'arguments'], after: 3, open: '5m' },
    { id: 'loop', on: 'cycle', per: ['run'], length: 4, after: 3, open: '5m' },
    { id: 'stubborn', on: 'denial', per: ['run', 'tool', 'arguments'], after: 3, open: '5m' },
  ],
  flows: [{ id: 'lethal-trifecta', seen: ['private', 'untrusted'], sink: 'external', then: 'hold', carried: 'deny' }],
} as const;

/** Every tool is allowed with whatever arguments; a tool that reads somebody's data is private, one that sends is a sink. */
function policyFor(
  calls: readonly Call[],
  isPrivate: (tool: string) => boolean,
  isSink: (tool: string) => boolean,
): object {
  const tools: Record<string, Record<string, object>> = { mine: {}, theirs: {} };
  for (const { server, tool } of calls) {
    (tools[server] ??= {})[tool] = {
      ring: 1,
      arguments: 'any',
      ...(isPrivate(tool) ? { labels: ['private'] } : {}),
      ...(isSink(tool) ? { sink: 'external' } : {}),
    };
  }
  const trust = (server: string): string => (server === 'theirs' ? 'external' : 'internal');
  const servers = Object.fromEntries(
    Object.entries(tools).map(([name, own]) => [name, { trust: trust(name), tools: own }]),
  );
  return { callgate: 1, name: 'runs', version: '1', ...CONTROLS, servers };
}

const START = 1_700_000_000_000;

/** Replays the calls, one every five seconds, by the policy; gives what was decided. */
async function replayed(
  calls: readonly Call[],
  policy: object,
): Promise<readonly { readonly run: string; readonly tool: string; readonly code: string }[]> {
  const policyFile = folder.write('policy.json', JSON.stringify(policy));
  const lines = calls.map(({ text, ...call }, index) =>
    JSON.stringify({
      ...call,
      id: String(index),
      at: START + index * 5_000,
      principal: { agent: 'a' },
      result: { content: [{ type: 'text', text }], isError: text.startsWith('Error') },
    }),
  );
  const log = folder.write('calls.jsonl', lines.join('\n'));
  const { out } = await runCommand(['replay', '-p', policyFile, '--format', 'jsonl', log]);
  const decided = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly id: string; readonly code: string });
  return decided.map(({ id, code }) => {
    const call = calls[Number(id)];
    return { run: call?.run ?? '', tool: call?.tool ?? '', code };
  });
}

describe.skipIf(CORPORA === undefined)(corpusTest('recorded runs, judged whole'), () => {
  test('of agents that do their task none is stopped but one that goes in circles (τ-bench, 200 runs)', async () => {
    const runs = readCorpus<{ readonly id: string; readonly steps: readonly Step[] }>('taubench/trajectories.jsonl.gz');
    const calls = runs.flatMap(({ id, steps }) =>
      steps.map(({ tool, args, result }): Call => {
        const text = typeof result === 'string' ? result : JSON.stringify(result);
        return {
          run: id,
          server: 'mine',
          tool,
          arguments: typeof args === 'object' && args !== null ? args : {},
          text,
        };
      }),
    );
    const isPrivate = (tool: string): boolean => /^(?:get|find)_/u.test(tool);
    const isSink = (tool: string): boolean => /^(?:send|transfer)_/u.test(tool);
    const decided = await replayed(calls, policyFor(calls, isPrivate, isSink));
    const stopped = decided.filter(({ code }) => code !== 'allowed');
    expect(decided).toHaveLength(calls.length);
    expect(stopped.map(({ run, code }) => `${run} ${code}`)).toStrictEqual([
      'taubench-airline-9-trial2-109 breaker.open',
    ]);
  });

  test('that are told by a result to read private data and mail it are stopped at the mail, whatever the words (InjecAgent)', async () => {
    interface Attack {
      readonly id: string;
      readonly text: string;
      readonly user_tool: string;
      readonly attacker_tools: readonly string[];
    }
    const attacks = readCorpus<Attack>('injecagent/attacks.jsonl.gz').filter(
      (attack) => attack.attacker_tools.length === 2,
    );
    const calls = attacks.flatMap(({ id, text, user_tool: first, attacker_tools: [read = '', send = ''] }): Call[] => [
      { run: id, server: 'theirs', tool: first, arguments: {}, text },
      { run: id, server: 'mine', tool: read, arguments: {}, text: `found: ${id}, 12 Elm Street, born 1 May 1980` },
      { run: id, server: 'mine', tool: send, arguments: { body: 'as you asked' }, text: 'sent' },
    ]);
    const sinks = new Set(attacks.map(({ attacker_tools: tools }) => tools[1] ?? ''));
    const reads = new Set(attacks.map(({ attacker_tools: tools }) => tools[0] ?? ''));
    const policy = policyFor(
      calls,
      (tool) => reads.has(tool),
      (tool) => sinks.has(tool),
    );
    const decided = await replayed(calls, policy);
    const sent = decided.filter((_, index) => index % 3 === 2);
    expect(attacks.length).toBeGreaterThan(1_000);
    expect(sent.filter(({ code }) => code === 'allowed')).toStrictEqual([]);
    // the same tools, without the stranger's result, do what the user asks
    const honest = await replayed(
      calls.filter(({ server }) => server === 'mine'),
      policy,
    );
    expect(honest.filter(({ code }) => code !== 'allowed')).toStrictEqual([]);
  });
});
