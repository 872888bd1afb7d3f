import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Exchange } from '../connection/exchange.ts';
import type { Link } from '../connection/link.ts';
import { lockContext } from './judge-by-lock.ts';
import type { LockContext, LockGuard } from './lock-guard.ts';
import { LISTS, type ListedKind } from './lock-methods.ts';
import { recordDrift } from './record-drift.ts';

/** Members without which an answer is no handshake: what differs in them is about all that the server offers. */
const GREETING: ReadonlySet<string> = new Set(['capabilities', 'protocolVersion', 'serverInfo', 'supportedVersions']);

/** Members of an answer that are about the answer. */
const ENVELOPE: ReadonlySet<string> = new Set(['_meta', 'resultType', 'ttlMs', 'cacheScope']);

/**
 * A handshake or a page of a listing without what is not as it was locked.
 *
 * @param raw as the server sent it: what is compared
 * @param narrowed what is left of it: what is narrowed further
 */
export function narrowByLock(link: Link, exchange: Exchange, raw: JsonObject, narrowed: JsonObject): JsonObject {
  const context = lockContext(link);
  if (link.lock === undefined || context === undefined) return narrowed;
  const isEnforced = (exchange.verdict?.stage ?? 'enforce') === 'enforce';
  const list = LISTS.find(({ method }) => method === exchange.method);
  if (list !== undefined) {
    const isComplete = link.lock.observePage(list.kind, own(exchange.params, 'cursor'), raw, context);
    if (isComplete) recordDrift(link, link.lock.check(context), isEnforced);
    return isEnforced ? withoutItems(link.lock, list, narrowed, context) : narrowed;
  }
  if (exchange.method !== 'initialize' && exchange.method !== 'server/discover') return narrowed;
  link.lock.observeHandshake(raw);
  recordDrift(link, link.lock.check(context), isEnforced);
  return isEnforced ? withoutMembers(link.lock, narrowed, context) : narrowed;
}

function withoutItems(
  guard: LockGuard,
  { kind, member, key }: ListedKind,
  result: JsonObject,
  context: LockContext,
): JsonObject {
  const listed = own(result, member);
  if (!Array.isArray(listed)) return result;
  const items: readonly JsonValue[] = listed;
  const kept = items.filter((item) => {
    const name = isJsonObject(item) ? own(item, key) : undefined;
    return typeof name === 'string' && guard.verdictOf(kind, name, context).list === 'show';
  });
  return kept.length === items.length ? result : { ...result, [member]: kept };
}

function withoutMembers(guard: LockGuard, result: JsonObject, context: LockContext): JsonObject {
  const names = Object.keys(result);
  const kept = names.filter(
    (name) => GREETING.has(name) || ENVELOPE.has(name) || guard.verdictOf('handshake', name, context).list === 'show',
  );
  return kept.length === names.length
    ? result
    : Object.fromEntries(Object.entries(result).filter(([name]) => kept.includes(name)));
}
