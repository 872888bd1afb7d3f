import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Advertised } from '@callgate/registry';

import { InputError } from '../errors.ts';
import { packageVersion } from '../version.ts';
import { METHOD_NOT_FOUND, ServerAnswerError, type Channel } from './channel.ts';

const PROTOCOL_VERSION = '2025-11-25';
const MAX_PAGES = 1_000;
/** One more than a manifest takes, so that it says so. */
const MAX_ITEMS = 10_001;

/** What a client can do at most: some servers show some tools only to those that can do more. */
const CAPABILITIES = { elicitation: {}, roots: { listChanged: true }, sampling: {} };

/** Asks a server for all that it advertises, every page of it. */
export async function collectAdvertised(channel: Channel): Promise<Advertised> {
  const clientInfo = { name: 'callgate', version: packageVersion() };
  const params = { protocolVersion: PROTOCOL_VERSION, capabilities: CAPABILITIES, clientInfo };
  const handshake = await channel.request('initialize', params);
  await channel.notify('notifications/initialized');
  const capabilities = own(handshake, 'capabilities');
  const offers = (name: string): boolean => isJsonObject(capabilities) && own(capabilities, name) !== undefined;
  return {
    handshake,
    tools: offers('tools') ? await listAll(channel, 'tools/list', 'tools') : [],
    prompts: offers('prompts') ? await listAll(channel, 'prompts/list', 'prompts') : [],
    resources: offers('resources') ? await listAll(channel, 'resources/list', 'resources') : [],
    resourceTemplates: offers('resources')
      ? await listAll(channel, 'resources/templates/list', 'resourceTemplates')
      : [],
  };
}

async function listAll(channel: Channel, method: string, member: string): Promise<readonly JsonValue[]> {
  const items: JsonValue[] = [];
  const cursors = new Set<string>();
  for (let params: JsonObject = {}; ;) {
    const page = await pageOf(channel, method, params);
    const listed = own(page, member);
    if (!isJsonArray(listed)) throw new InputError(`expected \`${member}\` in the answer to \`${method}\``);
    for (const item of listed) items.push(item);
    const cursor = own(page, 'nextCursor');
    if (typeof cursor !== 'string' || items.length >= MAX_ITEMS) return items;
    if (cursors.has(cursor) || cursors.size >= MAX_PAGES) throw new InputError(`\`${method}\` never ends`);
    cursors.add(cursor);
    params = { cursor };
  }
}

/** Servers with resources need not have templates. */
async function pageOf(channel: Channel, method: string, params: JsonObject): Promise<JsonObject> {
  try {
    return await channel.request(method, params);
  } catch (error) {
    const isAbsent = error instanceof ServerAnswerError && error.rpcCode === METHOD_NOT_FOUND;
    if (isAbsent && method === 'resources/templates/list') return { resourceTemplates: [] };
    throw error;
  }
}
