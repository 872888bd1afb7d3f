/** How a host puts the gate in place: the snippets of the guide that are a few lines each. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  createFileSink,
  createGate,
  createRealPathCheck,
  systemClock,
  type CompiledPolicy,
  type FetchLike,
  type Gate,
  type TransportLike,
} from 'callgate';

import { hideAddresses, ticketRequired } from './interceptors.ts';

/** Tells an operator what is refused, odd or broken. */
export function watch(gate: Gate, console: Pick<Console, 'warn' | 'error'>): void {
  // #region watch
  gate.on('call-denied', ({ server, target, code, message }) => console.warn(server, target, code, message));
  gate.on('anomaly', ({ server, code }) => console.warn(server, code));
  gate.on('ledger-failed', ({ error }) => console.error(error));
  // #endregion
}

/** @public compiled, not run: the package is made up */
export async function connectStdio(gate: Gate, client: Client): Promise<void> {
  // #region stdio
  const open = () => new StdioClientTransport({ command: 'npx', args: ['-y', '@acme/tickets-mcp@1.4.2'] });
  await client.connect(gate.wrap(open, { server: 'tickets' }));
  // #endregion
}

/** @public compiled here; `examples/http` runs the like */
export async function connectHttp(
  gate: Gate,
  client: Client,
  url: URL,
  withLogging: (next: FetchLike) => FetchLike,
): Promise<void> {
  // #region http
  const fetch = withLogging(gate.guardFetch()); // the guard innermost, middleware around it
  await client.connect(gate.wrap(() => new StreamableHTTPClientTransport(url, { fetch }), { server: 'tickets' }));
  // #endregion
}

export async function connectUnidentified(gate: Gate, client: Client, open: () => TransportLike): Promise<void> {
  // #region identity
  const identity = { command: 'npx', args: ['-y', '@acme/tickets-mcp@1.4.2'] };
  await client.connect(gate.wrap(open, { server: 'tickets', identity }));
  // #endregion
}

export function createInterceptedGate(policy: CompiledPolicy): Promise<Gate> {
  // #region interceptors
  return createGate({ policy, interceptors: [ticketRequired, hideAddresses] });
  // #endregion
}

/** @public compiled, not run: it needs a server of files */
export function createLinkCheckedGate(policy: CompiledPolicy): Promise<Gate> {
  // #region real-path
  const links = createRealPathCheck({ server: 'files', policy });
  return createGate({ policy, interceptors: [links] });
  // #endregion
}

export function createRecordedGate(policy: CompiledPolicy, directory: string): Promise<Gate> {
  // #region sink
  const sink = createFileSink({ directory, clock: systemClock, segmentBytes: 16 * 1024 * 1024 });
  return createGate({ policy, ledger: sink });
  // #endregion
}
