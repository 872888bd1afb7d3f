import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildPackages } from './build-packages.ts';
import { significant, whole } from './format.ts';
import type { Benchmark } from './section.ts';
import { median } from './statistics.ts';

const BUILT = [fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))];
// A quick run shows that it works, from source and without a build.
const SOURCE = [
  '--conditions=@callgate/source',
  fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url)),
];
const CALLS = 1_000_000;
const TOOLS = 100;
const ROUNDS = 3;
// Replay exits with 1 where calls are denied; that is what is measured.
const EXPECTED_CODES: readonly (number | null)[] = [0, 1];

const TOOL = `
        ring: 1
        arguments:
          region: { enum: [us-east, us-west] }
          ticket: { type: string, maxLength: 16 }
          limit: { type: integer, minimum: 1, maximum: 25 }
          fields: { type: array, items: { enum: [name, email, support_notes] }, maxItems: 8, optional: true }
`;

/** `callgate replay` over JSON Lines, as a process, start-up included. */
export const replayBenchmark: Benchmark = {
  name: 'replay',
  run: async ({ isQuick, progress }) => {
    const calls = isQuick ? 200 : CALLS;
    if (!isQuick) buildPackages();
    const folder = await mkdtemp(join(tmpdir(), 'callgate-bench-replay-'));
    try {
      const policy = join(folder, 'policy.yaml');
      await writeFile(policy, policyText());
      const rows: { readonly title: string; readonly perSecond: number; readonly seconds: number }[] = [];
      for (const [title, denied] of [
        ['1 in 20 denied', 20],
        ['half denied', 2],
      ] as const) {
        progress(title);
        const log = join(folder, `${denied}.jsonl`);
        await writeLog(log, calls, denied);
        const times: number[] = [];
        for (let round = 0; round < (isQuick ? 1 : ROUNDS); round += 1)
          times.push(await replayMs(isQuick ? SOURCE : BUILT, policy, log));
        const ms = median(times);
        rows.push({ title, perSecond: calls / (ms / 1_000), seconds: ms / 1_000 });
      }
      return {
        title: 'Replay',
        notes: [
          `\`callgate replay\` over ${whole(calls)} calls in JSON Lines against a policy of ${TOOLS} tools with four arguments each, as a ` +
            `process, of the built package, start-up included; the median of ${ROUNDS} runs.`,
        ],
        tables: [
          {
            caption: '',
            header: ['log', 'calls per second', 'seconds'],
            rows: rows.map(({ title, perSecond, seconds }) => [title, whole(perSecond), significant(seconds)]),
          },
        ],
        targets: rows.map(({ title, perSecond }) => ({
          promise: `replay, ${title}`,
          bound: 100_000,
          direction: 'at-least' as const,
          measured: perSecond,
          unit: 'calls/s',
        })),
        figures: Object.fromEntries(rows.map(({ title, perSecond }) => [`${title}.calls-per-second`, perSecond])),
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function policyText(): string {
  const tools = Array.from({ length: TOOLS }, (_, index) => `      tool.${index}:${TOOL}`);
  return `callgate: 1\nname: bench\nversion: "1"\nservers:\n  inventory:\n    tools:\n${tools.join('')}`;
}

/** One in `denied` is out of its envelope. */
function lineOf(number: number, denied: number): string {
  return `${JSON.stringify({
    at: 1_700_000_000_000 + number * 40,
    run: `run-${number >> 5}`,
    principal: { user: `u-${number % 97}` },
    server: 'inventory',
    tool: `tool.${number % TOOLS}`,
    arguments: {
      region: number % denied === 0 ? '*' : 'us-east',
      ticket: `T-${number % 100_000}`,
      limit: 1 + (number % 25),
      fields: ['name', 'email'],
    },
  })}\n`;
}

async function writeLog(file: string, calls: number, denied: number): Promise<void> {
  const out = createWriteStream(file);
  let text = '';
  for (let number = 0; number < calls; number += 1) {
    text += lineOf(number, denied);
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'close');
}

async function replayMs(program: readonly string[], policy: string, log: string): Promise<number> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...program, 'replay', '-p', policy, log], { stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  const ms = performance.now() - startedMs;
  if (!EXPECTED_CODES.includes(code)) throw new Error(`expected replay to end with 0 or 1, got ${code}`);
  return ms;
}
