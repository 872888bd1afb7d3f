import { excerpt, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { inspectDefinition, noteToolNames } from '../inspection/inspect-definition.ts';
import { inspectInbound, type Inspected, type InspectedAs } from '../inspection/inspect-inbound.ts';
import type { Exchange } from './exchange.ts';
import type { Link } from './link.ts';

/** The member of a listing that holds its items. */
const ITEMS: ReadonlyMap<string, string> = new Map([
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
]);

/**
 * Inspects a listing item by item: its texts, its form, and whether it could be taken for a tool of another server. An item that is
 * withheld takes no other with it; a tool that is withheld is refused when it is called. What stands beside the items is inspected as a whole.
 */
export function inspectList(
  link: Link,
  exchange: Exchange,
  result: JsonObject,
  as: InspectedAs,
): Inspected | Promise<Inspected> {
  const member = ITEMS.get(exchange.method);
  const items = member === undefined ? undefined : own(result, member);
  if (member === undefined || !Array.isArray(items)) return inspectInbound(link.gate, result, as);
  const list: List = { member, items: items as readonly JsonValue[], result };
  const { gate, serverName: server } = link;
  const isTool = member === 'tools';
  const around = inspectInbound(gate, { ...result, [member]: [] }, as);
  if (isTool) noteToolNames(gate.toolNames, server, list.items.filter(isJsonObject));
  const each = list.items.map((item) =>
    inspectDefinition(gate, isJsonObject(item) ? item : { item }, { server, isTool }, as),
  );
  const finish = (whole: Inspected, parts: readonly Inspected[]): Inspected =>
    assembled(link, exchange, list, whole, parts);
  // Where nothing has to wait nothing does: what comes next from the server stays next.
  if (around instanceof Promise || each.some((inspected) => inspected instanceof Promise)) {
    const whole = Promise.resolve(around);
    const parts = Promise.all(each.map((inspected) => Promise.resolve(inspected)));
    return parts.then(async (all) => finish(await whole, all));
  }
  return finish(around, each as readonly Inspected[]);
}

interface List {
  readonly member: string;
  readonly items: readonly JsonValue[];
  readonly result: JsonObject;
}

/** The listing with the items that pass, masked where something in them was. */
function assembled(
  link: Link,
  exchange: Exchange,
  { member, items, result }: List,
  around: Inspected,
  parts: readonly Inspected[],
): Inspected {
  if ('refusal' in around) return around;
  const kept: JsonValue[] = [];
  const records = [around.record, ...parts.map(({ record }) => record)];
  parts.forEach((inspected, index) => {
    const item = items[index] ?? null;
    noteItem(link, exchange, item, inspected);
    if ('content' in inspected)
      kept.push(isJsonObject(item) ? inspected.content : (own(inspected.content, 'item') ?? null));
  });
  const isSame = records.every(({ verdict }) => verdict === 'pass');
  return {
    content: isSame ? result : { ...around.content, [member]: kept },
    record: {
      verdict: isSame ? 'pass' : 'redact',
      would: records.find(({ would }) => would !== null)?.would ?? null,
      redactions: records.reduce((sum, { redactions }) => sum + redactions, 0),
      rules: [...new Set(records.flatMap(({ rules }) => rules))].toSorted(),
    },
  };
}

/** Remembers which tools are withheld, so that calls to them are refused, and tells of it. */
function noteItem(link: Link, exchange: Exchange, item: JsonValue, inspected: Inspected): void {
  const name = isJsonObject(item) ? own(item, 'name') : undefined;
  const isTool = exchange.method === 'tools/list' && typeof name === 'string';
  if (!('refusal' in inspected)) {
    if (isTool) link.definitions.restore(name);
    return;
  }
  if (isTool) link.definitions.withhold(name);
  const shown = typeof name === 'string' ? excerpt(name, SHOWN_NAME_LENGTH) : '';
  link.anomaly('definition.poisoned', exchange.request, { name: shown, rules: inspected.record.rules });
}

const SHOWN_NAME_LENGTH = 128;
