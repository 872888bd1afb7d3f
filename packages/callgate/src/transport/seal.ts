import { GateError } from '../errors.ts';
import type { SendOptions, TransportLike } from './transport-shape.ts';

/** The gate's own way to a sealed transport. */
export interface SealedTransport {
  /** Sends a message; the caller vouches that it was decided on. */
  dispatch(message: object, options: SendOptions | undefined): Promise<void>;
}

/**
 * Closes the side doors of the transport inside: from here on it sends only messages that came through `dispatch`, and
 * nobody else can listen to it or connect a client to it.
 *
 * Approval goes by object identity and ends with the call, which also covers SDK v1's HTTP transport: after an
 * authorisation round it sends the same message again through `this.send`.
 *
 * @throws {GateError} `CALLGATE_TRANSPORT_UNSEALABLE` when the transport is frozen or already sealed by another gate
 */
export function sealTransport(
  inner: TransportLike,
  receive: (message: unknown, extra: unknown) => void,
  isApproved: (message: object) => boolean,
  onRefused: () => void,
): SealedTransport {
  const send = inner.send.bind(inner);
  const guarded = async (message: unknown, options?: SendOptions): Promise<void> => {
    if (typeof message !== 'object' || message === null || !isApproved(message)) {
      onRefused();
      throw new GateError('CALLGATE_TRANSPORT_SEALED', 'this transport is governed: send through the wrapped one');
    }
    await send(message, options);
  };
  try {
    Object.defineProperty(inner, 'send', { value: guarded, writable: false, configurable: false, enumerable: false });
    Object.defineProperty(inner, 'onmessage', {
      configurable: false,
      enumerable: true,
      get: () => receive,
      set: () => {
        throw new GateError('CALLGATE_TRANSPORT_SEALED', 'this transport is governed: connect the wrapped one');
      },
    });
  } catch (cause) {
    throw new GateError(
      'CALLGATE_TRANSPORT_UNSEALABLE',
      'expected a transport whose `send` and `onmessage` can be sealed',
      { cause },
    );
  }
  return {
    // Async, so that a transport that throws or returns nothing behaves like one that rejects or resolves.
    async dispatch(message, options) {
      await send(message, options);
    },
  };
}
