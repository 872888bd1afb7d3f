import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Refusal } from '../verdicts.ts';
import type { WireError } from '../wire.ts';
import { decideEmbedded, type Embedded } from './embedded-request.ts';
import type { Exchange } from './exchange.ts';
import type { Link } from './link.ts';
import type { InputRequest } from './result-shape.ts';

/** MCP 2025-11-25, URL mode elicitation: the error that asks the client to send its user to a page first. */
const URL_ELICITATION_REQUIRED = -32042;

const MAX_ELICITATIONS = 64;

/** What an answer that asks for something may say, or why it is withheld. */
export type Allowed<Content> = { readonly content: Content } | { readonly refusal: Refusal };

/**
 * Decides the input requests inside a result (MCP 2026-07-28): server requests in another envelope, which the client answers
 * by itself. One that is not allowed withholds the whole result.
 */
export function allowInputs(
  link: Link,
  exchange: Exchange,
  result: JsonObject,
  requests: readonly InputRequest[],
): Allowed<JsonObject> | Promise<Allowed<JsonObject>> {
  const decided = decideAll(link, exchange, requests);
  const next = (all: Allowed<readonly JsonObject[]>): Allowed<JsonObject> => {
    if ('refusal' in all) return all;
    link.inputs.note(exchange, new Map(requests.map(({ key, method }) => [key, method])));
    if (requests.length === 0) return { content: result };
    const limited = requests.map(({ key, method }, index) => [key, { method, params: all.content[index] ?? {} }]);
    return { content: { ...result, inputRequests: Object.fromEntries(limited) as JsonObject } };
  };
  return decided instanceof Promise ? decided.then(next) : next(decided);
}

/** Decides the pages that error -32042 sends a user to. Other errors ask for nothing. */
export function allowElicitations(
  link: Link,
  exchange: Exchange,
  error: WireError['error'],
): Allowed<WireError['error']> | Promise<Allowed<WireError['error']>> {
  if (error.code !== URL_ELICITATION_REQUIRED || error.data === undefined) return { content: error };
  const { data } = error;
  const asked = isJsonObject(data) ? own(data, 'elicitations') : undefined;
  if (!isJsonObject(data) || !Array.isArray(asked) || asked.length > MAX_ELICITATIONS) return MALFORMED;
  const requests: InputRequest[] = [];
  for (const item of asked as readonly JsonValue[]) {
    if (!isJsonObject(item)) return MALFORMED;
    requests.push({ key: '', method: 'elicitation/create', params: { ...item, mode: 'url' } });
  }
  const decided = decideAll(link, exchange, requests);
  const next = (all: Allowed<readonly JsonObject[]>): Allowed<WireError['error']> =>
    'refusal' in all ? all : { content: { ...error, data: { ...data, elicitations: all.content } } };
  return decided instanceof Promise ? decided.then(next) : next(decided);
}

const MALFORMED: Allowed<never> = {
  refusal: { code: 'response.malformed', message: "the server's answer is malformed: expected `elicitations`" },
};

/** Decides one after the other, and stops at the first that is refused. Waits only where one has to. */
function decideAll(
  link: Link,
  exchange: Exchange,
  requests: readonly InputRequest[],
  from = 0,
  decided: JsonObject[] = [],
): Allowed<readonly JsonObject[]> | Promise<Allowed<readonly JsonObject[]>> {
  for (let index = from; index < requests.length; index += 1) {
    const { method, params } = requests[index] as InputRequest;
    const take = (embedded: Embedded): Allowed<never> | undefined => {
      if ('refusal' in embedded) return embedded;
      decided.push(embedded.params);
      return undefined;
    };
    const outcome = decideEmbedded(link, exchange, method, params);
    if (outcome instanceof Promise) {
      return outcome.then((embedded) => take(embedded) ?? decideAll(link, exchange, requests, index + 1, decided));
    }
    const refused = take(outcome);
    if (refused !== undefined) return refused;
  }
  return { content: decided };
}
