import { Server } from '@modelcontextprotocol/server';

import { ECHO_TOOL, echoResult } from './echo-text.ts';

/** The echo server on SDK v2. */
export function createEchoServerV2(): Server {
  const server = new Server({ name: 'echo', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: [ECHO_TOOL] }));
  server.setRequestHandler('tools/call', ({ params }) => echoResult(params));
  return server;
}
