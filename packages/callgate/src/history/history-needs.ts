import type { CompiledPolicy } from '@callgate/policy';

import type { Exchange } from '../connection/exchange.ts';
import type { Link } from '../connection/link.ts';

/** What of an answer the controls of a policy look at. The rest is not computed. */
export interface HistoryNeeds {
  /** Whether any control counts anything at all. */
  readonly any: boolean;
  /** Whether the policy says what calls cost. */
  readonly costs: boolean;
  readonly digest: boolean;
  readonly rows: boolean;
  readonly tokens: boolean;
  /** The structured result, for costs and ids of plans. */
  readonly result: boolean;
  /** Whether some tools' calls happen once for each key. */
  readonly keys: boolean;
  /** Labels and fingerprints of what the answer holds. */
  readonly flows: boolean;
}

/** The policy that a call was decided by: how it ends is counted by that one, whatever is in force by then. */
export function policyOf(link: Link, { asked }: Exchange): CompiledPolicy {
  return asked?.policy ?? link.gate.policy;
}

const known = new WeakMap<CompiledPolicy, HistoryNeeds>();

/** What a policy's controls look at; the same object each time. */
export function historyNeeds(policy: CompiledPolicy): HistoryNeeds {
  let needs = known.get(policy);
  if (needs === undefined) {
    needs = Object.freeze(needsOf(policy));
    known.set(policy, needs);
  }
  return needs;
}

function needsOf({ document }: CompiledPolicy): HistoryNeeds {
  const { meters = [], breakers = [], flows = [], servers } = document;
  const tools = Object.values(servers).flatMap((server) => Object.values(server.tools ?? {}));
  const costs = [...Object.values(servers), ...tools].flatMap(({ cost }) => cost ?? []);
  const planned = tools.some(({ plan, apply }) => (plan ?? apply) !== undefined);
  const keys = tools.some(({ idempotency }) => idempotency !== undefined);
  return {
    any: meters.length + breakers.length + flows.length > 0 || planned || keys,
    keys,
    costs: costs.length > 0,
    digest: breakers.some(({ on }) => on === 'same result'),
    rows: meters.some(({ sum }) => sum === 'rows'),
    tokens: meters.some(({ sum }) => sum === 'tokens'),
    result:
      tools.some(({ plan }) => plan !== undefined) ||
      costs.some((cost) => typeof cost === 'object' && cost.at !== undefined),
    flows: flows.length > 0,
  };
}
