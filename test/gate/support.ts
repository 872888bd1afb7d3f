import { createFakeServer, type FakeMessage, type FakeServer, type FakeServerOptions } from '@callgate/testing';
import {
  createGate,
  createMemorySink,
  openLedger,
  parsePolicy,
  type AuditRecord,
  type Gate,
  type GateOptions,
  type GovernedTransport,
  type WrapOptions,
} from 'callgate';
import { ManualClock } from '@callgate/canonical';

/** A policy with one tool of each kind; tests add to it. */
export const POLICY = `
callgate: 1
name: test
version: "1"
servers:
  inventory:
    trust: internal
    resources: { allow: ["docs://**"] }
    prompts: { greet: { arguments: { name: { type: string, maxLength: 10 } } } }
    tools:
      lookup:
        ring: 1
        arguments:
          region: { enum: [us-east, us-west], message: wildcard region is forbidden }
          limit: { type: integer, minimum: 1, maximum: 25, optional: true }
      adjust:
        ring: 2
        arguments: { delta: { type: number, minimum: -10, maximum: 10 } }
      remove: { ring: 3, arguments: any }
      slow: { ring: 0, timeout: 50ms }
      open: { ring: 0 }
`;

export interface Governed {
  readonly gate: Gate;
  readonly server: FakeServer;
  readonly transport: GovernedTransport;
  /** Everything the client got, in order. */
  readonly delivered: FakeMessage[];
  readonly errors: Error[];
  readonly records: () => readonly AuditRecord[];
  /** Sends a request and waits for the answer that the client gets. */
  request(method: string, params?: object, options?: object): Promise<FakeMessage>;
  /** `tools/call`. */
  call(name: string, args?: object): Promise<FakeMessage>;
}

export interface GovernSetup {
  readonly policy?: string;
  readonly server?: FakeServerOptions;
  readonly gate?: Partial<GateOptions>;
  readonly wrap?: Partial<WrapOptions>;
}

/** A fake server behind a gate, and a client that is nothing but JSON-RPC. */
export async function govern(setup: GovernSetup = {}): Promise<Governed> {
  const server = createFakeServer(setup.server);
  const clock = new ManualClock(1_700_000_000_000);
  const given = setup.gate?.ledger;
  const ledger =
    given !== undefined && typeof given === 'object' && 'append' in given
      ? given
      : await openLedger({ sink: createMemorySink(), clock, id: 'test' });
  const records: AuditRecord[] = [];
  ledger.subscribe((record) => records.push(record));
  const gate = await createGate({
    policy: parsePolicy(setup.policy ?? POLICY, { file: 'test.yaml' }),
    ...setup.gate,
    ledger,
  });
  const transport = gate.wrap(server.transport, {
    server: 'inventory',
    principal: { user: 'u-1' },
    run: 'run-1',
    ...setup.wrap,
  });
  const delivered: FakeMessage[] = [];
  const errors: Error[] = [];
  const waiting = new Map<string | number, (message: FakeMessage) => void>();
  transport.onmessage = (message: FakeMessage) => {
    delivered.push(message);
    if (message.id !== undefined && message.method === undefined) waiting.get(message.id)?.(message);
  };
  transport.onerror = (error) => errors.push(error);
  await transport.start();
  let nextId = 100;
  const request = async (method: string, params?: object, options?: object): Promise<FakeMessage> => {
    nextId += 1;
    const id = nextId;
    const answer = new Promise<FakeMessage>((resolve) => waiting.set(id, resolve));
    await transport.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) }, options);
    return answer;
  };
  return {
    gate,
    server,
    transport,
    delivered,
    errors,
    records: () => {
      // What waits for the end of the turn is appended at once; a failed ledger is the test's business.
      gate.flush().catch(() => undefined);
      return records;
    },
    request,
    call: (name, args = {}) => request('tools/call', { name, arguments: args }),
  };
}

/** The denial in an answer, whichever way it is answered. */
export function denialIn(message: FakeMessage): {
  readonly code: string;
  readonly next: string;
  readonly request: string;
  readonly hints: readonly string[];
} {
  const result = message.result as { readonly _meta?: Record<string, unknown> } | undefined;
  const data = message.error?.data as Record<string, unknown> | undefined;
  const denial = result?._meta?.['callgate/decision'] ?? data?.['callgate/decision'];
  if (denial === undefined) throw new Error(`expected a denial, got ${JSON.stringify(message)}`);
  return denial as ReturnType<typeof denialIn>;
}

/** Lets everything that is already due happen: microtasks, and the macrotask behind them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
