import type { Direction } from '../call.ts';
import type { PolicyRuntime, ServerRuntime } from '../compile/server-runtime.ts';
import type { Ring, ToolEffect } from '../decision.ts';
import type { OneOrMore, RuleMatchDocument, ToolDocument } from '../document/types.ts';
import { compileNameSet } from '../match/glob.ts';
import { PROTOCOL_METHODS } from '../methods/protocol-methods.ts';
import type { Rule } from '../rules/rule.ts';
import { nameOfBoth } from '../match/name-witness.ts';

const DIRECTIONS: readonly Direction[] = ['client-to-server', 'server-to-client'];
const RING_EFFECTS: Readonly<Record<Ring, ToolEffect>> = { 0: 'read', 1: 'read', 2: 'write', 3: 'destructive' };

/** Whether any message that the policy has an entry for can be what a rule is about. */
export function canApply(rule: Pick<Rule, 'fits'>, match: RuleMatchDocument, policy: PolicyRuntime): boolean {
  if (reachedTools(rule, match, policy).length > 0) return true;
  return [...policy.servers.values()].some((server) => reachesMethod(rule, server));
}

/** The tools that calls can be of which a rule is about, as they are written. */
export function reachedTools(
  rule: Pick<Rule, 'fits'>,
  match: RuleMatchDocument,
  { document, rules, servers }: PolicyRuntime,
): readonly { readonly name: string; readonly tool: ToolDocument }[] {
  // a raise changes the ring that other rules see
  const isRaised = rules.some(({ outcome }) => outcome === 'raise');
  const patterns = match.tool === undefined ? ['*'] : listOf(match.tool);
  const isReached = (server: string, name: string, tool: ToolDocument): boolean => {
    const ring = isRaised ? undefined : tool.ring;
    const effect = tool.effect ?? RING_EFFECTS[tool.ring];
    const labels = tool.labels ?? [];
    const target = { server, direction: 'client-to-server', method: 'tools/call', ring, effect, labels } as const;
    return patterns.some((pattern) => {
      const witness = nameOfBoth(name, pattern);
      return witness !== undefined && rule.fits({ ...target, tool: witness });
    });
  };
  return [...servers.keys()].flatMap((server) =>
    Object.entries(document.servers[server]?.tools ?? {}).flatMap(([name, tool]) =>
      isReached(server, name, tool) ? [{ name, tool }] : [],
    ),
  );
}

function reachesMethod(rule: Pick<Rule, 'fits'>, { name: server, parts }: ServerRuntime): boolean {
  const unsaid = { server, tool: undefined, ring: undefined, effect: undefined, labels: undefined } as const;
  return DIRECTIONS.some((direction) =>
    [...PROTOCOL_METHODS[direction].keys(), ...parts.methods[direction].keys()].some((method) =>
      rule.fits({ ...unsaid, direction, method }),
    ),
  );
}

/** A value of a match that the policy has nothing for, and where it stands below `match`. */
export interface UnknownName {
  readonly pointer: string;
  readonly what: string;
  readonly name: string;
}

/** The servers, tools and labels of a match that the policy does not have. */
export function unknownNames(match: RuleMatchDocument, policy: PolicyRuntime): readonly UnknownName[] {
  const servers = Object.entries(policy.document.servers);
  const tools = servers.flatMap(([, server]) => Object.entries(server.tools ?? {}));
  const labels = new Set(tools.flatMap(([, tool]) => tool.labels ?? []));
  const has = {
    server: (pattern: string) => servers.some(([name]) => compileNameSet([pattern])(name)),
    tool: (pattern: string) => tools.some(([name]) => nameOfBoth(name, pattern) !== undefined),
    labels: (label: string) => labels.has(label),
  };
  return (['server', 'tool', 'labels'] as const).flatMap((key) => {
    const value = match[key];
    if (value === undefined) return [];
    return listOf(value).flatMap((name, index) => {
      if (has[key](name)) return [];
      const pointer = Array.isArray(value) ? `/${key}/${index}` : `/${key}`;
      return [{ pointer, what: key === 'labels' ? 'label' : key, name }];
    });
  });
}

function listOf<Item>(value: OneOrMore<Item>): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}
