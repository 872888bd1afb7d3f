import type { TransportLike } from 'callgate';

/** Set to `1` to run a driver governed; otherwise it runs plain. */
export const GOVERNED_VARIABLE = 'CALLGATE_GOVERNED';

/** What stands between a driver's client and its transport: nothing, or a gate that allows everything. */
export interface Doorway {
  wrap<Transport extends TransportLike>(transport: Transport): Transport;
  close(): Promise<void>;
}

/** Opens the doorway that the environment asks for. */
export async function openDoorway(): Promise<Doorway> {
  if (process.env[GOVERNED_VARIABLE] !== '1') return { wrap: (transport) => transport, close: () => Promise.resolve() };
  // Loaded only here, so that a plain run has none of the code under test in its process.
  const { createGate, loadPolicy } = await import('callgate');
  const gate = await createGate({
    policy: await loadPolicy(new URL('../allow-all.yaml', import.meta.url)),
    ledger: 'memory',
  });
  return {
    // A governed transport has every member that drivers use, and no more type than it needs.
    wrap: <Transport extends TransportLike>(transport: Transport) =>
      gate.wrap(transport, { server: 'conformance' }) as TransportLike as Transport,
    close: () => gate.close(),
  };
}
