import { digestJson, isJsonObject, own, type Digest } from '@callgate/canonical';

import { ownerOf } from '../actor.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Exchange } from './exchange.ts';
import { without } from './handshake.ts';

const MAX_OPEN = 1_000;

/**
 * What results asked the client for (`input_required`, MCP 2026-07-28), by the call they answered. A retry may carry
 * answers to exactly these; the method of each tells which permission it needs on the way out.
 */
export class InputBook {
  readonly #asked = new BoundedMap<Digest, ReadonlyMap<string, string>>(MAX_OPEN);

  /** Notes the input requests of a result: key → method. */
  note(exchange: Exchange, requests: ReadonlyMap<string, string>): void {
    this.#asked.set(identityOf(exchange), requests);
  }

  /** The methods behind the answers in `params.inputResponses`, or undefined when one was never asked for. */
  match(exchange: Exchange): ReadonlyMap<string, string> | undefined {
    const responses = own(exchange.params, 'inputResponses');
    if (responses === undefined || !isJsonObject(responses)) return undefined;
    const asked = this.#asked.get(identityOf(exchange));
    if (asked === undefined) return undefined;
    return Object.keys(responses).every((key) => asked.has(key)) ? asked : undefined;
  }
}

/** The call itself and whose it is, without what a retry adds. */
function identityOf({ method, params, actor }: Exchange): Digest {
  const call = without(without(without(params, '_meta'), 'inputResponses'), 'requestState');
  return digestJson({ method, owner: ownerOf(actor), params: call });
}
