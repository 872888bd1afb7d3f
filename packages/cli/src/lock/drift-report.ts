import { isJsonObject, own, parsePointer, resolvePointer, type JsonObject, type JsonValue } from '@callgate/canonical';
import { explain, IGNORED_HISTORY, type Call, type CompiledPolicy } from '@callgate/policy';
import type { CheckedItem, Drift, ManifestCheck } from '@callgate/registry';

/** A place of a policy that a drift is about. */
export interface Touch {
  /** JSON pointer into the policy document. */
  readonly rule: string;
  readonly line: number | null;
}

/** An item that drifted, and what of a policy it touches. */
export interface DriftedItem {
  readonly item: CheckedItem;
  readonly touches: readonly Touch[];
}

/** How one server drifted. */
export interface ServerReport {
  readonly server: string;
  readonly isLocked: boolean;
  /** All items, drifted or not. */
  readonly itemCount: number;
  readonly serverDrifts: readonly Drift[];
  readonly drifted: readonly DriftedItem[];
}

/** What a check comes to for people; items that were not looked at are left out. */
export function reportOf(check: ManifestCheck, policy?: CompiledPolicy): ServerReport {
  const isTold = ({ drifts }: CheckedItem): boolean => drifts.some((drift) => drift.class !== 'unseen');
  return {
    server: check.server,
    isLocked: check.isLocked,
    itemCount: check.items.length,
    serverDrifts: check.serverDrifts,
    drifted: check.items
      .filter(isTold)
      .map((item) => ({ item, touches: policy === undefined ? [] : touchesOf(policy, check.server, item) })),
  };
}

/** All drifts of a server and its items. */
export function allDrifts({ serverDrifts, drifted }: ServerReport): readonly Drift[] {
  return [...serverDrifts, ...drifted.flatMap(({ item }) => item.drifts)];
}

/** The entries that judge a call of the tool, the rules that have something to say of it, and the arguments that changed. */
function touchesOf(policy: CompiledPolicy, server: string, item: CheckedItem): readonly Touch[] {
  const known = policy.servers.get(server);
  if (item.kind !== 'tool' || known === undefined) return [];
  const names = item.renamedFrom === null ? [item.name] : [item.name, item.renamedFrom];
  const places = names.flatMap((name) => {
    const call = (args: JsonObject): Call => ({
      server,
      identity: known.identity ?? undefined,
      direction: 'client-to-server',
      method: 'tools/call',
      params: { name, arguments: args },
      principal: {},
    });
    const refused = explain(policy, call({}), ALONE);
    // A rule has nothing to say of a call that its entry refuses anyway.
    const { rules } = refused.passing === undefined ? refused : explain(policy, call(refused.passing), ALONE);
    return [...refused.entries, ...refused.rules, ...rules].flatMap(({ rule }) =>
      argumentPlaces(policy, rule, item).toSpliced(0, 0, rule),
    );
  });
  return Array.from(new Set(places), (rule) => ({ rule, line: policy.locate(rule)?.line ?? null }));
}

const ALONE = { history: IGNORED_HISTORY } as const;

/** The arguments of an envelope that a drifted schema is about. */
function argumentPlaces(policy: CompiledPolicy, rule: string, { drifts }: CheckedItem): readonly string[] {
  const entry = resolvePointer(policy.document as unknown as JsonValue, parsePointer(rule));
  const envelope = isJsonObject(entry) ? own(entry, 'arguments') : undefined;
  if (!isJsonObject(envelope)) return [];
  return drifts.flatMap(({ pointer }) => {
    const [schema, properties, argument] = pointer.split('/').slice(1);
    const isArgument = schema === 'inputSchema' && properties === 'properties' && argument !== undefined;
    const [name] = isArgument ? parsePointer(`/${argument}`) : [];
    return name === undefined || own(envelope, name) === undefined ? [] : [`${rule}/arguments/${argument}`];
  });
}
