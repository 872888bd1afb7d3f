import type { DefinitionEntry } from '@callgate/audit';
import { excerpt, isJsonObject, own, type Digest, type JsonObject, type JsonValue } from '@callgate/canonical';
import { reachable } from '@callgate/policy';

import type { Exchange } from './exchange.ts';
import { narrowByLock } from '../lock/narrow-by-lock.ts';
import { attenuateServerCapabilities } from './handshake.ts';
import type { Link } from './link.ts';

/** A complete result as this principal may see it: handshakes attenuated, lists filtered, cache hints within policy. */
export function narrowResult(link: Link, exchange: Exchange, result: JsonObject): JsonObject {
  return withoutCacheHints(link, narrowByLock(link, exchange, result, narrowByMethod(link, exchange, result)));
}

function narrowByMethod(link: Link, exchange: Exchange, result: JsonObject): JsonObject {
  const { server } = link;
  if (server === undefined) return result;
  switch (exchange.method) {
    case 'initialize':
    case 'server/discover': {
      const capabilities = own(result, 'capabilities');
      if (capabilities === undefined || !isJsonObject(capabilities)) return result;
      const attenuated = attenuateServerCapabilities(capabilities, server);
      return attenuated === capabilities ? result : { ...result, capabilities: attenuated };
    }
    case 'tools/list':
      return narrowTools(link, exchange, result);
    case 'prompts/list':
      return keepItems(result, 'prompts', 'name', (name) => server.permitsPrompt(name));
    case 'resources/list':
      return keepItems(result, 'resources', 'uri', (uri) => server.permitsResource(uri));
    default:
      return result;
  }
}

/** A tool is listed while some call to it could be allowed, or held, for this principal. */
function narrowTools(link: Link, exchange: Exchange, result: JsonObject): JsonObject {
  if (!Array.isArray(own(result, 'tools'))) return result;
  const page = link.definitions.observe(own(exchange.params, 'cursor'), result);
  const [redefined] = page.redefined;
  if (redefined !== undefined) {
    const tools = page.redefined.length;
    link.anomaly('definition.redefined', exchange.request, { tool: excerpt(redefined, SHOWN_NAME_LENGTH), tools });
    recordDefinitions(link, 'rejected', tools, null, []);
  }
  if (page.complete !== undefined) {
    const { event, manifest, tools } = page.complete;
    recordDefinitions(link, event, tools.length, manifest, tools);
  }
  const kept = page.tools.filter((tool) => {
    const name = own(tool, 'name');
    if (typeof name !== 'string' || link.definitions.isAmbiguous(name)) return false;
    return (
      reachable(link.gate.policy, { server: link.serverName, tool: name, principal: exchange.actor.principal }) !==
      'deny'
    );
  });
  return sameItems(own(result, 'tools'), kept) ? result : { ...result, tools: kept };
}

/** What a record of a listing holds of it: names are the server's text, and as many as it likes. */
const RECORDED_TOOLS = 1_000;
const SHOWN_NAME_LENGTH = 128;

function recordDefinitions(
  link: Link,
  event: 'listed' | 'changed' | 'rejected',
  count: number,
  manifest: Digest | null,
  tools: DefinitionEntry['tools'],
): void {
  const { clock, events } = link.gate;
  link.gate.evidence.note({
    kind: 'definition',
    time: clock.now(),
    server: link.serverName,
    event,
    manifest,
    // The manifest is of all of them; a record has a bounded size.
    tools: tools
      .slice(0, RECORDED_TOOLS)
      .map((tool) => ({ name: excerpt(tool.name, SHOWN_NAME_LENGTH), digest: tool.digest })),
    code: event === 'rejected' ? 'manifest.drifted' : null,
  });
  events.emit('definition-listed', { server: link.serverName, event, tools: count });
}

function keepItems(result: JsonObject, member: string, key: string, permits: (value: string) => boolean): JsonObject {
  const items = own(result, member);
  if (!Array.isArray(items)) return result;
  const kept = (items as readonly JsonValue[]).filter((item) => {
    const value = isJsonObject(item) ? own(item, key) : undefined;
    return typeof value === 'string' && permits(value);
  });
  return kept.length === items.length ? result : { ...result, [member]: kept };
}

function sameItems(before: JsonValue | undefined, after: readonly JsonValue[]): boolean {
  return Array.isArray(before) && before.length === after.length;
}

/**
 * SDK v2 answers fresh reads and lists from its own cache, past the gate: no decision, no record, and one principal's
 * data for another. Where policy does not allow that, answers say they are stale at once.
 */
function withoutCacheHints(link: Link, result: JsonObject): JsonObject {
  const isCacheable = typeof own(result, 'ttlMs') === 'number' && own(result, 'ttlMs') !== 0;
  return isCacheable && link.server?.permitsCache !== true ? { ...result, ttlMs: 0 } : result;
}
