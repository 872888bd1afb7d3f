import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { SAMPLE_ENTRIES, writeLedger } from './support/ledger.ts';
import { GOOD_POLICY } from './support/policies.ts';
import { createFolder } from './support/run-command.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const NODE = [process.execPath, '--conditions=@callgate/source'];

const folder = createFolder();
afterAll(() => folder.clean());
const policy = folder.write('policy.yaml', GOOD_POLICY);
const line = `${JSON.stringify({ server: 'inventory', tool: 'inventory.lookup', arguments: { region: 'us-east', limit: 1 } })}\n`;

/** Runs a shell line with `callgate` as the program, and says how each part of a pipe ended. */
async function shell(
  script: string,
  nodeFlags: readonly string[] = [],
): Promise<{ code: number | null; out: string; err: string }> {
  const callgate = [...NODE, ...nodeFlags, MAIN].map((word) => `'${word}'`).join(' ');
  const child = spawn('bash', ['-c', `callgate() { ${callgate} "$@"; }; ${script}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (parts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (parts.err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...parts };
}

describe('callgate as a process', () => {
  it('exits with the code of its command', async () => {
    const { out, err } = await shell(
      `callgate check ${policy} >&2; echo $?; callgate chek 2>/dev/null; echo $?; echo '{"server":"x","tool":"y"}' | callgate explain -p ${policy} >&2; echo $?`,
    );
    expect(out).toBe('0\n2\n1\n');
    expect(err).toContain('server.unregistered');
  });

  it('ends quietly when its reader goes away, also while input keeps coming', async () => {
    const { out, err } = await shell(
      `yes '${line.trim()}' | callgate decide -p ${policy} | head -n 2; echo "\${PIPESTATUS[1]}"`,
    );
    expect(err).toBe('');
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toBe('1');
  });

  it('says what is wrong with an input that cannot be read', async () => {
    const { code, err } = await shell(`callgate decide -p ${policy} < ${folder.path}`);
    expect(code).toBe(2);
    expect(err).toBe('callgate: cannot read standard input: EISDIR\n');
  });

  it('fails loudly, with exit code 3, when output cannot be written', async () => {
    const { code, err } = await shell(`callgate schema > /dev/full`);
    expect(code).toBe(3);
    expect(err).toBe('callgate: writing output failed: ENOSPC\n');
  });

  it('decides a long stream in a small heap', async () => {
    // the code and its schemas take 26 MB; 40,000 decisions that were kept would take more than what is left
    const count = process.env['CALLGATE_SOAK'] === '1' ? 1_000_000 : 40_000;
    const { code, out } = await shell(
      `yes '${line.trim()}' | head -n ${count} | callgate decide -p ${policy} | wc -l; exit "\${PIPESTATUS[2]}"`,
      ['--max-old-space-size=48'],
    );
    expect(code).toBe(0);
    expect(out.trim()).toBe(String(count));
  }, 120_000);

  it('follows a ledger until Ctrl-C, and then exits with 0', async () => {
    const ledger = `${folder.path}/followed`;
    await writeLedger(ledger, SAMPLE_ENTRIES);
    const [node = '', ...flags] = NODE;
    const child = spawn(node, [...flags, MAIN, 'ledger', 'tail', '-f', '-n', '1', '--format', 'json', ledger], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const seqs: number[] = [];
    for await (const text of createInterface({ input: child.stdout })) {
      seqs.push(JSON.parse(text).seq);
      if (seqs.length === 1) void writeLedger(ledger, SAMPLE_ENTRIES.slice(0, 1));
      if (seqs.length === 4) child.kill('SIGINT');
    }
    expect(await ended).toBe(0);
    expect(seqs).toEqual([7, 8, 9, 10]);
  });
});
