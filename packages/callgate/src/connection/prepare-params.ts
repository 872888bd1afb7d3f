import { deepFreeze, isJsonObject, own, type JsonObject } from '@callgate/canonical';

import { traceMeta } from '../telemetry/trace-context.ts';
import { metaOf } from '../wire.ts';
import type { Exchange } from './exchange.ts';
import { attenuateClientCapabilities } from './handshake.ts';
import type { Link } from './link.ts';
import { permittedRoots } from './permitted-roots.ts';

/** The params as they may leave: capabilities attenuated, `_meta` within its allowlist, trace context added. Frozen. */
export function prepareParams(link: Link, exchange: Exchange): JsonObject {
  const { server, outboundMeta } = link;
  if (server === undefined || outboundMeta === undefined) return exchange.params;
  let { params } = exchange;
  if (exchange.method === 'initialize') {
    const capabilities = own(params, 'capabilities');
    if (capabilities !== undefined && isJsonObject(capabilities)) {
      const attenuated = attenuateClientCapabilities(capabilities, server);
      if (attenuated !== capabilities) params = { ...params, capabilities: attenuated };
    }
  }
  const change = outboundMeta.apply(exchange.method, params);
  if (change.stripped.length > 0) link.anomaly('meta.stripped', exchange.request, { count: change.stripped.length });
  if (change.pinned.length > 0) link.anomaly('meta.pinned', exchange.request, { keys: change.pinned });
  return deepFreeze(addTrace(link, exchange, keepPermittedInputs(link, exchange, change.params)));
}

/** Roots among the answers to input requests are cut to what policy permits. */
function keepPermittedInputs(link: Link, exchange: Exchange, params: JsonObject): JsonObject {
  const responses = own(params, 'inputResponses');
  const asked = link.inputs.match(exchange);
  if (asked === undefined || responses === undefined || !isJsonObject(responses)) return params;
  const isRoots = (key: string): boolean => asked.get(key) === 'roots/list';
  if (!Object.keys(responses).some(isRoots)) return params;
  const inputResponses = Object.fromEntries(
    Object.entries(responses).map(([key, response]) => [key, isRoots(key) ? permittedRoots(link, response) : response]),
  );
  return { ...params, inputResponses };
}

function addTrace(link: Link, exchange: Exchange, params: JsonObject): JsonObject {
  if (exchange.span === undefined || !link.gate.propagateTrace) return params;
  const trace = traceMeta(exchange.span);
  if (trace === undefined) return params;
  exchange.hasParams = true;
  return { ...params, _meta: { ...metaOf(params), ...trace } };
}
