/* A stdio MCP server for tests: `<file>` holds `{ handshake, tools, … }`, which it lists two items a page. `--silent <method>`, `--refuse <method>`, `--loop`, `--asks`. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { answerTo, type Listed } from './listing-answers.ts';

const [file = '', ...flags] = process.argv.slice(2);
const listed = JSON.parse(readFileSync(file, 'utf8')) as Listed;
const valueOf = (flag: string): string | undefined =>
  flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, error } = JSON.parse(line) as {
    readonly id?: number | string;
    readonly method?: string;
    readonly params?: { readonly cursor?: string };
    readonly error?: { readonly code: number };
  };
  if (error !== undefined && id === 'asked' && error.code !== -32_601) process.exit(9);
  if (id === undefined || method === undefined || method === valueOf('--silent')) continue;
  if (flags.includes('--asks')) process.stdout.write(`{"jsonrpc":"2.0","id":"asked","method":"roots/list"}\n`);
  const answer =
    method === valueOf('--refuse')
      ? { error: { code: -32_601, message: 'canary-of-the-server' } }
      : { result: answerTo(listed, method, flags.includes('--loop') ? undefined : params?.cursor) };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
}
