/* oxlint-disable typescript/no-explicit-any -- constructors of foreign transports */
import type { GateCore } from '../core.ts';
import { GovernedTransport, type GovernedOptions } from './governed-transport.ts';
import { copyParameters } from './observe-identity.ts';
import type { OptionalMembers, TransportLike } from './transport-shape.ts';

/**
 * Wraps a transport so that SDK v2 can clone it.
 *
 * To negotiate over stdio, SDK v2 probes a disposable sibling of the transport: `new transport.constructor(params)`,
 * reaped with `_dispose`, both recognised by shape. Wrapped like any other, the sibling would be spawned ungoverned, or
 * not at all, and servers that exit on a probe could not be connected. So such a transport gets a class of its own whose
 * instances wrap siblings under the same gate.
 */
export function wrapClonable(gate: GateCore, inner: TransportLike, options: GovernedOptions): GovernedTransport {
  const prototype: unknown = Object.getPrototypeOf(inner);
  const { _serverParams: parameters } = inner as OptionalMembers;
  const isClonable =
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.hasOwn(prototype, '_dispose') &&
    typeof parameters === 'object' &&
    parameters !== null;
  if (!isClonable) return new GovernedTransport(gate, inner, options);

  const Base = inner.constructor as new (
    parameters: any,
  ) => TransportLike & Required<Pick<OptionalMembers, '_dispose'>>;
  const disposables = new WeakMap<GovernedTransport, { _dispose(): Promise<void> }>();

  class GovernedSibling extends GovernedTransport {
    declare readonly _serverParams: unknown;

    constructor(siblingParameters: object, existing?: TransportLike) {
      const sibling = existing ?? new Base(siblingParameters);
      super(gate, sibling, options);
      disposables.set(this, sibling as InstanceType<typeof Base>);
      // Hidden, as it holds the server's environment; a copy, as the SDK clones what it finds here.
      const value = Object.freeze(copyParameters(siblingParameters));
      Object.defineProperty(this, '_serverParams', { value, enumerable: false });
    }

    async _dispose(): Promise<void> {
      await disposables.get(this)?._dispose();
    }
  }
  return new GovernedSibling(parameters, inner);
}
