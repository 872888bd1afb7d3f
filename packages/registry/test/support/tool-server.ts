/**
 * A stdio server for tests of the connector. Its behaviour is its first argument; it answers `tools/list` in two pages and asks for roots
 * first, as servers may. `PING` in its environment is told as the server's name.
 */
import { createInterface } from 'node:readline';

const behaviour = process.argv[2] ?? 'good';

interface Request {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly cursor?: string };
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

if (behaviour === 'dies') process.exit(7);
// a server that does not end when its input does
if (behaviour === 'stays') setInterval(() => {}, 1_000);

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as Request;
  if (method === undefined || id === undefined || behaviour === 'silent') return;
  if (behaviour === 'error') send({ id, error: { code: -32000, message: 'canary' } });
  else if (behaviour === 'garbage') process.stdout.write('canary\n[1]\nnull\n');
  else if (method === 'initialize') {
    send({ id: 'server-1', method: 'roots/list' });
    send({
      id,
      result: { serverInfo: { name: process.env['PING'] ?? 'tool-server', version: process.env['CANARY'] ?? '1' } },
    });
  } else if (params?.cursor === undefined) send({ id, result: { tools: [{ name: 'get_a' }, 7], nextCursor: '2' } });
  else send({ id, result: { tools: [{ name: 'delete_a', annotations: { destructiveHint: true } }] } });
});
