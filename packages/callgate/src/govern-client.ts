/* oxlint-disable typescript/no-explicit-any -- clients of both SDK majors type `connect` differently */
import { GateError } from './errors.ts';
import type { Gate } from './gate.ts';
import type { WrapOptions } from './options.ts';
import type { GovernedTransport } from './transport/governed-transport.ts';
import type { TransportLike } from './transport/transport-shape.ts';

/** A client of either SDK major, as far as governing it needs. */
export interface GovernableClient {
  connect(transport: any, options?: any): Promise<any>;
}

/** Makes `client.connect` wrap what it is given. The same client is returned; a transport that is wrapped already stays so. Throws for one that is connected. */
export function governClient<Client extends GovernableClient>(
  gate: Pick<Gate, 'wrap'>,
  client: Client,
  options: WrapOptions,
): Client {
  if ('transport' in client && client.transport !== undefined) {
    throw new GateError(
      'CALLGATE_TRANSPORT_UNSEALABLE',
      'expected a client that is not connected yet: what it is connected to would stay ungoverned',
    );
  }
  const connect = client.connect.bind(client);
  /** By what was connected, and by what it was wrapped in: a transport may be connected again after its close. */
  const governedBy = new WeakMap<object, GovernedTransport>();
  const governedConnect = async (transport: TransportLike, ...rest: unknown[]): Promise<unknown> => {
    const governed = governedBy.get(transport) ?? gate.wrap(transport, options);
    governedBy.set(transport, governed);
    governedBy.set(governed, governed);
    return connect(governed, ...rest);
  };
  Object.defineProperty(client, 'connect', {
    value: governedConnect,
    writable: false,
    configurable: false,
    enumerable: false,
  });
  return client;
}
