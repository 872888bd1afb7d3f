/*
 * The test server over stdio, in a process of its own. Argument:
 *   v1       SDK v1
 *   v2       SDK v2, either era
 *   silent   SDK v1, but says nothing to what comes before `initialize`
 *   exiting  SDK v1, but ends when something comes before `initialize`
 */
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StdioServerTransport as StdioV2, serveStdio } from '@modelcontextprotocol/server/stdio';

import { createServerV1, createServerV2, tap } from './servers.ts';

const PAUSE_MS = 150;
const kind = process.argv[2];
const log: string[] = [];

if (kind === 'v2') {
  serveStdio(() => createServerV2(log, PAUSE_MS), { transport: tap(new StdioV2(), log) });
} else {
  const transport = tap(new StdioV1(), log);
  await createServerV1(log, PAUSE_MS).connect(transport);
  if (kind === 'silent' || kind === 'exiting') guardHandshake(transport, kind);
}

/** Stands for the servers in the field that do not expect anything before `initialize`. */
function guardHandshake(transport: StdioV1, reaction: 'silent' | 'exiting'): void {
  const receive = transport.onmessage;
  let isOpen = false;
  transport.onmessage = (message) => {
    isOpen ||= 'method' in message && message.method === 'initialize';
    if (isOpen) receive?.(message);
    else if (reaction === 'exiting') process.exit(1);
  };
}
