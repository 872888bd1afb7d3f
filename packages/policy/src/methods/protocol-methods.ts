import type { Direction } from '../call.ts';
import type { ServerParts } from '../compile/server-runtime.ts';

/**
 * How a method that MCP defines is judged:
 * `always` – part of the protocol, allowed for every registered server;
 * a name of a switch – allowed where the server entry switches it on;
 * the others – judged by their params.
 */
export type MethodKind =
  | 'always'
  | Switch
  | 'tool-call'
  | 'resource'
  | 'resource-subscribe'
  | 'resource-updated'
  | 'listen'
  | 'prompt'
  | 'completion'
  | 'sampling'
  | 'elicitation';

/** Parts of a server entry that switch whole methods on. */
export type Switch = 'logging' | 'tasks' | 'resources-declared' | 'prompts-declared' | 'roots' | 'elicitation-url';

/** Whether the server entry switches the methods on, and which of its keys says so. */
export const SWITCHES: Readonly<
  Record<
    Switch,
    {
      readonly key: 'logging' | 'tasks' | 'resources' | 'prompts' | 'roots' | 'elicitation';
      isOn(parts: ServerParts): boolean;
    }
  >
> = {
  logging: { key: 'logging', isOn: (parts) => parts.logging },
  tasks: { key: 'tasks', isOn: (parts) => parts.tasks },
  'resources-declared': { key: 'resources', isOn: (parts) => parts.resources !== undefined },
  'prompts-declared': { key: 'prompts', isOn: (parts) => !parts.prompts.isEmpty },
  roots: { key: 'roots', isOn: (parts) => parts.roots !== undefined },
  'elicitation-url': { key: 'elicitation', isOn: (parts) => parts.elicitation.url !== 'deny' },
};

/**
 * Every method of MCP 2025-11-25 and 2026-07-28, by direction. What is not here needs an entry under `methods`.
 */
export const PROTOCOL_METHODS: Readonly<Record<Direction, ReadonlyMap<string, MethodKind>>> = {
  'client-to-server': new Map<string, MethodKind>([
    ['initialize', 'always'],
    ['server/discover', 'always'],
    ['ping', 'always'],
    ['notifications/initialized', 'always'],
    ['notifications/cancelled', 'always'],
    ['notifications/progress', 'always'],
    ['notifications/roots/list_changed', 'roots'],
    ['tools/list', 'always'],
    ['tools/call', 'tool-call'],
    ['resources/list', 'resources-declared'],
    ['resources/templates/list', 'resources-declared'],
    ['resources/read', 'resource'],
    ['resources/subscribe', 'resource-subscribe'],
    ['resources/unsubscribe', 'resource'],
    ['subscriptions/listen', 'listen'],
    ['prompts/list', 'prompts-declared'],
    ['prompts/get', 'prompt'],
    ['completion/complete', 'completion'],
    ['logging/setLevel', 'logging'],
    ['tasks/get', 'tasks'],
    ['tasks/result', 'tasks'],
    ['tasks/list', 'tasks'],
    ['tasks/cancel', 'tasks'],
    ['tasks/update', 'tasks'],
  ]),
  'server-to-client': new Map<string, MethodKind>([
    ['ping', 'always'],
    ['notifications/progress', 'always'],
    ['notifications/cancelled', 'always'],
    ['notifications/message', 'logging'],
    ['notifications/tools/list_changed', 'always'],
    ['notifications/resources/list_changed', 'resources-declared'],
    ['notifications/resources/updated', 'resource-updated'],
    ['notifications/prompts/list_changed', 'prompts-declared'],
    ['notifications/subscriptions/acknowledged', 'always'],
    ['notifications/elicitation/complete', 'elicitation-url'],
    ['notifications/tasks/status', 'tasks'],
    ['notifications/tasks', 'tasks'],
    ['sampling/createMessage', 'sampling'],
    ['elicitation/create', 'elicitation'],
    ['roots/list', 'roots'],
  ]),
};

/** Whether MCP defines the method as a request: without an id it would go around all that concerns answers. */
export function isProtocolRequest(direction: Direction, method: string): boolean {
  return PROTOCOL_METHODS[direction].has(method) && !method.startsWith('notifications/');
}
