import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What a command did. `output` is what it wrote, both streams in the order it came, cut to its last 256 KiB. */
export interface CommandResult {
  readonly ok: boolean;
  readonly output: string;
}

/** How to run a command. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Pass the output on as it comes, too. */
  readonly verbose?: boolean;
  /** Milliseconds before the command is killed and counts as failed, default 30 minutes. */
  readonly timeoutMs?: number;
}

const MAX_OUTPUT_LENGTH = 256 * 1024;

/** Runs `command` without a shell. Never rejects: what cannot be started has failed. */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return await new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not spawn's own `timeout`: its timer outlives a command that could not be started.
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 1_800_000);
    const take = (chunk: string): void => {
      output = (output + chunk).slice(-MAX_OUTPUT_LENGTH);
      if (options.verbose === true) process.stdout.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, output: `${output}\n${command}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const ended = code === 0 ? '' : `\n${command} ended with ${signal ?? `exit code ${code}`}\n`;
      resolve({ ok: code === 0, output: output + ended });
    });
  });
}

/** Runs commands, as many at once as there are cores, begun in order; after one that fails no other begins. */
export async function runEach(
  commands: readonly (readonly [string, readonly string[]])[],
  options: CommandOptions,
): Promise<CommandResult> {
  const results: CommandResult[] = [];
  const waiting = commands.entries();
  let failure: string | undefined;
  const work = async (): Promise<void> => {
    for (const [index, [command, args]] of waiting) {
      if (failure !== undefined) return;
      const result = await run(command, args, options);
      results[index] = result;
      if (!result.ok) failure ??= `${command} ${args.join(' ')}\n${result.output}`;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  if (failure !== undefined) return { ok: false, output: failure };
  return { ok: true, output: results.map(({ output }) => output).join('') };
}
