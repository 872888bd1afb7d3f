import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Listens on a free loopback port and prints the URL, one line, for the parent process. Ends with the parent. */
export function listenAndAnnounce(handle: (request: IncomingMessage, response: ServerResponse) => void): void {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) process.stdout.write(`http://127.0.0.1:${address.port}/mcp\n`);
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}
