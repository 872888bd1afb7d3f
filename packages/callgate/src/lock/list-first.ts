import { isJsonObject, own, type JsonObject } from '@callgate/canonical';

import { askPolicy } from '../connection/ask-policy.ts';
import type { Exchange } from '../connection/exchange.ts';
import type { Link } from '../connection/link.ts';
import { envelopeOf } from '../connection/outbound-meta.ts';
import { lockContext } from './judge-by-lock.ts';
import { LISTS, askedItem, kindsNeeded } from './lock-methods.ts';

/** Pages of one listing that the gate asks for. */
const MAX_PAGES = 1_000;

/**
 * Lists what a request names, where that was not listed yet on this connection or changed since: only then can it be compared with
 * the lock. The listing is a request like any other, decided, recorded and bounded in time; its answer stays in the gate. Undefined
 * where nothing has to be listed. Once for each request: what cannot be listed stays unseen.
 */
export function listFirst(link: Link, exchange: Exchange): Promise<void> | undefined {
  const { lock: guard, server } = link;
  const context = lockContext(link);
  const item = askedItem(exchange.method, exchange.params);
  if (guard === undefined || context === undefined || item === undefined) return undefined;
  // Where nothing is enforced nothing is added to what the client does; and where unseen is good enough nothing is needed.
  if (server?.stage !== 'enforce' || context.drift.unseen === 'allow') return undefined;
  const kinds = kindsNeeded(item).filter((kind) => guard.needsListing(kind, item.name, context));
  if (kinds.length === 0) return undefined;
  const { decision } = askPolicy(link, 'client-to-server', exchange.method, exchange.params, exchange);
  if (decision.effect === 'deny') return undefined;
  const lists = LISTS.filter(({ kind }) => kinds.includes(kind));
  return Promise.all(
    lists.map(({ kind, method }) => guard.listOnce(kind, () => listAll(link, method, exchange.params))),
  ).then(() => undefined);
}

async function listAll(link: Link, method: string, params: JsonObject): Promise<void> {
  const envelope = envelopeOf(params);
  // All pages together have the time of one call: what is longer under way stays unseen.
  const untilMs = link.gate.elapsedMs() + (link.server?.timeoutMs ?? 0);
  let cursor: JsonObject = {};
  for (let page = 0; page < MAX_PAGES && link.gate.elapsedMs() <= untilMs; page += 1) {
    const result = await link.ask(method, { ...cursor, ...(envelope === undefined ? {} : { _meta: envelope }) });
    const next = result === undefined || !isJsonObject(result) ? undefined : own(result, 'nextCursor');
    if (typeof next !== 'string') return;
    cursor = { cursor: next };
  }
}
