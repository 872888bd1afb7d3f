/* A stdio MCP server for tests: answers every request but those of a handshake and a list of tools with its params. Arguments: `--die-on <method>`, `--noise`. */
import { createInterface } from 'node:readline';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
}

const flags = process.argv.slice(2);
const dieOn = flags[flags.indexOf('--die-on') + 1];
if (flags.includes('--noise')) process.stdout.write('not JSON\n');

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as Message;
  if (flags.includes('--die-on') && method === dieOn) process.exit(7);
  if (id === undefined) continue;
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: resultOf(method, params) })}\n`);
}

function resultOf(method: string | undefined, params: unknown): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'echo', version: '1' },
      };
    case 'tools/list':
      return { tools: [{ name: 'get_echo' }] };
    default:
      return { content: [{ type: 'text', text: JSON.stringify(params) }] };
  }
}
