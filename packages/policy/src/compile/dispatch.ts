import { isJsonObject, parsePointer, resolvePointer, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { DispatchDocument } from '../document/types.ts';
import type { Place } from '../envelope/place.ts';

/** The most inner calls one dispatcher call may carry. */
export const MAX_INNER_CALLS = 64;

/** One call found inside another's arguments. */
export interface InnerCall {
  /** Undefined: the same server. */
  readonly server: string | undefined;
  readonly tool: string;
  readonly args: JsonObject;
  readonly place: Place;
}

/** What of a dispatcher's arguments could not be read as a call. */
export interface Unresolved {
  readonly place: Place;
  readonly expected: string;
}

interface Resolution {
  readonly calls: readonly InnerCall[];
  readonly unresolved: readonly Unresolved[];
}

/** Finds the inner calls of a dispatcher's arguments. */
export type Dispatch = (args: JsonObject, place: Place) => Resolution;

interface Pointers {
  readonly tool: readonly string[];
  readonly args: readonly string[];
  readonly server: readonly string[] | undefined;
}

/** Compiles the declaration of a dispatcher. */
export function compileDispatch(document: DispatchDocument): Dispatch {
  const pointers: Pointers = {
    tool: parsePointer(document.tool),
    args: parsePointer(document.arguments),
    server: document.server === undefined ? undefined : parsePointer(document.server),
  };
  if (document.each === undefined) return (args, place) => resolveAll([[args, place]], pointers);
  const each = parsePointer(document.each);
  return (args, place) => {
    const list = resolvePointer(args, each);
    const at = placeOf(place, each);
    if (!Array.isArray(list) || list.length > MAX_INNER_CALLS) {
      return { calls: [], unresolved: [{ place: at, expected: `a list of at most ${MAX_INNER_CALLS} calls` }] };
    }
    const items: readonly JsonValue[] = list;
    return resolveAll(
      items.map((item, index) => [item, placeOf(at, [String(index)])] as const),
      pointers,
    );
  };
}

function resolveAll(sources: readonly (readonly [JsonValue, Place])[], pointers: Pointers): Resolution {
  const calls: InnerCall[] = [];
  const unresolved: Unresolved[] = [];
  for (const [source, place] of sources) {
    const tool = resolvePointer(source, pointers.tool);
    const server = pointers.server === undefined ? undefined : resolvePointer(source, pointers.server);
    const args = resolvePointer(source, pointers.args);
    const before = unresolved.length;
    if (typeof tool !== 'string')
      unresolved.push({ place: placeOf(place, pointers.tool), expected: 'the name of a tool' });
    if (pointers.server !== undefined && typeof server !== 'string') {
      unresolved.push({ place: placeOf(place, pointers.server), expected: 'the name of a server' });
    }
    if (!isJsonObject(args))
      unresolved.push({ place: placeOf(place, pointers.args), expected: 'an object of arguments' });
    if (unresolved.length > before || typeof tool !== 'string' || !isJsonObject(args)) continue;
    calls.push({
      server: typeof server === 'string' ? server : undefined,
      tool,
      args,
      place: placeOf(place, pointers.args),
    });
  }
  return { calls, unresolved };
}

/** Further down from `place` by tokens that the policy, or an array's length, gives. */
function placeOf(place: Place, tokens: readonly string[]): Place {
  let { pointer, label } = place;
  for (const token of tokens) {
    pointer = `${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    label = label === '' ? token : `${label}.${token}`;
  }
  return { pointer, label };
}
