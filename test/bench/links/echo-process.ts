import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command line of one of the server scripts. */
export function serverCommand(script: string): { readonly command: string; readonly args: string[] } {
  return { command: process.execPath, args: [fileURLToPath(new URL(`../servers/${script}`, import.meta.url))] };
}

/** Starts an HTTP echo server in a process of its own. */
export async function startHttpServer(
  script: string,
): Promise<{ readonly url: URL; readonly stop: () => Promise<void> }> {
  const { command, args } = serverCommand(script);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const url = await new Promise<URL>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(new URL(chunk.toString().trim())));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`expected ${script} to listen, but it ended with ${code}`)));
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}
