import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { ItemKind } from '@callgate/registry/lock';

/** How a kind of item is listed. */
export interface ListedKind {
  readonly kind: ItemKind;
  readonly method: string;
  /** The member of the result that holds the items. */
  readonly member: string;
  /** The member of an item that names it. */
  readonly key: string;
}

/** Every kind that is listed. */
export const LISTS: readonly ListedKind[] = [
  { kind: 'tool', method: 'tools/list', member: 'tools', key: 'name' },
  { kind: 'prompt', method: 'prompts/list', member: 'prompts', key: 'name' },
  { kind: 'resource', method: 'resources/list', member: 'resources', key: 'uri' },
  { kind: 'resource-template', method: 'resources/templates/list', member: 'resourceTemplates', key: 'uriTemplate' },
];

/** What a notification says has changed. */
export const KINDS_CHANGED: ReadonlyMap<string, readonly ItemKind[]> = new Map([
  ['notifications/tools/list_changed', ['tool']],
  ['notifications/prompts/list_changed', ['prompt']],
  ['notifications/resources/list_changed', ['resource', 'resource-template']],
]);

/** The item that a request is about. */
export interface AskedItem {
  readonly kind: Exclude<ItemKind, 'handshake'>;
  readonly name: string;
}

/** The item that a request is about; undefined for those that are about the server. */
export function askedItem(method: string, params: JsonObject): AskedItem | undefined {
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', name: textOf(params, 'name') };
    case 'prompts/get':
      return { kind: 'prompt', name: textOf(params, 'name') };
    case 'resources/read':
    case 'resources/subscribe':
      return { kind: 'resource', name: textOf(params, 'uri') };
    case 'completion/complete':
      return completedItem(own(params, 'ref'));
  }
  return undefined;
}

/** MCP, completion: a prompt by its name, or a template by its text. */
function completedItem(reference: JsonValue | undefined): AskedItem | undefined {
  if (reference === undefined || !isJsonObject(reference)) return undefined;
  return own(reference, 'type') === 'ref/prompt'
    ? { kind: 'prompt', name: textOf(reference, 'name') }
    : { kind: 'resource-template', name: textOf(reference, 'uri') };
}

/** What has to be listed before an item can be compared with the lock: a resource may come from a template. */
export function kindsNeeded({ kind }: AskedItem): readonly ItemKind[] {
  return kind === 'resource' ? ['resource', 'resource-template'] : [kind];
}

function textOf(params: JsonObject, key: string): string {
  const value = own(params, key);
  return typeof value === 'string' ? value : '';
}
