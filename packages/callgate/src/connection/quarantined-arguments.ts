import {
  clonePlain,
  isJsonObject,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import { quarantinedArguments, type Decision } from '@callgate/policy';

import { errorClass } from '../interceptors.ts';
import { contentText } from '../quarantine/content-text.ts';
import { isQuarantineId } from '../quarantine/quarantined-item.ts';
import type { Refusal } from '../verdicts.ts';
import type { Exchange } from './exchange.ts';
import { argumentsOf, nameOf, type Link } from './link.ts';

/** A handle among a call's arguments, where policy accepts one. */
export interface ArgumentHandle {
  readonly id: string;
  /** JSON pointer into the arguments. */
  readonly pointer: string;
}

/** How many handles one call may carry. */
const MAX_HANDLES = 16;

/** One answer whatever the reason: nobody learns whether another run has something in quarantine. */
export const HANDLE_UNAVAILABLE: Refusal = {
  code: 'quarantine.unavailable',
  message: 'a handle among the arguments opens nothing for this call',
  hints: ['use handles of this run only, and before they expire'],
  next: 'fix_arguments',
};

/** The handles among a call's arguments, in the places where policy says that something in quarantine may stand. */
export function handlesIn(link: Link, { method, params }: Exchange): readonly ArgumentHandle[] {
  if (method !== 'tools/call') return NONE;
  const tool = nameOf(method, params);
  const given = argumentsOf(method, params);
  if (tool === undefined || given === undefined) return NONE;
  const places = quarantinedArguments(link.gate.policy, { server: link.serverName, tool, arguments: given });
  return places.flatMap((pointer) => {
    const id = resolvePointer(given, parsePointer(pointer));
    return isQuarantineId(id) ? [{ id, pointer }] : [];
  });
}

const NONE: readonly never[] = Object.freeze([]);

/** A call's params with content from quarantine in them. */
export interface HandedContent {
  readonly params: JsonObject;
  /** What that content is, as policy says. */
  readonly labels: readonly string[];
}

/**
 * The params with the content in the place of each handle, as policy is to see them and the server to get them. Undefined where one
 * of them opens nothing for whoever calls.
 */
export async function withContent(
  link: Link,
  exchange: Exchange,
  handles: readonly ArgumentHandle[],
): Promise<HandedContent | undefined> {
  if (handles.length > MAX_HANDLES) return undefined;
  const { gate } = link;
  try {
    let { params } = exchange;
    const labels = new Set<string>();
    for (const { id, pointer } of handles) {
      const opened = await gate.quarantine.contentFor(id, exchange.actor);
      if (opened === undefined) return undefined;
      for (const label of opened.item.labels) labels.add(label);
      const put = replaced(params, ['arguments', ...parsePointer(pointer)], contentText(opened.content));
      if (!isJsonObject(put)) return undefined;
      params = put;
    }
    // What a server answered may be more than a call may carry.
    const whole = clonePlain(params, gate.messageLimits);
    return isJsonObject(whole) ? { params: whole, labels: [...labels].toSorted() } : undefined;
  } catch (error) {
    link.anomaly('quarantine.failed', exchange.request, { error: errorClass(error) });
    gate.events.emit('quarantine-failed', { server: link.serverName, request: exchange.request, error });
    return undefined;
  }
}

/** `value` with another one at the place that `tokens` lead to. */
function replaced(value: JsonValue, [token, ...rest]: readonly string[], other: string): JsonValue {
  if (token === undefined) return other;
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((item, index) =>
      String(index) === token ? replaced(item, rest, other) : item,
    );
  }
  if (!isJsonObject(value)) return value;
  // Entries, not a spread with a computed name: an own `__proto__` stays data.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === token ? replaced(member, rest, other) : member]),
  );
}

/**
 * The decision without anything that was said of content from quarantine: that it does not fit is all that is told, to the model and
 * in the record.
 */
export function withoutContent(decision: Decision, withheld: readonly string[]): Decision {
  if (withheld.length === 0 || decision.violations.length === 0) return decision;
  const placeOf = (pointer: string): string | undefined =>
    withheld.find((place) => pointer === place || pointer.startsWith(`${place}/`));
  if (!decision.violations.some(({ pointer }) => placeOf(pointer) !== undefined)) return decision;
  const violations = decision.violations.map((violation) => {
    const place = placeOf(violation.pointer);
    if (place === undefined) return violation;
    const hint = `use something else for \`${place}\`: what is in quarantine does not fit`;
    return { ...violation, pointer: place, got: 'something in quarantine that does not fit', hint };
  });
  return { ...decision, violations, errors: NONE, hints: [...new Set(violations.map(({ hint }) => hint))].slice(0, 8) };
}
