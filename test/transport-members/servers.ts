import { canonicalize, type JsonValue } from '@callgate/canonical';
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Server as ServerV2 } from '@modelcontextprotocol/server';

import { TOOLS, runTool } from './run-tool.ts';

const INFORMATION = { name: 'members', version: '1.0.0' };
const OPTIONS = { capabilities: { tools: {} }, instructions: 'Call the tools.' };

/** The test server on SDK v1. */
export function createServerV1(log: string[], pauseMs = 0): ServerV1 {
  const server = new ServerV1(INFORMATION, OPTIONS);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: TOOLS }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, sendNotification, _meta: meta }) => {
    const progressToken = meta?.progressToken;
    return runTool(params, {
      signal,
      log,
      pauseMs,
      progress: async (progress) => {
        if (progressToken === undefined) return;
        await sendNotification({ method: 'notifications/progress', params: { progressToken, progress } });
      },
    });
  });
  return server;
}

/** The test server on SDK v2. */
export function createServerV2(log: string[], pauseMs = 0): ServerV2 {
  const server = new ServerV2(INFORMATION, OPTIONS);
  server.setRequestHandler('tools/list', () => ({ tools: TOOLS }));
  server.setRequestHandler('tools/call', ({ params }, { mcpReq: { signal, notify, _meta: meta } }) => {
    const progressToken = meta?.progressToken;
    return runTool(params, {
      signal,
      log,
      pauseMs,
      progress: async (progress) => {
        if (progressToken === undefined) return;
        await notify({ method: 'notifications/progress', params: { progressToken, progress } });
      },
    });
  });
  return server;
}

/** A transport, as far as a tap needs it. */
interface Tappable {
  onmessage?: ((message: never, extra?: never) => void) | undefined;
}

/** Writes each message that a server's transport receives into the log, before the server sees it. */
export function tap<Transport extends Tappable>(transport: Transport, log: string[]): Transport {
  let receive: Tappable['onmessage'];
  Object.defineProperty(transport, 'onmessage', {
    get: () => receive,
    set: (next: NonNullable<Tappable['onmessage']>) => {
      receive = (message, extra) => {
        // The order of keys is nothing the protocol sees, and the gate's copy has another.
        // A message in memory may hold `undefined`, which is nothing on any wire.
        log.push(canonicalize(JSON.parse(JSON.stringify(message)) as JsonValue));
        next(message, extra);
      };
    },
  });
  return transport;
}
