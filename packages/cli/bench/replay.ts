// Times `callgate replay` on JSON Lines and on a trace: node --conditions=@callgate/source packages/cli/bench/replay.ts [calls]
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';

import { createGate, generateTraceKey, loadPolicy } from 'callgate';

const CALLS = Number(process.argv[2] ?? 1_000_000);
const TRACED = Math.min(CALLS, 200_000);
const TOOLS = 100;
const ROUNDS = 3;

const POLICY = `callgate: 1
name: bench
version: "1"
servers:
  inventory:
    tools:
${Array.from(
  { length: TOOLS },
  (_, index) => `      tool.${index}:
        ring: 1
        arguments:
          region: { enum: [us-east, us-west] }
          ticket: { type: string, maxLength: 16 }
          limit: { type: integer, minimum: 1, maximum: 25 }
          fields: { type: array, items: { enum: [name, email, support_notes] }, maxItems: 8, optional: true }
`,
).join('')}`;

/** The call of a number; one in `denied` is out of its envelope. */
function callOf(number: number, denied: number): { readonly tool: string; readonly arguments: object } {
  return {
    tool: `tool.${number % TOOLS}`,
    arguments: {
      region: number % denied === 0 ? '*' : 'us-east',
      ticket: `T-${number % 100_000}`,
      limit: 1 + (number % 25),
      fields: ['name', 'email'],
    },
  };
}

async function writeLog(file: string, denied: number): Promise<void> {
  const out = createWriteStream(file);
  let text = '';
  for (let number = 0; number < CALLS; number += 1) {
    const who = {
      at: 1_700_000_000_000 + number * 40,
      run: `run-${number >> 5}`,
      principal: { user: `u-${number % 97}` },
    };
    text += `${JSON.stringify({ ...who, server: 'inventory', ...callOf(number, denied) })}\n`;
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'close');
}

async function writeTrace(file: string, policy: string, key: string): Promise<number> {
  const gate = await createGate({
    policy: await loadPolicy(policy),
    trace: { file, key },
    drainMs: 0,
    maxOpenRequests: CALLS,
  });
  const inner = { start: async () => undefined, send: async () => undefined, close: async () => undefined };
  const transport = gate.wrap(inner, { server: 'inventory', principal: { user: 'u-17' }, run: 'run-1' });
  await transport.start();
  for (let number = 0; number < TRACED; number += 1) {
    const { tool, arguments: args } = callOf(number, 20);
    // Notifications have no answer to wait for; a denied request is answered at once.
    await transport.send({ jsonrpc: '2.0', id: number, method: 'tools/call', params: { name: tool, arguments: args } });
    await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: number } });
    if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await gate.close();
  return (gate.trace?.calls ?? 0) + (gate.trace?.dropped ?? 0);
}

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs the command as anybody would, start-up included. */
async function measure(title: string, calls: number, args: readonly string[], file: string): Promise<void> {
  const times: number[] = [];
  let code: number | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const child = spawn(process.execPath, ['--conditions=@callgate/source', MAIN, 'replay', ...args, file], {
      stdio: 'ignore',
    });
    code = await new Promise((resolve) => child.on('close', resolve));
    times.push(performance.now() - start);
  }
  const rate = (ms: number): string => `${Math.round((calls / ms) * 1_000).toLocaleString('en-US')}/s`.padStart(10);
  const { size } = await stat(file);
  process.stdout.write(
    `${title.padEnd(36)} median ${rate(median(times))}  best ${rate(Math.min(...times))}  ${calls} calls, ${Math.round(size / 1e6)} MB, exit ${code}\n`,
  );
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;
}

const folder = await mkdtemp(join(tmpdir(), 'callgate-replay-'));
try {
  const policy = join(folder, 'policy.yaml');
  const narrower = join(folder, 'narrower.yaml');
  await writeFile(policy, POLICY);
  await writeFile(narrower, POLICY.replaceAll('maximum: 25', 'maximum: 24'));
  const usual = join(folder, 'usual.jsonl');
  await writeLog(usual, 20);
  await measure('JSON Lines, 1 in 20 denied', CALLS, ['-p', policy], usual);
  await measure('JSON Lines, against another policy', CALLS, ['-p', narrower, '--against', policy], usual);
  await measure('JSON Lines, a decision a line', CALLS, ['-p', policy, '--format', 'jsonl'], usual);
  const half = join(folder, 'half.jsonl');
  await writeLog(half, 2);
  await measure('JSON Lines, half denied', CALLS, ['-p', policy], half);
  const { publicKey, secretKey } = generateTraceKey();
  const key = join(folder, 'trace.key');
  await writeFile(key, secretKey);
  const trace = join(folder, 'gate.cgtrace');
  const traced = await writeTrace(trace, policy, publicKey);
  await measure('trace', traced, ['-p', policy, '-k', key], trace);
  await measure('trace, exact', traced, ['-p', policy, '-k', key, '--exact'], trace);
} finally {
  await rm(folder, { recursive: true, force: true });
}
